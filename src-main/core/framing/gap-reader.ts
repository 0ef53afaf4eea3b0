import type { FrameEvents, FrameReader } from './frame-reader.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** Messages with silence behind each. */
export class GapReader implements FrameReader {
  readonly #bytesMax: number;
  readonly #events: FrameEvents;
  readonly #bytes = new GrowingBytes();
  #isTooLong = false;

  constructor(bytesMax: number, events: FrameEvents) {
    this.#bytesMax = bytesMax;
    this.#events = events;
  }

  read(chunk: Uint8Array): void {
    if (this.#isTooLong) return;
    if (this.#bytes.size + chunk.length <= this.#bytesMax) return this.#bytes.append(chunk);
    this.#isTooLong = true;
    this.#bytes.clear();
    this.#events.onFault('too-long');
  }

  pause(): void {
    this.#isTooLong = false;
    if (this.#bytes.size > 0) this.#events.onFrame(this.#bytes.view, 0);
    this.#bytes.clear();
  }
}
