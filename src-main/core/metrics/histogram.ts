/** A histogram as it stands. */
export interface HistogramReading {
  /** upper bounds, rising; a value at a bound counts under it */
  readonly bounds: readonly number[];
  /** under each bound, what is under lower ones not included; one more for what is above all */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** Counts values by size. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** @param bounds rising */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? Infinity)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
    this.#count++;
  }

  read(): HistogramReading {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum, count: this.#count };
  }
}
