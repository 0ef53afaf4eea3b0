import { micros, type Micros } from '../../contract/units.ts';

/** A block that comes later than the sound says may be late; one that comes earlier shows that those before were. The other way
 *  the estimate follows a sound card whose clock is off by at most this part. */
const driftMax = 200e-6;
/** More than this apart sound is missing, and it starts anew. */
const holeMicros = 250_000;

/** Tells when a sample was heard, from blocks that come with jitter: the least delayed ones count. */
export class SampleClock {
  readonly #microsPerSample: number;
  /** when sample 0 was heard, as far as is known */
  #zeroAt: number | undefined;
  #checkedAt = 0;

  constructor(sampleRate: number) {
    this.#microsPerSample = 1e6 / sampleRate;
  }

  /** A block has come.
   *  @param samples all that came since the start, this block too */
  came(samples: number, at: Micros): void {
    const zeroAt = at - samples * this.#microsPerSample;
    const drift = (at - this.#checkedAt) * driftMax;
    this.#checkedAt = at;
    if (this.#zeroAt === undefined || Math.abs(zeroAt - this.#zeroAt) > holeMicros) this.#zeroAt = zeroAt;
    else this.#zeroAt = Math.min(zeroAt, this.#zeroAt + drift);
  }

  /** @param sample since the start, with a fraction */
  timeOf(sample: number): Micros {
    return micros((this.#zeroAt ?? 0) + sample * this.#microsPerSample);
  }
}
