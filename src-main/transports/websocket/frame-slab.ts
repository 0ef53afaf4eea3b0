import { frameHeaderBytes, revisionBytes } from '../../core/protocol/limits.ts';
import { messageType } from '../../core/protocol/messages.ts';
import { shortHeader, shortHeaderBytes, shortMessageBytesMax } from '../../core/protocol/websocket-header.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';

const slabBytesDefault = 4 * 65_536;

/** Where frames are put as they are unmasked, one behind the other, each as a server sends it on: what goes to others
 *  unchanged needs no copy, and what leaves together lies together. No place is ever used twice, and a slab is gone when
 *  nobody holds any of its frames. Behind a short SET is room for the revision that it leaves with. */
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
    const isShort = size <= shortMessageBytesMax;
    const from = this.#take(size + shortHeaderBytes + revisionBytes);
    const start = from + shortHeaderBytes;
    const view = this.#view;
    if (isShort) view.setUint16(from, shortHeader(size));
    const mask = masked.getUint32(at - 4);
    const end = start + size;
    let to = start;
    let next = at;
    for (; to + 4 <= end; to += 4, next += 4) view.setUint32(to, masked.getUint32(next) ^ mask);
    for (let shift = 24; to < end; to++, next++, shift -= 8)
      view.setUint8(to, masked.getUint8(next) ^ (mask >>> shift));
    const isSet = view.getUint8(start + frameHeaderBytes) === messageType.set;
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
