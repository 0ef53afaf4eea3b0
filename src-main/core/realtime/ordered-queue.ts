/** What waits in an `OrderedQueue`. */
export interface Queued<T> {
  /** counts up with each that is put */
  readonly order: number;
  item: T;
}

/** What waits in its order, and comes back to its place when it could not leave. Who uses it bounds it. */
export class OrderedQueue<T> {
  #waiting: Queued<T>[] = [];
  /** those before it were taken out; moving all others up each time would cost more than all else where many wait */
  #first = 0;
  #order = 0;

  get size(): number {
    return this.#waiting.length - this.#first;
  }

  /** oldest first */
  *[Symbol.iterator](): Generator<Queued<T>> {
    this.#moveUp();
    yield* this.#waiting;
  }

  put(item: T): Queued<T> {
    const queued = { order: this.#order++, item };
    this.#waiting.push(queued);
    return queued;
  }

  /** The oldest, taken out. */
  shift(): Queued<T> | undefined {
    const oldest = this.#waiting[this.#first];
    if (!oldest) return undefined;
    this.#first++;
    if (this.#first > 1000 && this.#first * 2 > this.#waiting.length) this.#moveUp();
    return oldest;
  }

  /** Takes one out, wherever it is. */
  remove(queued: Queued<T>): void {
    this.#moveUp();
    const place = this.#waiting.indexOf(queued);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  /** One that was taken out waits again where it was. */
  putBack(queued: Queued<T>): void {
    this.#moveUp();
    const place = this.#waiting.findIndex(({ order }) => order > queued.order);
    this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, queued);
  }

  #moveUp(): void {
    if (this.#first > 0) this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}
