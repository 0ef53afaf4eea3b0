import { EdgeFinder } from './edge-finder.ts';
import { ltcBits, ltcFrameOf, syncWord, type LtcFrame } from './ltc-frame.ts';

/** A frame that was heard, and where in the sound. */
export interface HeardLtcFrame extends LtcFrame {
  readonly backwards: boolean;
  /** where its last edge lies, in samples since the start: there the next frame begins, or the one before, backwards */
  readonly endSample: number;
  /** how long it took, in samples */
  readonly lengthSamples: number;
}

const forwardSync = Array.from(syncWord, Number);
const backwardSync = forwardSync.toReversed();

/** Reads LTC from samples at any speed that leaves two and a half samples to half a bit, forwards and backwards, whatever the
 *  level, the offset and the polarity. Bits that cannot be are dropped and it finds the next sync word by itself. */
export class LtcDecoder {
  readonly #onFrame: (frame: HeardLtcFrame) => void;
  readonly #edges: EdgeFinder;
  /** the newest 80 bits as a ring, and where each began */
  readonly #bits = new Uint8Array(ltcBits);
  readonly #begins = new Float64Array(ltcBits);
  #next = 0;
  #known = 0;
  /** of one bit, in samples; 0 while none was heard */
  #period = 0;
  /** whether a frame was read at it, and every stretch since fits */
  #isProven = false;
  #lastEdge = -1;
  /** where the first half of a one began */
  #halfFrom: number | undefined;
  #damaged = 0;

  /** @param sampleRate samples a second
   *  @param onFrame called within `feed` */
  constructor(sampleRate: number, onFrame: (frame: HeardLtcFrame) => void) {
    this.#onFrame = onFrame;
    this.#edges = new EdgeFinder(sampleRate, (at) => this.#edge(at));
  }

  /** frames with a sync word whose digits could not be */
  get damagedTotal(): number {
    return this.#damaged;
  }

  /** Samples since the start. */
  get position(): number {
    return this.#edges.position;
  }

  /** @param samples -1..1, of one channel; not kept */
  feed(samples: Float32Array): void {
    this.#edges.feed(samples);
  }

  #edge(at: number): void {
    const from = this.#lastEdge;
    this.#lastEdge = at;
    if (from < 0) return;
    const length = at - from;
    if (this.#period === 0 || length > this.#period * 1.6 || length < this.#period * 0.35)
      return this.#reacquire(length);
    if (length > this.#period * 0.75) {
      // A whole bit after half of one: the halves were counted from the wrong edge.
      if (this.#halfFrom !== undefined) this.#known = 0;
      this.#halfFrom = undefined;
      return this.#bit(0, from, at);
    }
    if (this.#halfFrom === undefined) {
      this.#halfFrom = from;
      return;
    }
    const first = this.#halfFrom;
    this.#halfFrom = undefined;
    this.#bit(1, first, at);
  }

  /** A hole, or another speed. Right after a frame it is a hole, behind which the speed is the one before; else this stretch is
   *  taken for a bit, or twice it for one, until the bits fit. */
  #reacquire(length: number): void {
    if (!this.#isProven) this.#period = this.#period === 0 || length > this.#period ? length : length * 2;
    this.#isProven = false;
    this.#known = 0;
    this.#halfFrom = undefined;
  }

  #bit(bit: 0 | 1, from: number, at: number): void {
    this.#period += (at - from - this.#period) / 8;
    this.#bits[this.#next] = bit;
    this.#begins[this.#next] = from;
    this.#next = (this.#next + 1) % ltcBits;
    if (this.#known < ltcBits) this.#known++;
    if (this.#known < ltcBits) return;
    if (this.#matches(ltcBits - forwardSync.length, forwardSync)) this.#found(false, at);
    else if (this.#matches(0, backwardSync)) this.#found(true, at);
  }

  #matches(first: number, word: readonly number[]): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.#bits[(this.#next + first + i) % ltcBits] !== word[i]) return false;
    }
    return true;
  }

  #found(backwards: boolean, endSample: number): void {
    const inOrder = Array.from({ length: ltcBits }, (_, i) => this.#bits[(this.#next + i) % ltcBits] ?? 0);
    const frame = ltcFrameOf(backwards ? inOrder.reverse() : inOrder);
    if (!frame) {
      this.#damaged++;
      return;
    }
    this.#isProven = true;
    const lengthSamples = endSample - (this.#begins[this.#next] ?? endSample);
    this.#onFrame({ ...frame, backwards, endSample, lengthSamples });
  }
}
