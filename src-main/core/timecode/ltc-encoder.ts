import type { TimecodeRate } from '../../contract/timecode.ts';
import { ltcBits, ltcBitsOf } from './ltc-frame.ts';
import { framesPerSecond, type Timecode } from './timecode.ts';

export interface LtcEncoderOptions {
  readonly rate: TimecodeRate;
  /** samples a second, 8000 or more */
  readonly sampleRate: number;
  /** the level of the square wave, 0..1 of full scale */
  readonly volume: number;
}

/** Writes timecode as sound: biphase mark, an edge at every bit and one more in the middle of a one. Edges fall between samples
 *  where they have to, so that frames of any length follow each other without drift.
 *  @see SMPTE ST 12-1, clause 9.3 */
export class LtcEncoder {
  readonly #options: LtcEncoderOptions;
  #level = -1;
  /** of the last sample, how much is behind the last edge of the frame before: 0..1 samples, and their sum */
  #begun = 0;
  #sum = 0;

  constructor(options: LtcEncoderOptions) {
    this.#options = options;
  }

  /** The sound of one frame.
   *  @param speed 1 as it is; 2 twice as fast
   *  @returns samples -1..1; what does not fill the last sample is in the first one of the next frame */
  encode(timecode: Timecode, userBits?: readonly number[], speed = 1): Float32Array {
    const { rate, sampleRate } = this.#options;
    const half = sampleRate / framesPerSecond(rate) / speed / ltcBits / 2;
    const samples = new Float32Array(Math.floor(this.#begun + half * ltcBits * 2 + 1e-9));
    let at = 0;
    for (const bit of ltcBitsOf(timecode, rate, userBits)) {
      this.#level = -this.#level;
      at = this.#hold(samples, at, half);
      if (bit === 1) this.#level = -this.#level;
      at = this.#hold(samples, at, half);
    }
    return samples;
  }

  /** Adds a stretch of one level; each sample is the mean of what falls into it. */
  #hold(samples: Float32Array, at: number, length: number): number {
    const level = this.#level * this.#options.volume;
    let left = length;
    while (this.#begun + left >= 1 - 1e-9) {
      const part = 1 - this.#begun;
      if (at < samples.length) samples[at++] = this.#sum + level * part;
      left -= part;
      this.#begun = 0;
      this.#sum = 0;
    }
    left = Math.max(0, left);
    this.#begun += left;
    this.#sum += level * left;
    return at;
  }
}
