import { frameHeaderBytes, revisionBytes } from '../core/protocol/limits.ts';
import { messageType } from '../core/protocol/messages.ts';
import { shortHeader, shortHeaderBytes, shortMessageBytesMax } from '../core/protocol/websocket-header.ts';
import type { PlacedFrame } from '../ports/placed-frame.ts';

const slabBytesDefault = 4 * 65_536;
/** For a few bytes a loop is cheaper than a view and the call that copies it. */
const handCopiedMax = 48;

/** Where frames are put as they are unmasked, or come out of a stream, one behind the other, each as a WebSocket server sends
 *  it on: what goes to others unchanged needs no copy, and what leaves together lies together. No place is ever used twice, and
 *  a slab is gone when nobody holds any of its frames. Behind a short SET is room for the revision that it leaves with. */
export class FrameSlab {
  readonly #slabBytes: number;
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  constructor(slabBytes = slabBytesDefault) {
    this.#slabBytes = slabBytes;
  }

  /** @param masked `size` masked bytes from `at` on, behind the four of their mask
   *  @see RFC 6455 5.3 */
  unmask(masked: DataView, at: number, size: number): PlacedFrame {
    const start = this.#begin(size);
    const view = this.#view;
    const mask = masked.getUint32(at - 4);
    const end = start + size;
    let to = start;
    let next = at;
    for (; to + 4 <= end; to += 4, next += 4) view.setUint32(to, masked.getUint32(next) ^ mask);
    for (let shift = 24; to < end; to++, next++, shift -= 8)
      view.setUint8(to, masked.getUint8(next) ^ (mask >>> shift));
    return this.#settle(start, end);
  }

  /** @param bytes the frame from `at` on, unmasked */
  copy(bytes: Uint8Array, at: number, size: number): PlacedFrame {
    const start = this.#begin(size);
    const own = this.#bytes;
    if (size > handCopiedMax) own.set(bytes.subarray(at, at + size), start);
    else for (let i = 0; i < size; i++) own[start + i] = bytes[at + i] ?? 0;
    return this.#settle(start, start + size);
  }

  /** @returns where the frame is to be put; the bytes before it are for its header */
  #begin(size: number): number {
    return this.#take(shortHeaderBytes + size + revisionBytes) + shortHeaderBytes;
  }

  #settle(start: number, end: number): PlacedFrame {
    const size = end - start;
    const isShort = size <= shortMessageBytesMax;
    const from = start - shortHeaderBytes;
    if (isShort) this.#view.setUint16(from, shortHeader(size));
    const isSet = this.#bytes[start + frameHeaderBytes] === messageType.set;
    const room = isSet && size + revisionBytes <= shortMessageBytesMax ? revisionBytes : 0;
    this.#used = end + room;
    return { slab: this.#bytes, from: isShort ? from : start, start, end, room };
  }

  /** @returns where so many bytes are free */
  #take(size: number): number {
    if (this.#used + size > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.max(this.#slabBytes, size));
      this.#view = new DataView(this.#bytes.buffer);
      this.#used = 0;
    }
    return this.#used;
  }
}

/** of all readers: what came from several peers leaves together too */
export const arrivalSlab = new FrameSlab();
