import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latenessAt, Punctuality, punctualityBetween, shareWithin } from '../../../src-main/core/clock/punctuality.ts';

const noted = (...late: readonly number[]): Punctuality => {
  const punctuality = new Punctuality();
  for (const each of late) punctuality.note(each);
  return punctuality;
};

describe('punctuality', () => {
  it('[CK51] is counted into buckets, each with its end, and in total', () => {
    const stats = noted(0, 10, 11, 1000, 1001, 5_000_000).stats();
    expect(stats).toMatchObject({ total: 6, sumMicros: 5_002_022, maxMicros: 5_000_000 });
    expect(stats.buckets.filter(({ count }) => count > 0)).toEqual([
      { upTo: 10, count: 2 },
      { upTo: 20, count: 1 },
      { upTo: 1000, count: 1 },
      { upTo: 1500, count: 1 },
      { upTo: Infinity, count: 1 },
    ]);
    expect(shareWithin(stats, 1000)).toBeCloseTo(4 / 6);
  });

  it('[CK51] is told of what came between two readings', () => {
    const punctuality = noted(5, 400);
    const before = punctuality.stats();
    punctuality.note(2500);
    const between = punctualityBetween(before, punctuality.stats());
    expect(between).toMatchObject({ total: 1, sumMicros: 2500, maxMicros: 2500 });
    expect([latenessAt(between, 0.5), shareWithin(between, 2000), shareWithin(between, 3000)]).toEqual([2500, 0, 1]);
  });

  it('[CK51] of nothing is perfect', () => {
    const stats = noted().stats();
    expect([latenessAt(stats, 0.99), shareWithin(stats, 1000)]).toEqual([0, 1]);
  });

  it('[CK51] never tells a quantile too low, nor above the longest', () => {
    const lates = fc.array(fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 3_000_000 })), { minLength: 1 });
    fc.assert(
      fc.property(lates, fc.double({ min: 0.01, max: 1, noNaN: true }), (late, quantile) => {
        const sorted = late.toSorted((one, other) => one - other);
        const exact = sorted[Math.ceil(quantile * late.length) - 1] ?? 0;
        const told = latenessAt(noted(...late).stats(), quantile);
        expect(told).toBeGreaterThanOrEqual(exact);
        expect(told).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
      }),
    );
  });
});
