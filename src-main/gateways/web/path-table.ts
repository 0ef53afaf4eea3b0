/** Whom a path belongs to. A path that ends in a slash has all below it, and itself without the slash. */
export class PathTable<T> {
  readonly #exact = new Map<string, T>();
  readonly #below = new Map<string, T>();

  /** @param path begins with a slash */
  set(path: string, owner: T): void {
    this.#exact.set(path.replace(/(?<=.)\/$/, ''), owner);
    if (path.endsWith('/')) this.#below.set(path, owner);
  }

  /** @param url as a request has it, with its query */
  find(url: string | undefined): T | undefined {
    const path = (url ?? '').split(/[?#]/, 1)[0] ?? '';
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    for (const [start, owner] of this.#below) if (path.startsWith(start)) return owner;
    return undefined;
  }
}
