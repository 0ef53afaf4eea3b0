import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../src-main/contract/address.ts';
import { compareSpecificity } from '../../src-main/contract/pattern-order.ts';

describe('which pattern says more', () => {
  it('[RT140] ranks exact, name, name with *, *, **, and longer before shorter', () => {
    const ranked = [
      '/a/b/c',
      '/a/b/*',
      '/a/bc*/*',
      '/a/b*/*',
      '/a/b*/**',
      '/a/*/c',
      '/a/**/c',
      '/a/**',
      '/*/b',
      '/**/c',
      '/**',
    ];
    const sorted = ranked.toReversed().map(parsePattern).sort(compareSpecificity);
    expect(sorted).toEqual(ranked);
  });

  it('[RT140] is an order: turned around for the other side, 0 for a pattern and itself, and without circles', () => {
    const segment = fc.constantFrom('a', 'ab', 'a*', '*b', '*', '**');
    const some = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parsePattern(`/${parts.join('/')}`));
    fc.assert(
      fc.property(some, some, some, (one, two, three) => {
        expect(Math.sign(compareSpecificity(one, two)) + Math.sign(compareSpecificity(two, one))).toBe(0);
        expect(compareSpecificity(one, one)).toBe(0);
        if (compareSpecificity(one, two) <= 0 && compareSpecificity(two, three) <= 0)
          expect(compareSpecificity(one, three)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
