import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, parsePattern } from '../../../src-main/contract/address.ts';
import { createPatternIndex, indexLooksMax } from '../../../src-main/core/mapping/pattern-index.ts';

const seed = 20261121;
const pattern = fc
  .array(fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '*b'), { minLength: 1, maxLength: 4 })
  .map((parts) => parsePattern(`/${parts.join('/')}`));

describe('createPatternIndex', () => {
  it('[MP10] takes out exactly the patterns that overlap, each once', () => {
    const property = fc.property(fc.array(pattern, { maxLength: 25 }), pattern, (patterns, wanted) => {
      const index = createPatternIndex<number>();
      patterns.forEach((each, i) => index.add(each, i));
      const taken: number[] = [];
      for (let item = index.takeOverlapping(wanted); item !== undefined; item = index.takeOverlapping(wanted))
        taken.push(item);
      const expected = patterns.flatMap((each, i) => (overlaps(each, wanted) ? [i] : []));
      expect(taken.sort((x, y) => x - y)).toEqual(expected);
    });
    fc.assert(property, { seed, numRuns: 5000 });
  });

  it(`[MP16] stops after ${indexLooksMax} looks in all, over however many calls`, () => {
    const index = createPatternIndex<number>();
    for (let i = 0; i < 1000; i++) index.add(parsePattern(`/*${i}*/a/*`), i);
    const wanted = parsePattern('/*x*/b/*');
    let calls = 0;
    const search = (): void => {
      for (; calls < 10_000; calls++) index.takeOverlapping(wanted);
    };
    expect(search).toThrow(expect.objectContaining({ code: 'too-many-items' }));
    expect(calls).toBeGreaterThan(100);
  });
});
