/** from here on many are forgotten at once: in a Map, looking for the oldest costs more the more went before it */
const forgetsManyFrom = 1000;

/** A Map of what was set last: what is set again is the newest again, and beyond `max` entries the oldest are forgotten, one
 *  in small maps, a tenth in large ones. */
export class NewestMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #max: number;
  #newest: K | undefined;

  /** @param max 1 or more */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    // Whoever sets the newest again, or it after a `delete`, finds it last without a move.
    if (key !== this.#newest) this.#entries.delete(key);
    this.#newest = key;
    this.#entries.set(key, value);
    if (this.#entries.size > this.#max) this.#forgetOldest();
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** oldest first */
  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  clear(): void {
    this.#entries.clear();
  }

  #forgetOldest(): void {
    const sizeAfter = this.#max < forgetsManyFrom ? this.#max : Math.floor(this.#max * 0.9);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= sizeAfter) return;
      this.#entries.delete(oldest);
    }
  }
}
