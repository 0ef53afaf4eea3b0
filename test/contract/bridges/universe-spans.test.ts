import { describe, expect, it } from 'vitest';
import { isWithin, sharedUniverse, universesIn } from '../../../src-main/contract/bridges/universe-spans.ts';

const spans = [
  { first: 1, last: 4 },
  { first: 7, last: 7 },
];

describe('spans of universes', () => {
  it('[SA39] have a universe or not, and so many', () => {
    expect([0, 1, 4, 5, 7, 8].map((universe) => isWithin(spans, universe))).toEqual([
      ...[false, true, true],
      ...[false, true, false],
    ]);
    expect(universesIn(spans)).toBe(5);
  });

  it('[SA39] share their lowest common universe, or none', () => {
    expect(sharedUniverse(spans, [{ first: 3, last: 9 }])).toBe(3);
    expect(sharedUniverse(spans, [{ first: 6, last: 9 }])).toBe(7);
    expect(sharedUniverse(spans, [{ first: 5, last: 6 }])).toBeUndefined();
    expect(sharedUniverse([], spans)).toBeUndefined();
  });
});
