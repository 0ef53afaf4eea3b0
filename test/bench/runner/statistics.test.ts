import { describe, expect, it } from 'vitest';
import { median, pairedRatio, slope } from './statistics.ts';

describe('the bench', () => {
  it('[BN1] takes the middle of its rounds, and the middle of the ratios of runs side by side', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([1, 2, 3, 10])).toBe(2.5);
    expect(median([])).toBeNaN();
    // The machine was half as fast in the second round: the ratios do not feel it.
    expect(pairedRatio([200, 100, 220], [100, 50, 110])).toBe(2);
    expect(pairedRatio([10, 1, 10], [1, 1, 2])).toBe(5);
  });

  it('[BN2] tells by least squares how fast something grows', () => {
    expect(slope([0, 1, 2, 3], [5, 7, 9, 11])).toBeCloseTo(2);
    expect(slope([0, 1, 2, 3], [4, 6, 4, 6])).toBeCloseTo(0.4);
    expect(slope([1], [1])).toBe(0);
  });
});
