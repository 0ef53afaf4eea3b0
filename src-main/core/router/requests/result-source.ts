import { isExact, matches, type Address, type Pattern } from '../../../contract/address.ts';
import type { FrameOptions } from '../../protocol/frame.ts';
import { codeOfKind, maskOf } from '../../protocol/enumerations.ts';
import { payloadBytesMax } from '../../protocol/limits.ts';
import { messageType, type ResultMessage } from '../../protocol/messages.ts';
import { utf8Size } from '../../protocol/utf8.ts';
import type { AnnouncedSignals } from '../state/announced-signals.ts';
import { ChunkedSource } from '../delivery/chunked-source.ts';
import type { FrameSource } from '../delivery/outbox.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';
import type { RecentSignals } from '../memory/recent-signals.ts';
import type { ValueTable } from '../state/value-table.ts';

type ResultSignal = ResultMessage['signals'][number];

export interface ResultOptions {
  readonly announced: AnnouncedSignals;
  readonly table: ValueTable;
  /** where there are timelines */
  readonly timelines: Iterable<Address>;
  readonly recent: Pick<RecentSignals, 'heard'>;
  readonly pattern: Pattern;
  /** of every frame */
  readonly header?: FrameOptions | undefined;
  readonly frameBytesMax: number;
  readonly scanPerTurnMax: number;
}

/** What lives only as long as it is heard. */
const passingKinds = ['event', 'stream', 'gesture'] as const;
const passing = maskOf(passingKinds);

/** RESULT frames for a QUERY: what was announced, then what lives without announcement: params, timelines, and the events,
 *  streams and gestures that memory has. At least one frame. */
export function createResultSource(options: ResultOptions): FrameSource {
  return new ChunkedSource<ResultSignal>({
    items: search(options),
    sizeOf,
    frameOf: (signals) => new SharedFrame({ type: messageType.result, signals }, options.header),
    evenIfEmpty: true,
    // Type byte and count.
    bytesMax: Math.min(payloadBytesMax, options.frameBytesMax - 12) - 3,
    itemsMax: 0xffff,
    scanPerTurnMax: options.scanPerTurnMax,
  });
}

function* search(options: ResultOptions): Generator<ResultSignal | undefined, undefined> {
  const { announced, table, timelines, pattern } = options;
  for (const signal of announced.signals()) {
    yield isAsked(pattern, signal.address) ? signal : undefined;
  }
  for (const { address } of table.records()) {
    yield !announced.get(address) && matches(pattern, address) ? { address, kind: 'param' } : undefined;
  }
  for (const address of timelines) {
    const isAnnounced = announced.get(address)?.kind === 'timeline';
    yield !isAnnounced && matches(pattern, address) ? { address, kind: 'timeline' } : undefined;
  }
  yield* heard(options);
  return undefined;
}

function* heard({ announced, recent, pattern }: ResultOptions): Generator<ResultSignal | undefined, undefined> {
  for (const one of recent.heard(passing)) {
    if (!one || !matches(pattern, one.address)) {
      yield undefined;
      continue;
    }
    const { address, bits } = one;
    const announcedAs = announced.get(address)?.kind;
    for (const kind of passingKinds) {
      const isNew = (bits & (1 << codeOfKind(kind))) !== 0 && kind !== announcedAs;
      yield isNew ? { address, kind } : undefined;
    }
  }
  return undefined;
}

/** What was announced by a pattern is found by its text, as in old routers, and by an address that it covers.
 *  @see CLASP-WIRE §7, QUERY */
function isAsked(pattern: Pattern, announced: string): boolean {
  if (matches(pattern, announced as Address)) return true;
  return isExact(pattern) && announced.includes('*') && matches(announced as Pattern, pattern as string as Address);
}

/** @see CLASP-WIRE §3, RESULT */
function sizeOf({ address, datatype, access }: ResultSignal): number {
  const options = [datatype, access].reduce((sum, text) => sum + (text === undefined ? 0 : 2 + utf8Size(text)), 0);
  return 2 + utf8Size(address) + 2 + options;
}
