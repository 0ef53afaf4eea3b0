import type { OffsetReading } from './sync-sample.ts';

/** Where the offset can be and how it moves: at `at` it is within `offset` ± `offsetError`, and from there it changes by
 *  `rate` ± `rateError` for each microsecond of local time. Microseconds and ratios. */
export interface OffsetBand {
  readonly at: number;
  readonly offset: number;
  readonly offsetError: number;
  readonly rate: number;
  readonly rateError: number;
}

export interface BandLimits {
  /** the most by which one clock can run faster than the other; a ratio, 1e-6 is 1 ppm */
  readonly rateMax: number;
  /** the most by which that speed can change while readings are kept; a ratio */
  readonly wanderMax: number;
}

/** The band that no reading contradicts. Each way of each reading is a hard limit, so the quickest request and the quickest
 *  answer count even if they belong to different exchanges: a path with lopsided jitter does no harm. (Skew estimation by
 *  linear programming, Moon, Skelly and Towsley 1999, with both ways at once; for 64 readings all pairs are cheap.)
 *  @param readings by `at`, at least one
 *  @returns undefined when they cannot all be true: one of the clocks has stepped */
export function bandThrough(readings: readonly OffsetReading[], limits: BandLimits): OffsetBand | undefined {
  const at = readings.at(-1)?.at ?? 0;
  const { rateLow, rateHigh } = rateRange(readings, limits);
  let low = -Infinity;
  let high = Infinity;
  for (const reading of readings) {
    const age = at - reading.at;
    low = Math.max(low, reading.low + (rateLow - limits.wanderMax) * age);
    high = Math.min(high, reading.high + (rateHigh + limits.wanderMax) * age);
  }
  if (rateLow > rateHigh || low > high) return undefined;
  const rateError = (rateHigh - rateLow) / 2 + limits.wanderMax;
  return { at, offset: (low + high) / 2, offsetError: (high - low) / 2, rate: (rateLow + rateHigh) / 2, rateError };
}

/** Between two readings the offset has moved by no less than from the top of the first to the bottom of the second. */
function rateRange(
  readings: readonly OffsetReading[],
  { rateMax, wanderMax }: BandLimits,
): { readonly rateLow: number; readonly rateHigh: number } {
  let rateLow = -rateMax;
  let rateHigh = rateMax;
  for (const [index, later] of readings.entries()) {
    for (let i = 0; i < index; i++) {
      const earlier = readings[i];
      const apart = earlier ? later.at - earlier.at : 0;
      if (!earlier || apart <= 0) continue;
      rateLow = Math.max(rateLow, (later.low - earlier.high) / apart - wanderMax);
      rateHigh = Math.min(rateHigh, (later.high - earlier.low) / apart + wanderMax);
    }
  }
  return { rateLow, rateHigh };
}
