/** Whoever was picked keeps its place against those that did less than so many times as much: figures that come and go
 *  with each look are worth nothing. */
const holdsAgainst = 2;

export interface BusiestOptions<T> {
  readonly max: number;
  readonly keyOf: (each: T) => unknown;
  /** all that it did so far; never falls */
  readonly totalOf: (each: T) => number;
}

/** @returns picks those that did most since they were picked from last */
export function createBusiest<T>({ max, keyOf, totalOf }: BusiestOptions<T>): (all: Iterable<T>) => T[] {
  let before = new Map<unknown, number>();
  let held = new Set<unknown>();
  return (all) => {
    const now = new Map<unknown, number>();
    const ranked: { readonly each: T; readonly weight: number }[] = [];
    for (const each of all) {
      const [key, total] = [keyOf(each), totalOf(each)];
      now.set(key, total);
      const grown = total - (before.get(key) ?? 0);
      ranked.push({ each, weight: held.has(key) ? grown * holdsAgainst : grown });
    }
    const picked = ranked
      .sort((left, right) => right.weight - left.weight)
      .slice(0, max)
      .map(({ each }) => each);
    before = now;
    held = new Set(picked.map(keyOf));
    return picked;
  };
}
