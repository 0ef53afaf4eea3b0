import { countLeftOut, formatLeftOut, type LeftOut } from '../../protocol/left-out.ts';
import { messageType } from '../../protocol/messages.ts';
import type { DropReason } from '../counters.ts';
import { errorNumber } from '../requests/refusal.ts';
import { SharedFrame, type Shedding } from './shared-frame.ts';

export interface HeldLimits {
  readonly outboxMessagesMax: number;
  readonly outboxBytesMax: number;
  /** Newer frames take the place of older ones from the first on, and nobody is told: the wire is slow, and known to be. */
  readonly yieldsAtOnce?: boolean;
}

type Yielding = Extract<Shedding, `newest-${string}`>;

/** The part of the bounds from which on a newer frame takes the place of the older: first what flows anyway, then what a
 *  finger draws, then what a param was for a moment. */
const yieldsFrom: Readonly<Record<Yielding, number>> = {
  'newest-sample': 0,
  'newest-batch': 1 / 4,
  'newest-move': 1 / 8,
  'newest-value': 1 / 4,
};

const reasonOf: Readonly<Record<Yielding, DropReason>> = {
  'newest-sample': 'sample',
  'newest-batch': 'sample',
  'newest-move': 'move',
  'newest-value': 'value',
};

const nothing: LeftOut = { samples: 0, moves: 0, values: 0 };

/** What waits for a slow peer, in order. A newer stream sample takes the place of the older one of its address; so does,
 *  from an eighth of the bounds on, the move of a finger, and from a quarter on a param's value or a batch of samples. At the
 *  bounds all samples go, then all moves. Nothing else is ever left out. */
export class HeldFrames {
  readonly #limits: HeldLimits;
  readonly #onShed: (reason: DropReason, count: number) => void;
  /** by a number of its own, in the order of sending */
  readonly #frames = new Map<number, SharedFrame>();
  /** the frames that something newer may take the place of, by what they are about */
  readonly #newest = new Map<string, number>();
  #key = 0;
  #sizeBytes = 0;
  #leftOut = nothing;

  constructor(limits: HeldLimits, onShed: (reason: DropReason, count: number) => void) {
    this.#limits = limits;
    this.#onShed = onShed;
  }

  get count(): number {
    return this.#frames.size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** the number of the first that waits: frames are numbered as they come, from 0 */
  get oldest(): number {
    const [oldest = this.#key] = this.#frames.keys();
    return oldest;
  }

  /** that the next one gets */
  get nextNumber(): number {
    return this.#key;
  }

  /** since the peer was told last */
  get leftOut(): LeftOut {
    return this.#leftOut;
  }

  /** More than may wait. */
  get isOver(): boolean {
    return this.#isPast(1);
  }

  add(frame: SharedFrame): void {
    const { shedding } = frame;
    // What a finger did in one gesture must not be taken for what it did in the next.
    if (shedding === 'ends-moves') this.#newest.delete(subjectOf(frame));
    const mayYield = isYielding(shedding) && (this.#limits.yieldsAtOnce || this.#isPast(yieldsFrom[shedding]));
    if (mayYield) this.#takePlace(subjectOf(frame), shedding);
    this.#frames.set(this.#key++, frame.keep());
    this.#sizeBytes += frame.size;
    if (this.isOver) this.#shedAll('newest-sample');
    if (this.isOver) this.#shedAll('newest-batch');
    if (this.isOver) this.#shedAll('newest-move');
  }

  /** The first frames of up to `bytes` together, at least one if there is any. What was left out is told before them. */
  first(bytes: number): readonly SharedFrame[] {
    const frames: SharedFrame[] = this.#isOwingNotice ? [noticeOf(this.#leftOut)] : [];
    let sizeBytes = frames[0]?.size ?? 0;
    for (const frame of this.#frames.values()) {
      sizeBytes += frame.size;
      if (sizeBytes > bytes && frames.length > 0) break;
      frames.push(frame);
    }
    return frames;
  }

  /** Takes the first `count` out, as `first` gave them. */
  remove(count: number): void {
    let left = count;
    if (left > 0 && this.#isOwingNotice) {
      this.#leftOut = nothing;
      left--;
    }
    for (const key of this.#frames.keys()) {
      if (left-- <= 0) return;
      this.#drop(key);
    }
  }

  clear(): void {
    this.#frames.clear();
    this.#newest.clear();
    this.#sizeBytes = 0;
    this.#leftOut = nothing;
  }

  get #isOwingNotice(): boolean {
    return countLeftOut(this.#leftOut) > 0;
  }

  #takePlace(subject: string, shedding: Yielding): void {
    const older = this.#newest.get(subject);
    if (older !== undefined && this.#drop(older)) {
      if (this.#limits.yieldsAtOnce) this.#onShed(reasonOf[shedding], 1);
      else this.#count(shedding, 1);
    }
    this.#newest.set(subject, this.#key);
  }

  #shedAll(shedding: Yielding): void {
    let shed = 0;
    for (const [key, frame] of this.#frames) if (frame.shedding === shedding && this.#drop(key)) shed++;
    if (shed > 0) this.#count(shedding, shed);
  }

  #count(shedding: Yielding, count: number): void {
    const { samples, moves, values } = this.#leftOut;
    this.#leftOut = {
      samples: samples + (shedding === 'newest-sample' || shedding === 'newest-batch' ? count : 0),
      moves: moves + (shedding === 'newest-move' ? count : 0),
      values: values + (shedding === 'newest-value' ? count : 0),
    };
    this.#onShed(reasonOf[shedding], count);
  }

  #isPast(part: number): boolean {
    const { outboxMessagesMax, outboxBytesMax } = this.#limits;
    return part === 0 || this.#frames.size > outboxMessagesMax * part || this.#sizeBytes > outboxBytesMax * part;
  }

  /** @returns whether it was still there */
  #drop(key: number): boolean {
    const frame = this.#frames.get(key);
    if (!frame) return false;
    this.#frames.delete(key);
    this.#sizeBytes -= frame.size;
    if (!isYielding(frame.shedding)) return true;
    const subject = subjectOf(frame);
    if (this.#newest.get(subject) === key) this.#newest.delete(subject);
    return true;
  }
}

function isYielding(shedding: Shedding): shedding is Yielding {
  return shedding !== 'keep' && shedding !== 'ends-moves';
}

/** What a frame is about: a newer one about the same says all that the older did. */
function subjectOf({ shedding, address, finger }: SharedFrame): string {
  if (shedding === 'newest-sample') return `sample ${address}`;
  if (shedding === 'newest-batch') return `batch ${address}`;
  return shedding === 'newest-value' ? `value ${address}` : `move ${finger} ${address}`;
}

function noticeOf(leftOut: LeftOut): SharedFrame {
  return new SharedFrame({ type: messageType.error, code: errorNumber.overloaded, message: formatLeftOut(leftOut) });
}
