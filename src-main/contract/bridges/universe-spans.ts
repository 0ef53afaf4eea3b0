export interface UniverseSpan {
  readonly first: number;
  /** not below `first` */
  readonly last: number;
}

export function isWithin(spans: readonly UniverseSpan[], universe: number): boolean {
  return spans.some(({ first, last }) => first <= universe && universe <= last);
}

/** How many universes there are, those that overlap counted twice. */
export function universesIn(spans: readonly UniverseSpan[]): number {
  return spans.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** @returns the lowest universe that both have; undefined where they are apart */
export function sharedUniverse(one: readonly UniverseSpan[], other: readonly UniverseSpan[]): number | undefined {
  const shared = one.flatMap((left) =>
    other
      .filter(({ first, last }) => first <= left.last && left.first <= last)
      .map(({ first }) => Math.max(first, left.first)),
  );
  return shared.length === 0 ? undefined : Math.min(...shared);
}
