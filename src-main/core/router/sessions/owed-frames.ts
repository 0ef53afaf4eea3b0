import type { SharedFrame } from '../delivery/shared-frame.ts';
import type { SharedRoom } from '../../bounds/shared-room.ts';

export interface OwedLimits {
  readonly owedMax: number;
  readonly owedBytesMax: number;
  /** in bytes, shared with the other clients */
  readonly room: SharedRoom;
}

/** What a frame takes in memory beside its bytes. Measured with Node 24: 491 for the frame, and what lists it. */
export const owedFrameBytes = 512;
/** frames that have arrived may lie before the others until there are so many */
const arrivedMax = 512;

/** What one client is to get without fail, numbered in the order of sending, until it says that it has arrived. Past its bounds
 *  the oldest go. */
export class OwedFrames {
  /** of the count: numbers of another one mean nothing here */
  readonly id: string;
  readonly #limits: OwedLimits;
  #frames: SharedFrame[] = [];
  /** the first of them that is still owed */
  #next = 0;
  #last = 0;
  #sizeBytes = 0;

  constructor(id: string, limits: OwedLimits) {
    this.id = id;
    this.#limits = limits;
    limits.room.enter();
  }

  /** The number of the newest frame. */
  get last(): number {
    return this.#last;
  }

  get count(): number {
    return this.#frames.length - this.#next;
  }

  add(frame: SharedFrame): void {
    const { owedMax, owedBytesMax, room } = this.#limits;
    this.#frames.push(frame.keep());
    this.#last++;
    this.#sizeBytes += sizeOf(frame);
    room.take(sizeOf(frame));
    while (this.count > owedMax || this.#sizeBytes > owedBytesMax || room.isTooMuch(this.#sizeBytes))
      this.#forgetFirst();
  }

  /** All up to this number have arrived. */
  arrived(number: number): void {
    while (this.count > 0 && this.#last - this.count < number) this.#forgetFirst();
  }

  /** What is still owed, in order, and fits into `bytesMax` each; what does not fit is forgotten. */
  fitting(bytesMax: number): readonly SharedFrame[] {
    const owed = this.#frames.slice(this.#next);
    const frames = owed.filter(({ size }) => size <= bytesMax);
    for (const frame of owed) if (frame.size > bytesMax) this.#giveBack(frame);
    this.#frames = frames;
    this.#next = 0;
    return [...frames];
  }

  /** Nothing is owed any more. */
  close(): void {
    this.#limits.room.leave(this.#sizeBytes);
    this.#frames = [];
    this.#next = 0;
    this.#sizeBytes = 0;
  }

  #forgetFirst(): void {
    const frame = this.#frames[this.#next++];
    if (frame) this.#giveBack(frame);
    if (this.#next < arrivedMax && this.count > 0) return;
    this.#frames.splice(0, this.#next);
    this.#next = 0;
  }

  #giveBack(frame: SharedFrame): void {
    this.#sizeBytes -= sizeOf(frame);
    this.#limits.room.giveBack(sizeOf(frame));
  }
}

function sizeOf({ size }: SharedFrame): number {
  return size + owedFrameBytes;
}
