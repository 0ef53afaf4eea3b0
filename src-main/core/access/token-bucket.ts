import type { Hertz, Micros } from '../../contract/units.ts';

/** So many a second on average, and so many at once after a rest. */
export interface RateLimit {
  readonly rate: Hertz;
  /** whole, 1 or more */
  readonly burst: number;
}

/** Allows what a rate limit allows. It is full at first. */
export class TokenBucket {
  readonly limit: RateLimit;
  #left: number;
  #at: Micros;

  constructor(limit: RateLimit, now: Micros) {
    this.limit = limit;
    this.#left = limit.burst;
    this.#at = now;
  }

  /** Whether there is room for so many now; nothing is taken. */
  has(count: number, now: Micros): boolean {
    this.#fill(now);
    return this.#left >= count;
  }

  /** Takes so many, or none. @returns whether there was room */
  take(count: number, now: Micros): boolean {
    if (!this.has(count, now)) return false;
    this.#left -= count;
    return true;
  }

  /** Whether it has rested long enough to be as new. */
  isFull(now: Micros): boolean {
    return this.has(this.limit.burst, now);
  }

  #fill(now: Micros): void {
    if (now <= this.#at) return;
    const { rate, burst } = this.limit;
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1_000_000) * rate);
    this.#at = now;
  }
}

/** Takes so many from every one, or from none. @returns the first that had no room; undefined when all had */
export function takeFromAll(buckets: readonly TokenBucket[], count: number, now: Micros): TokenBucket | undefined {
  const full = buckets.find((bucket) => !bucket.has(count, now));
  if (!full) for (const bucket of buckets) bucket.take(count, now);
  return full;
}
