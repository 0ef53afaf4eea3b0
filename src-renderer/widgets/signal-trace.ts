/** Samples one trace remembers: four seconds at 60 a second, and room for those just outside the window. */
export const traceSamplesMax = 256;
/** What a wire shows, newest first. */
export const traceWindowMs = 4000;

/** The last samples of one signal. Old ones are overwritten; nothing is allocated per sample. */
export class SignalTrace {
  /** instants in ms, on any one time base */
  readonly #times = new Float64Array(traceSamplesMax);
  readonly #values = new Float64Array(traceSamplesMax);
  readonly #counts = new Uint32Array(traceSamplesMax);
  #next = 0;
  #size = 0;
  #low = 0;
  #high = 1;
  /** an event has no level: it is drawn as a tick */
  isEvent = false;

  /** @param value NaN for what has no height (text, maps); it is then drawn as a tick
   *  @param count signals this sample stands for */
  push(atMs: number, value: number, count = 1): void {
    this.#times[this.#next] = atMs;
    this.#values[this.#next] = value;
    this.#counts[this.#next] = count;
    this.#next = (this.#next + 1) % traceSamplesMax;
    this.#size = Math.min(this.#size + 1, traceSamplesMax);
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  /** Widens what is drawn as bottom and top; by default 0..1, and whatever was seen beyond. */
  expectRange(low: number, high: number): void {
    this.#low = Math.min(low, high);
    this.#high = Math.max(low, high);
  }

  get size(): number {
    return this.#size;
  }

  /** @param back 0 is the newest sample */
  timeAt(back: number): number {
    return this.#times[this.#slot(back)] ?? Number.NaN;
  }

  valueAt(back: number): number {
    return this.#values[this.#slot(back)] ?? Number.NaN;
  }

  /** The height of a value on the wire, 0..1. */
  heightOf(value: number): number {
    if (Number.isNaN(value)) return 1;
    const span = this.#high - this.#low;
    return span > 0 ? Math.min(1, Math.max(0, (value - this.#low) / span)) : 0;
  }

  /** ms since the newest sample; Infinity without one. */
  ageAt(nowMs: number): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : nowMs - this.timeAt(0);
  }

  /** Signals per second over the last second, or over the last four when there are few. */
  rateAt(nowMs: number): number {
    let lastSecond = 0;
    let whole = 0;
    for (let back = 0; back < this.#size; back++) {
      const age = nowMs - this.timeAt(back);
      if (age > traceWindowMs) break;
      const count = this.#counts[this.#slot(back)] ?? 0;
      whole += count;
      if (age <= 1000) lastSecond += count;
    }
    return lastSecond >= 4 ? lastSecond : whole / (traceWindowMs / 1000);
  }

  #slot(back: number): number {
    return (this.#next - 1 - back + 2 * traceSamplesMax) % traceSamplesMax;
  }
}
