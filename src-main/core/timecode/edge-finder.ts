/** Below this distance between top and bottom there is no signal: -46 dB of full scale. */
const quietest = 0.01;
/** How far past the middle a sample has to be, as part of the distance between top and bottom. */
const hysteresis = 0.12;
/** In this many seconds top and bottom are forgotten to a third: a level that drops to a tenth is read again within 0.1 s, and
 *  the slowest bit is shorter. */
const memorySeconds = 0.03;

/** Finds where a square wave crosses its middle, between samples too, whatever its level and offset. */
export class EdgeFinder {
  readonly #onEdge: (at: number) => void;
  /** per sample */
  readonly #forgetting: number;
  #position = 0;
  #top = 0;
  #bottom = 0;
  #isHigh = false;
  #last = 0;
  /** the newest crossing of the middle that was not far enough yet */
  #crossing = 0;

  /** @param sampleRate samples a second
   *  @param onEdge where, in samples since the start */
  constructor(sampleRate: number, onEdge: (at: number) => void) {
    this.#forgetting = 1 / (sampleRate * memorySeconds);
    this.#onEdge = onEdge;
  }

  /** Samples since the start. */
  get position(): number {
    return this.#position;
  }

  /** @param samples any numbers; those that are not finite count as 0 */
  feed(samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) this.#sample(samples[i] ?? 0);
  }

  #sample(raw: number): void {
    const sample = Number.isFinite(raw) ? raw : 0;
    const span = this.#top - this.#bottom;
    this.#top = Math.max(sample, this.#top - span * this.#forgetting);
    this.#bottom = Math.min(sample, this.#bottom + span * this.#forgetting);
    const middle = (this.#top + this.#bottom) / 2;
    const [before, now] = [this.#last - middle, sample - middle];
    if (before < 0 !== now < 0) this.#crossing = this.#position - now / (now - before);
    const needed = (this.#top - this.#bottom) * hysteresis;
    if (this.#top - this.#bottom > quietest && (this.#isHigh ? now < -needed : now > needed)) {
      this.#isHigh = !this.#isHigh;
      this.#onEdge(this.#crossing);
    }
    this.#last = sample;
    this.#position++;
  }
}
