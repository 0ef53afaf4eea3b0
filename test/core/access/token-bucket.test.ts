import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hertz, micros } from '../../../src-main/contract/units.ts';
import { takeFromAll, TokenBucket } from '../../../src-main/core/access/token-bucket.ts';

const limit = (rate: number, burst: number) => ({ rate: hertz(rate), burst });

describe('token bucket', () => {
  it('[AC20] allows a burst at once, then so many a second', () => {
    const bucket = new TokenBucket(limit(10, 3), micros(0));
    expect([1, 2, 3, 4].map(() => bucket.take(1, micros(0)))).toEqual([true, true, true, false]);
    expect(bucket.take(1, micros(99_999))).toBe(false);
    expect(bucket.take(1, micros(100_001))).toBe(true);
    expect(bucket.take(1, micros(100_002))).toBe(false);
    expect(bucket.isFull(micros(200_000))).toBe(false);
    expect(bucket.isFull(micros(10_000_000))).toBe(true);
  });

  it('[AC20] in no stretch of time allows more than its burst and its rate, and never much less', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), steps, (rate, burst, asked) => {
        const bucket = new TokenBucket(limit(rate, burst), micros(0));
        const taken: [at: number, count: number][] = [];
        let now = 0;
        for (const [wait, count] of asked) {
          now += wait;
          if (bucket.take(count, micros(now))) taken.push([now, count]);
        }
        for (let from = 0; from < taken.length; from++) {
          let sum = 0;
          for (const [at, count] of taken.slice(from)) {
            sum += count;
            expect(sum).toBeLessThanOrEqual(burst + ((at - (taken[from]?.[0] ?? 0)) / 1e6) * rate + 1e-6);
          }
        }
      }),
    );
  });

  it('[AC20] time that runs back gives nothing', () => {
    const bucket = new TokenBucket(limit(1, 1), micros(5_000_000));
    expect(bucket.take(1, micros(5_000_000))).toBe(true);
    expect(bucket.take(1, micros(1_000_000))).toBe(false);
    expect(bucket.take(1, micros(5_900_000))).toBe(false);
    expect(bucket.take(1, micros(6_000_000))).toBe(true);
  });

  it('[AC23] of several buckets all give or none', () => {
    const [wide, narrow] = [new TokenBucket(limit(1, 10), micros(0)), new TokenBucket(limit(1, 2), micros(0))];
    expect(takeFromAll([wide, narrow], 3, micros(0))).toBe(narrow);
    expect(wide.has(10, micros(0))).toBe(true);
    expect(takeFromAll([wide, narrow], 2, micros(0))).toBeUndefined();
    expect(wide.has(9, micros(0)) || narrow.has(1, micros(0))).toBe(false);
  });
});
