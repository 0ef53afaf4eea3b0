import { matcherOf, type Address, type Pattern } from '../../../contract/address.ts';
import type { PlacedFrame } from '../../../ports/placed-frame.ts';
import { maskOf } from '../../protocol/enumerations.ts';
import type { PastSignals } from './history.ts';
import { SignalLane, type Heard, type Incoming, type Kept, type LaneQuery } from './signal-lane.ts';

export interface RecentLimits {
  /** signals remembered, and bytes of them: half of each for what flows, half for the rest; 0 for none */
  readonly recentMax: number;
  readonly recentBytesMax: number;
}

export interface RecentQuery extends LaneQuery {
  readonly pattern: Pattern;
}

/** streams and gestures: however many come, no event is forgotten for them */
const flowing = maskOf(['stream', 'gesture']);

/** What the router accepted last, in memory, for subscribers that ask for the past. */
export class RecentSignals {
  readonly #flowing: SignalLane;
  readonly #lasting: SignalLane;
  /** nothing is remembered */
  readonly isOff: boolean;
  #order = 0;
  #newest = 0;

  /** @param beganAt µs; nothing from before is here */
  constructor({ recentMax, recentBytesMax }: RecentLimits, beganAt: number) {
    const limits = { countMax: recentMax / 2, bytesMax: recentBytesMax / 2 };
    const nextOrder = (): number => this.#order++;
    this.#flowing = new SignalLane(limits, beganAt, nextOrder);
    this.#lasting = new SignalLane(limits, beganAt, nextOrder);
    this.isOff = recentMax === 0 || recentBytesMax === 0;
    this.#newest = beganAt;
  }

  /** @param frame undefined for what is not to be remembered
   *  @param at µs, not before that of the one before */
  add(frame: PlacedFrame | undefined, incoming: Incoming, at: number): void {
    this.#newest = at;
    if (!frame || this.isOff) return;
    const lane = (incoming.bit & flowing) === 0 ? this.#lasting : this.#flowing;
    lane.add(frame, incoming, at);
  }

  /** Up to this time, in µs, some of these kinds may be missing; all that came later are here. */
  missingUpTo(mask: number): number {
    return this.isOff ? this.#newest : Math.max(...this.#lanesOf(mask).map((lane) => lane.missingUpTo));
  }

  /** The newest that are asked for, oldest first, on bytes of their own. */
  read(query: RecentQuery): PastSignals {
    const covers = remembering(matcherOf(query.pattern));
    const found = this.#lanesOf(query.mask).flatMap((lane) => lane.newest(query, covers));
    found.sort((left, right) => right.order - left.order);
    return packed(cut(found, query).reverse());
  }

  /** The addresses under which these kinds were heard, one lane after the other; see `SignalLane.heard`. */
  *heard(mask: number): Generator<Heard | undefined, undefined> {
    for (const lane of this.#lanesOf(mask)) yield* lane.heard(mask);
    return undefined;
  }

  #lanesOf(mask: number): readonly SignalLane[] {
    const isFlowing = (mask & flowing) !== 0;
    return isFlowing && (mask & ~flowing) !== 0
      ? [this.#flowing, this.#lasting]
      : [isFlowing ? this.#flowing : this.#lasting];
  }
}

/** The same addresses stand in many chunks. */
function remembering(covers: (address: Address) => boolean): (address: Address) => boolean {
  const known = new Map<Address, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const isCovered = covers(address);
    known.set(address, isCovered);
    return isCovered;
  };
}

function cut(found: readonly Kept[], { limit, bytesMax }: LaneQuery): Kept[] {
  let sizeBytes = 0;
  let count = 0;
  for (const { start, end } of found) {
    if (count === limit || sizeBytes >= bytesMax) break;
    sizeBytes += end - start;
    count++;
  }
  return found.slice(0, count);
}

function packed(signals: readonly Kept[]): PastSignals {
  const bytes = new Uint8Array(signals.reduce((sum, { start, end }) => sum + end - start, 0));
  const ends = new Uint32Array(signals.length);
  const times = new Float64Array(signals.length);
  let filled = 0;
  signals.forEach((signal, i) => {
    // By hand: most are a few bytes, for which a view would cost more than the copy.
    for (let at = signal.start; at < signal.end; at++) bytes[filled++] = signal.bytes[at] ?? 0;
    ends[i] = filled;
    times[i] = signal.at;
  });
  return { bytes, ends, times };
}
