import { describe, expect, it } from 'vitest';
import { clockQuality } from '../../../src-main/core/clock/clock-quality.ts';

const ten = (roundTrip: number): number[] => Array<number>(10).fill(roundTrip);

describe('clockQuality', () => {
  it('[CK8] is 1 for ten instant and equal round trips, and 0 without any', () => {
    expect(clockQuality(ten(0))).toBeCloseTo(1, 12);
    expect(clockQuality([])).toBe(0);
  });

  it('[CK8] gives 40 % for the round trip, nothing from 10 ms on', () => {
    expect(clockQuality(ten(2500))).toBeCloseTo(0.9, 12);
    expect(clockQuality(ten(10_000))).toBeCloseTo(0.6, 12);
    expect(clockQuality(ten(80_000))).toBeCloseTo(0.6, 12);
  });

  it('[CK8] gives 40 % for steadiness, nothing from a deviation of 1 ms on', () => {
    const spread = (by: number): number[] => ten(5000).map((each, index) => each + (index % 2 ? by : -by));
    expect(clockQuality(spread(250))).toBeCloseTo(0.7, 12);
    expect(clockQuality(spread(1000))).toBeCloseTo(0.4, 12);
    expect(clockQuality(spread(3000))).toBeCloseTo(0.4, 12);
  });

  it('[CK8] gives 20 % for ten samples, and a part of it for fewer', () => {
    expect(clockQuality([0])).toBeCloseTo(0.82, 12);
    expect(clockQuality([0, 0, 0, 0, 0])).toBeCloseTo(0.9, 12);
  });
});
