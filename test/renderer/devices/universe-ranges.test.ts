import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commonPriority,
  readUniverseRanges,
  writeUniverseRanges,
  type UniverseRange,
} from '../../../src-renderer/devices/universe-ranges.ts';

describe('universe ranges', () => {
  it('[UI50] reads universes, ranges and priorities after an @', () => {
    expect(readUniverseRanges('1-4, 7@120 ; 9 – 10 @ 0', 100)).toEqual({
      ranges: [
        { first: 1, last: 4, priority: 100 },
        { first: 7, last: 7, priority: 120 },
        { first: 9, last: 10, priority: 0 },
      ],
    });
  });

  it.each([
    ['', 'Name at least one universe, as in 1-4, 7@120.'],
    [' , ', 'Name at least one universe, as in 1-4, 7@120.'],
    ['one', '“one” is no universe. Write 7, 1-4 or 7@120.'],
    ['1-', '“1-” is no universe. Write 7, 1-4 or 7@120.'],
    ['0', 'Universe 0 is outside 1 to 63\u2009999.'],
    ['1-64000', 'Universe 64\u2009000 is outside 1 to 63\u2009999.'],
    ['4-1', '4-1 runs backwards. Write 1-4.'],
    ['7@201', 'Priority 201 is outside 0 to 200.'],
    ['1-4, 3-9', 'Universe 3 is named twice.'],
    [Array.from({ length: 65 }, (_, i) => i + 1).join(), 'At most 64 ranges; these are 65.'],
  ])('[UI50] says what to repair in “%s”', (text, problem) => {
    expect(readUniverseRanges(text, 100)).toEqual({ problem });
  });

  it('[UI50] writes ranges so that they read back as they were', () => {
    const range = fc
      .record({
        first: fc.integer({ min: 1, max: 900 }),
        length: fc.integer({ min: 0, max: 90 }),
        priority: fc.integer({ min: 0, max: 200 }),
      })
      .map(({ first, length, priority }): UniverseRange => ({ first, last: first + length, priority }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 60 }), (drawn) => {
        // Laid one after the other, so that none is named twice.
        const ranges = drawn.map((each, i) => ({ ...each, first: each.first + i * 1000, last: each.last + i * 1000 }));
        const priority = commonPriority(ranges);
        expect(readUniverseRanges(writeUniverseRanges(ranges, priority), priority)).toEqual({ ranges });
      }),
    );
  });

  it('[UI50] answers any text with ranges or one sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { ranges, problem } = readUniverseRanges(text, 100);
        expect(ranges === undefined).toBe(typeof problem === 'string' && problem.endsWith('.'));
      }),
    );
  });

  it('[UI50] takes the priority of most ranges as the usual one', () => {
    expect(commonPriority([])).toBe(100);
    const ranges = [90, 120, 120].map((priority, i) => ({ first: i + 1, last: i + 1, priority }));
    expect(commonPriority(ranges)).toBe(120);
    expect(writeUniverseRanges(ranges, 120)).toBe('1@90, 2, 3');
  });
});
