interface Waiting<T> {
  readonly item: T;
  /** how many without a key came before it */
  readonly behind: number;
}

/** What waits in its order. Of those with a key only the newest waits: in the place of the one before it, unless something
 *  without a key came between, which it may not overtake. Who uses it bounds it. */
export class NewestQueue<T> {
  readonly #waiting = new Map<string | number, Waiting<T>>();
  /** stands at the oldest: to look for it from the begin would pass all that left before it each time */
  #oldest = this.#waiting.entries();
  #kept = 0;
  #keptTotal = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** Of those, the ones without a key. */
  get kept(): number {
    return this.#kept;
  }

  /** What waits with this key. */
  get(key: string): T | undefined {
    return this.#waiting.get(key)?.item;
  }

  /** @param key undefined for what is wanted each time */
  put(item: T, key: string | undefined): void {
    if (key === undefined) {
      this.#kept++;
      this.#waiting.set(this.#keptTotal++, { item, behind: this.#keptTotal });
      return;
    }
    const behind = this.#keptTotal;
    if (this.#waiting.get(key)?.behind !== behind) this.#waiting.delete(key);
    this.#waiting.set(key, { item, behind });
  }

  /** Takes out what waits with this key. */
  take(key: string): T | undefined {
    const found = this.get(key);
    this.#waiting.delete(key);
    return found;
  }

  /** The oldest, taken out. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    let next = this.#oldest.next();
    if (next.done) {
      this.#oldest = this.#waiting.entries();
      next = this.#oldest.next();
    }
    if (next.done) return undefined;
    const [place, { item }] = next.value;
    this.#waiting.delete(place);
    if (typeof place === 'number') this.#kept--;
    return item;
  }
}
