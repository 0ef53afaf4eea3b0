import type { Address } from '../../contract/address.ts';
import type { LiveMapping } from '../../contract/live-events.ts';
import type { Mapping } from '../../contract/show.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { micros, microsToMillis, type Micros } from '../../contract/units.ts';
import { valueToShow } from './map-signal.ts';

export interface Passed {
  readonly mapping: Pick<Mapping, 'id'>;
  readonly signal: Signal;
  /** undefined when nothing was made of it */
  readonly targetAddress: Address | undefined;
  /** what the target has now */
  readonly target: Value | null;
  readonly refused: string | null;
  readonly arrivedAt: Micros;
  readonly now: Micros;
}

/** What a row shows of one signal that came to a mapping. */
export function liveOf({ mapping, signal, targetAddress, target, refused, arrivedAt, now }: Passed): LiveMapping {
  return {
    mappingId: mapping.id,
    source: valueToShow(signal),
    target,
    refused,
    sourceAddress: signal.address,
    targetAddress: targetAddress ?? null,
    kind: signal.kind,
    at: microsToMillis(now),
    count: 1,
    latencyMicros: micros(Math.max(0, now - arrivedAt)),
  };
}
