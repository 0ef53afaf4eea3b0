import type { FrameEvents, FrameReader } from './frame-reader.ts';
import { GrowingBytes } from './growing-bytes.ts';

const blockMax = 254;

/** @returns the frame with no zero in it, and the zero that ends it
 *  @see Cheshire and Baker, Consistent Overhead Byte Stuffing */
export function encodeCobs(frame: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(encodedMax(frame.length) + 1);
  let codeAt = 0;
  let at = 1;
  let code = 1;
  const endBlock = (): void => {
    encoded[codeAt] = code;
    codeAt = at++;
    code = 1;
  };
  for (const [i, byte] of frame.entries()) {
    if (byte !== 0) {
      encoded[at++] = byte;
      code++;
    }
    // A full block that ends the frame is followed by none.
    if (byte === 0 || (code === blockMax + 1 && i < frame.length - 1)) endBlock();
  }
  encoded[codeAt] = code;
  encoded[at] = 0;
  return encoded.subarray(0, at + 1);
}

/** @param encoded without the zero that ends it
 *  @returns the frame; undefined when it is none */
export function decodeCobs(encoded: Uint8Array): Uint8Array | undefined {
  const frame = new Uint8Array(encoded.length);
  let size = 0;
  for (let at = 0; at < encoded.length;) {
    const code = encoded[at] ?? 0;
    if (code === 0 || at + code > encoded.length) return undefined;
    const block = encoded.subarray(at + 1, at + code);
    if (block.includes(0)) return undefined;
    frame.set(block, size);
    size += block.length;
    at += code;
    // The zero behind the last block is not of the frame.
    if (code <= blockMax && at < encoded.length) frame[size++] = 0;
  }
  return frame.subarray(0, size);
}

/** Finds COBS frames in a stream, however it is cut. */
export class CobsReader implements FrameReader {
  readonly #bytesMax: number;
  readonly #events: FrameEvents;
  readonly #bytes = new GrowingBytes();
  #isTooLong = false;

  constructor(bytesMax: number, events: FrameEvents) {
    this.#bytesMax = bytesMax;
    this.#events = events;
  }

  read(chunk: Uint8Array): void {
    for (const byte of chunk) this.#take(byte);
  }

  pause(): void {
    // Zeros alone end a frame.
  }

  #take(byte: number): void {
    if (byte === 0) return this.#finish();
    if (this.#isTooLong) return;
    if (this.#bytes.size < encodedMax(this.#bytesMax)) return this.#bytes.add(byte);
    this.#isTooLong = true;
    this.#events.onFault('too-long');
  }

  #finish(): void {
    const { view } = this.#bytes;
    const frame = this.#isTooLong || view.length === 0 ? undefined : decodeCobs(view);
    if (!this.#isTooLong && view.length > 0 && !frame) this.#events.onFault('malformed');
    if (frame && frame.length > this.#bytesMax) this.#events.onFault('too-long');
    else if (frame && frame.length > 0) this.#events.onFrame(frame, 0);
    this.#isTooLong = false;
    this.#bytes.clear();
  }
}

function encodedMax(sizeBytes: number): number {
  return sizeBytes + Math.floor(sizeBytes / blockMax) + 1;
}
