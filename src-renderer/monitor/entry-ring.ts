/** The newest things, oldest first. Past its limit the oldest goes; nothing is moved or allocated to do so. */
export class EntryRing<T> {
  readonly #items: T[] = [];
  readonly #max: number;
  #first = 0;

  /** @param max above zero */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#items.length < this.#max) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#first] = item;
    this.#first = (this.#first + 1) % this.#max;
  }

  /** @param index 0 is the oldest */
  at(index: number): T | undefined {
    return index < 0 || index >= this.size ? undefined : this.#items[(this.#first + index) % this.size];
  }

  clear(): void {
    this.#items.length = 0;
    this.#first = 0;
  }

  toArray(): T[] {
    return [...this.#items.slice(this.#first), ...this.#items.slice(0, this.#first)];
  }
}
