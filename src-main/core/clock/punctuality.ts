/** How late things began that were to begin at an instant. */
export interface PunctualityStats {
  readonly total: number;
  readonly sumMicros: number;
  readonly maxMicros: number;
  /** by how late they were, each without those of the buckets before it; the last has no end */
  readonly buckets: readonly LatenessBucket[];
}

export interface LatenessBucket {
  /** µs, included; Infinity for the last */
  readonly upTo: number;
  readonly count: number;
}

/** µs. Fine around the millisecond that scheduled bundles are to keep. */
const bounds = [
  10, 20, 50, 100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 50_000,
  100_000, 1_000_000,
] as const;

/** Counts lateness into fixed buckets. */
export class Punctuality {
  readonly #counts = new Float64Array(bounds.length + 1);
  #sumMicros = 0;
  #maxMicros = 0;

  /** @param lateMicros 0 or more */
  note(lateMicros: number): void {
    let index = 0;
    while (index < bounds.length && lateMicros > (bounds[index] ?? Infinity)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMicros += lateMicros;
    if (lateMicros > this.#maxMicros) this.#maxMicros = lateMicros;
  }

  stats(): PunctualityStats {
    const buckets = Array.from(this.#counts, (count, i) => ({ upTo: bounds[i] ?? Infinity, count }));
    const total = buckets.reduce((sum, { count }) => sum + count, 0);
    return { total, sumMicros: this.#sumMicros, maxMicros: this.#maxMicros, buckets };
  }
}

/** What came between two readings; its `maxMicros` is that of the later one, as no shorter one is known. */
export function punctualityBetween(before: PunctualityStats, after: PunctualityStats): PunctualityStats {
  return {
    total: after.total - before.total,
    sumMicros: after.sumMicros - before.sumMicros,
    maxMicros: after.maxMicros,
    buckets: after.buckets.map(({ upTo, count }, i) => ({ upTo, count: count - (before.buckets[i]?.count ?? 0) })),
  };
}

/** @param quantile 0..1
 *  @returns µs that so many were not later than: the end of their bucket, so never too little; 0 when there were none */
export function latenessAt({ total, maxMicros, buckets }: PunctualityStats, quantile: number): number {
  let seen = 0;
  for (const { upTo, count } of buckets) {
    seen += count;
    if (total > 0 && seen >= total * quantile) return Math.min(upTo, maxMicros);
  }
  return 0;
}

/** @param micros one of the ends of the buckets
 *  @returns 0..1; 1 when there were none */
export function shareWithin({ total, buckets }: PunctualityStats, micros: number): number {
  if (total === 0) return 1;
  return buckets.reduce((sum, { upTo, count }) => (upTo <= micros ? sum + count : sum), 0) / total;
}
