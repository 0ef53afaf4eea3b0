import { describe, expect, it } from 'vitest';
import { FollowedHistograms } from '../../../src-main/core/metrics/followed-histograms.ts';

describe('histograms of a few among many', () => {
  it('[MT28] are of those followed alone, and one of all others', () => {
    const histograms = new FollowedHistograms<string>([10]);
    histograms.observe('a', 1);
    histograms.follow(['a', 'b']);
    for (const key of ['a', 'a', 'c', 'd']) histograms.observe(key, 20);
    const { own, others } = histograms.read();
    expect([...own].map(([key, { counts }]) => [key, counts])).toEqual([
      ['a', [0, 2]],
      ['b', [0, 0]],
    ]);
    expect(others).toMatchObject({ counts: [1, 2], count: 3, sum: 41 });
  });

  it('[MT28] go on with those that are followed further, begin anew with others, and never count back', () => {
    const histograms = new FollowedHistograms<string>([10]);
    histograms.follow(['a', 'b']);
    for (const key of ['a', 'b', 'c']) histograms.observe(key, 1);
    histograms.follow(['b', 'c']);
    for (const key of ['a', 'b', 'c']) histograms.observe(key, 1);
    const { own, others } = histograms.read();
    expect([...own].map(([key, { count }]) => [key, count])).toEqual([
      ['b', 2],
      ['c', 1],
    ]);
    expect(others.count).toBe(2);
  });
});
