import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../src-main/core/metrics/histogram.ts';

describe('a histogram', () => {
  it('[MT1] counts values under the lowest bound that holds them, and what is above all apart', () => {
    const histogram = new Histogram([1, 5, 10]);
    for (const value of [0, 1, 1.5, 5, 9, 10, 11, 1e9]) histogram.observe(value);
    expect(histogram.read()).toEqual({ bounds: [1, 5, 10], counts: [2, 2, 2, 2], sum: 1_000_000_037.5, count: 8 });
  });

  it('[MT1] gives a reading that stays as it was', () => {
    const histogram = new Histogram([1]);
    const before = histogram.read();
    histogram.observe(0);
    expect([before.count, before.counts]).toEqual([0, [0, 0]]);
  });
});
