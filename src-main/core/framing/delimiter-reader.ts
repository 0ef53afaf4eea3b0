import type { FrameEvents, FrameReader } from './frame-reader.ts';
import { GrowingBytes } from './growing-bytes.ts';

const carriageReturn = 13;
const lineFeed = 10;

/** Messages with a mark behind each. Between two marks that meet there is none. */
export class DelimiterReader implements FrameReader {
  readonly #delimiter: Uint8Array;
  readonly #bytesMax: number;
  readonly #events: FrameEvents;
  readonly #bytes = new GrowingBytes();
  #isTooLong = false;

  /** @param delimiter empty for any line end */
  constructor(delimiter: Uint8Array, bytesMax: number, events: FrameEvents) {
    this.#delimiter = delimiter;
    this.#bytesMax = bytesMax;
    this.#events = events;
  }

  read(chunk: Uint8Array): void {
    for (const byte of chunk) this.#take(byte);
  }

  pause(): void {
    // Half a line may be finished later, as by a person who types.
  }

  #take(byte: number): void {
    if (this.#delimiter.length === 0 && (byte === carriageReturn || byte === lineFeed)) return this.#finish(0);
    this.#bytes.add(byte);
    if (this.#hasEnded(byte)) return this.#finish(this.#delimiter.length);
    const room = this.#bytesMax + Math.max(0, this.#delimiter.length - 1);
    if (this.#bytes.size <= room) return;
    if (!this.#isTooLong) this.#events.onFault('too-long');
    this.#isTooLong = true;
    // A mark that has begun is still found.
    this.#bytes.drop(this.#bytes.size - Math.max(0, this.#delimiter.length - 1));
  }

  #hasEnded(byte: number): boolean {
    const { length } = this.#delimiter;
    if (length === 0 || byte !== this.#delimiter[length - 1] || this.#bytes.size < length) return false;
    const tail = this.#bytes.view.subarray(this.#bytes.size - length);
    return this.#delimiter.every((each, i) => each === tail[i]);
  }

  #finish(markBytes: number): void {
    const frame = this.#bytes.view.subarray(0, this.#bytes.size - markBytes);
    const isWhole = !this.#isTooLong && frame.length > 0;
    if (isWhole && frame.length > this.#bytesMax) this.#events.onFault('too-long');
    else if (isWhole) this.#events.onFrame(frame, 0);
    this.#isTooLong = false;
    this.#bytes.clear();
  }
}
