/** In the unit of what was added. */
export interface SpreadFigures {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How the newest of many measurements are spread. */
export class Spread {
  readonly #newest: Float64Array;
  #added = 0;

  /** @param size how many count */
  constructor(size: number) {
    this.#newest = new Float64Array(size);
  }

  add(value: number): void {
    this.#newest[this.#added++ % this.#newest.length] = value;
  }

  /** @returns undefined while nothing was added */
  figures(): SpreadFigures | undefined {
    const count = Math.min(this.#added, this.#newest.length);
    if (count === 0) return undefined;
    const sorted = this.#newest.slice(0, count).sort();
    const at = (part: number): number => sorted[Math.min(count - 1, Math.floor(count * part))] ?? 0;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}
