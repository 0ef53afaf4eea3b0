/** What waits in an `OrderedQueue`. */
export interface Queued<T> {
  /** counts up with each that is put */
  readonly order: number;
  item: T;
}

/** What waits in its order, and comes back to its place when it could not leave. Who uses it bounds it. */
export class OrderedQueue<T> {
  readonly #waiting: Queued<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** oldest first */
  [Symbol.iterator](): Iterator<Queued<T>> {
    return this.#waiting[Symbol.iterator]();
  }

  put(item: T): Queued<T> {
    const queued = { order: this.#order++, item };
    this.#waiting.push(queued);
    return queued;
  }

  /** The oldest, taken out. */
  shift(): Queued<T> | undefined {
    return this.#waiting.shift();
  }

  /** Takes one out, wherever it is. */
  remove(queued: Queued<T>): void {
    const place = this.#waiting.indexOf(queued);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  /** One that was taken out waits again where it was. */
  putBack(queued: Queued<T>): void {
    const place = this.#waiting.findIndex(({ order }) => order > queued.order);
    this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, queued);
  }
}
