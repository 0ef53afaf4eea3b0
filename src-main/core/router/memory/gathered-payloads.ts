import type { PlacedFrame } from '../../../ports/placed-frame.ts';
import { frameBytesMax, frameHeaderBytes } from '../../protocol/limits.ts';

/** Payloads on bytes of their own, each from its start up to its end; between them lies what is of no meaning. */
export interface Payloads {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** What lies between two frames that were encoded one after the other: the header of a WebSocket message and their own. */
const gapBytes = 2 + frameHeaderBytes;

/** The payloads of some frames. They are noted where they lie, since the frames were encoded for their receivers anyway, and
 *  copied later, all that lie side by side in one go. Of what others encoded no more than one slab is held meanwhile. */
export class GatheredPayloads {
  readonly #countMax: number;
  readonly #bytes = new Uint8Array(frameBytesMax);
  #bytesUsed = 0;
  /** with all gaps */
  #sizeAtMost = 0;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  #count = 0;
  /** how many of them are copied: their places are those in `#bytes`, of all others those in `#slab` */
  #copied = 0;
  #slab: Uint8Array | undefined;

  constructor(countMax: number) {
    this.#countMax = countMax;
    this.#starts = new Uint32Array(countMax);
    this.#ends = new Uint32Array(countMax);
  }

  get count(): number {
    return this.#count;
  }

  /** There is always room for one. */
  hasRoomFor({ start, end }: PlacedFrame): boolean {
    const sizeAtMost = this.#sizeAtMost + gapBytes + end - start - frameHeaderBytes;
    return this.#count === 0 || (this.#count < this.#countMax && sizeAtMost <= frameBytesMax);
  }

  /** @param frame without a timestamp, for which there is room
   *  @returns how many were there before it */
  add({ slab, start, end }: PlacedFrame): number {
    if (slab !== this.#slab) {
      this.gather();
      this.#slab = slab;
    }
    this.#sizeAtMost += gapBytes + end - start - frameHeaderBytes;
    this.#starts[this.#count] = start + frameHeaderBytes;
    this.#ends[this.#count] = end;
    return this.#count++;
  }

  /** Copies those that lie elsewhere still. @returns bytes of all, with what lies between them */
  gather(): number {
    const slab = this.#slab;
    this.#slab = undefined;
    while (slab && this.#copied < this.#count) this.#copyRun(slab, this.#copied);
    return this.#bytesUsed;
  }

  /** Hands over what was gathered; from now on there is nothing. */
  moveTo({ bytes, starts, ends }: Payloads): void {
    bytes.set(this.#bytes.subarray(0, this.#bytesUsed));
    starts.set(this.#starts.subarray(0, this.#count));
    ends.set(this.#ends.subarray(0, this.#count));
    this.#bytesUsed = this.#sizeAtMost = this.#count = this.#copied = 0;
  }

  #copyRun(slab: Uint8Array, first: number): void {
    const next = this.#endOfRun(first);
    const from = this.#starts[first] ?? 0;
    const to = this.#ends[next - 1] ?? 0;
    this.#bytes.set(slab.subarray(from, to), this.#bytesUsed);
    const moved = this.#bytesUsed - from;
    for (let i = first; i < next; i++) {
      this.#starts[i] = (this.#starts[i] ?? 0) + moved;
      this.#ends[i] = (this.#ends[i] ?? 0) + moved;
    }
    this.#bytesUsed += to - from;
    this.#copied = next;
  }

  /** @returns the place behind the last of those that lie side by side with the one at `first` */
  #endOfRun(first: number): number {
    let next = first + 1;
    while (next < this.#count && (this.#starts[next] ?? 0) - (this.#ends[next - 1] ?? 0) === gapBytes) next++;
    return next;
  }
}
