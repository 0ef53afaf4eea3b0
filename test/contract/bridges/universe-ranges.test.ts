import { describe, expect, it } from 'vitest';
import { mergedRanges, rangeWords, sharedRanges } from '../../../src-main/contract/bridges/universe-ranges.ts';

describe('universe ranges', () => {
  it('[SU32] are brought together where they touch or lie over each other, and told in words', () => {
    const spans = [
      { first: 9, last: 9 },
      { first: 1, last: 4 },
      { first: 5, last: 6 },
      { first: 2, last: 3 },
    ];
    const ranges = mergedRanges(spans);
    expect(ranges).toEqual([
      [1, 6],
      [9, 9],
    ]);
    expect(rangeWords(ranges, 'sacn')).toBe('universes 1–6, 9');
    expect(rangeWords([[4, 4]], 'artnet')).toBe('port address 4');
    const many = [1, 3, 5, 7].map((at) => [at, at] as const);
    expect(rangeWords(many, 'artnet')).toBe('port addresses 1, 3, 5 and more');
  });

  it('[SU32] tell what two lists have both', () => {
    const left = mergedRanges([
      { first: 1, last: 4 },
      { first: 8, last: 20 },
    ]);
    const right = mergedRanges([
      { first: 4, last: 9 },
      { first: 12, last: 12 },
    ]);
    expect(sharedRanges(left, right)).toEqual([
      [4, 4],
      [8, 9],
      [12, 12],
    ]);
    expect(sharedRanges(left, [])).toEqual([]);
  });
});
