import type { FrameEvents, FrameReader } from './frame-reader.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** What the bytes from here on begin: a message of so many bytes, of which the head is the first; what is too little to tell; or
 *  what is no message. */
export type Begun =
  { readonly sizeBytes: number; readonly headBytes: number } | 'more' | { readonly fault: 'bad-length' | 'too-long' };

export interface SizedOptions {
  /** what every message begins with; may be empty */
  readonly start: Uint8Array;
  readonly begun: (bytes: Uint8Array) => Begun;
  /** silence is told with `pause` */
  readonly hasPauses: boolean;
}

/** Messages whose size is known from their beginning. After noise the next is found by what messages begin with, or by the silence
 *  before it. */
export class SizedReader implements FrameReader {
  readonly #options: SizedOptions;
  readonly #events: FrameEvents;
  readonly #bytes = new GrowingBytes();
  #isSkipping = false;
  /** nothing tells where the next begins until silence comes */
  #isLost = false;

  constructor(options: SizedOptions, events: FrameEvents) {
    this.#options = options;
    this.#events = events;
  }

  read(chunk: Uint8Array): void {
    if (this.#isLost) return;
    this.#bytes.append(chunk);
    const bytes = this.#bytes.view;
    let at = 0;
    while (at < bytes.length) {
      const used = this.#readAt(bytes.subarray(at));
      if (used === 0) break;
      at += used;
    }
    this.#bytes.drop(at);
  }

  pause(): void {
    if (this.#bytes.size > 0) this.#events.onFault('cut-short');
    this.#bytes.clear();
    this.#isLost = false;
    this.#isSkipping = false;
  }

  /** @returns how many bytes are done with; 0 when more have to come */
  #readAt(bytes: Uint8Array): number {
    const { start, begun } = this.#options;
    const from = this.#findStart(bytes);
    if (from > 0) return from;
    if (bytes.length < start.length) return 0;
    const message = begun(bytes);
    if (message === 'more') return 0;
    if ('fault' in message) return this.#refuse(message.fault, bytes.length);
    if (bytes.length < message.sizeBytes) return 0;
    const isGood = this.#events.onFrame(bytes.subarray(0, message.sizeBytes), message.headBytes);
    this.#isSkipping = !isGood;
    return isGood || start.length === 0 ? message.sizeBytes : 1;
  }

  /** @returns how many bytes are before what may be a beginning */
  #findStart(bytes: Uint8Array): number {
    const { start } = this.#options;
    if (start.length === 0) return 0;
    let at = 0;
    while (at < bytes.length && !begins(bytes, at, start)) at++;
    if (at > 0 && !this.#isSkipping) {
      this.#isSkipping = true;
      this.#events.onFault('skipped');
    }
    return at;
  }

  #refuse(fault: 'bad-length' | 'too-long', sizeBytes: number): number {
    this.#events.onFault(fault);
    if (this.#options.start.length > 0) {
      this.#isSkipping = true;
      return 1;
    }
    this.#isLost = this.#options.hasPauses;
    return sizeBytes;
  }
}

/** Whether a start, or as much of it as is there, stands at a place. */
function begins(bytes: Uint8Array, at: number, start: Uint8Array): boolean {
  for (let i = 0; i < start.length && at + i < bytes.length; i++) if (bytes[at + i] !== start[i]) return false;
  return true;
}
