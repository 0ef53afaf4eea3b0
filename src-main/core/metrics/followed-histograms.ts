import { Histogram, type HistogramReading } from './histogram.ts';

export interface FollowedReading<K> {
  /** of each that is followed, since it is */
  readonly own: ReadonlyMap<K, HistogramReading>;
  /** of all that were not followed when they were observed */
  readonly others: HistogramReading;
}

/** Histograms of a few, each known by its key, and one of all others together: memory stays bounded however many there are,
 *  and none of them ever counts back. */
export class FollowedHistograms<K> {
  readonly #bounds: readonly number[];
  readonly #others: Histogram;
  #own = new Map<K, Histogram>();

  /** @param bounds rising */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#others = new Histogram(bounds);
  }

  observe(key: K, value: number): void {
    (this.#own.get(key) ?? this.#others).observe(value);
  }

  /** From now on these are followed and no other. One that was before goes on with what it has. */
  follow(keys: Iterable<K>): void {
    const before = this.#own;
    this.#own = new Map();
    for (const key of keys) this.#own.set(key, before.get(key) ?? new Histogram(this.#bounds));
  }

  read(): FollowedReading<K> {
    const own = new Map([...this.#own].map(([key, histogram]) => [key, histogram.read()]));
    return { own, others: this.#others.read() };
  }
}
