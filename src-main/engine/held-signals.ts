import type { Address } from '../contract/address.ts';
import { showLimits, type Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';

/** What the outputs of a bridge stood on when it closed. */
export interface Held {
  readonly signals: readonly Signal[];
  /** when it last heard the router: params written later it did not have */
  readonly at: Micros;
}

/** Keeps what closed bridges held, for those that follow them under the same id and prefix: a lamp that a stream has set
 *  has its level from nobody else. */
export interface HeldSignals {
  /** Replaces what the bridge held before. */
  keep(settings: BridgeSettings, held: Held): void;
  of(settings: BridgeSettings): Held | undefined;
  /** Another show begins. */
  forget(): void;
}

/** Bridges whose signals are kept, those that the show no longer has included; beyond, the longest closed is forgotten. */
export const heldBridgesMax = showLimits.bridges;

export function createHeldSignals(): HeldSignals {
  const kept = new Map<string, { prefix: string; held: Held }>();
  return {
    keep: ({ id, settings: { prefix } }, held) => {
      kept.delete(id);
      kept.set(id, { prefix, held });
      const [oldest] = kept.keys();
      if (kept.size > heldBridgesMax && oldest !== undefined) kept.delete(oldest);
    },
    of: ({ id, settings: { prefix } }) => {
      const found = kept.get(id);
      return found?.prefix === prefix ? found.held : undefined;
    },
    forget: () => kept.clear(),
  };
}

export type WrittenAt = (address: Address) => Micros | undefined;

/** Oldest first by the time each was written; one without a time counts as oldest. */
export function inOrderOfWriting(params: readonly Signal[], writtenAt: WrittenAt): readonly Signal[] {
  return params
    .map((signal) => ({ signal, at: writtenAt(signal.address) ?? 0 }))
    .sort((left, right) => left.at - right.at)
    .map(({ signal }) => signal);
}

/** What a bridge that comes up is given, newest last: params its predecessor had, what that held, and params since.
 *  @param params in the order of their writing */
export function signalsToResume(params: readonly Signal[], held: Held | undefined, writtenAt: WrittenAt): Signal[] {
  if (!held) return [...params];
  const isNewer = ({ address }: Signal): boolean => (writtenAt(address) ?? 0) > held.at;
  return [...params.filter((param) => !isNewer(param)), ...held.signals, ...params.filter(isNewer)];
}
