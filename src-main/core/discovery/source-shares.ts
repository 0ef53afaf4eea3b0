/** What came from several sources, in bounded room: who has most gives way first, so that one who floods pushes out its own
 *  and nobody else's. */
export class SourceShares<T> {
  /** of each source, what was not touched for longest first */
  readonly #shares = new Map<string, Set<T>>();
  /** the sources that have so many, by how many */
  readonly #levels = new Map<number, Set<string>>();
  #size = 0;
  #most = 0;

  get size(): number {
    return this.#size;
  }

  get sources(): number {
    return this.#shares.size;
  }

  /** Of this source, what was not touched for longest first. */
  of(source: string): ReadonlySet<T> {
    return this.#shares.get(source) ?? new Set();
  }

  add(source: string, item: T): void {
    const share = this.#shares.get(source) ?? new Set();
    if (share.has(item)) return;
    this.#shares.set(source, share);
    share.add(item);
    this.#size++;
    this.#move(source, share.size - 1, share.size);
  }

  /** It is the newest of its source again. */
  touch(source: string, item: T): void {
    const share = this.#shares.get(source);
    if (share?.delete(item)) share.add(item);
  }

  remove(source: string, item: T): void {
    const share = this.#shares.get(source);
    if (!share?.delete(item)) return;
    if (share.size === 0) this.#shares.delete(source);
    this.#size--;
    this.#move(source, share.size + 1, share.size);
  }

  /** What is to go so that `source` can add one: of whoever has most, `source` itself where it is among them, else who has had so
   *  many for longest. @returns undefined while there is nothing */
  givesWay(source: string): T | undefined {
    const fullest = this.#levels.get(this.#most);
    const [first] = fullest ?? [];
    const giver = fullest?.has(source) ? source : first;
    const [oldest] = giver === undefined ? [] : this.of(giver);
    return oldest;
  }

  /** One of each source, then a second of each that has one, and so on: whoever takes the first few finds all sources. */
  *byTurns(): IterableIterator<T> {
    let waiting: Iterator<T>[] = [];
    for (const share of this.#shares.values()) {
      const items = share.values();
      yield* firstOf(items);
      if (share.size > 1) waiting.push(items);
    }
    while (waiting.length > 0) {
      const next: Iterator<T>[] = [];
      for (const items of waiting) {
        const turn = items.next();
        if (turn.done === true) continue;
        yield turn.value;
        next.push(items);
      }
      waiting = next;
    }
  }

  #move(source: string, from: number, to: number): void {
    const level = this.#levels.get(from);
    level?.delete(source);
    if (level?.size === 0) this.#levels.delete(from);
    if (to > 0) {
      const sources = this.#levels.get(to) ?? new Set();
      this.#levels.set(to, sources.add(source));
    }
    // One step at a time: the next level below is there, or nothing is.
    if (to > this.#most || (from === this.#most && !this.#levels.has(from))) this.#most = to;
  }
}

function* firstOf<T>(items: Iterator<T>): IterableIterator<T> {
  const turn = items.next();
  if (turn.done !== true) yield turn.value;
}
