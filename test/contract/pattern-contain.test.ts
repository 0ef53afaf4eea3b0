import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinSegments,
  matches,
  parseAddress,
  parsePattern,
  segmentsOf,
  type Pattern,
} from '../../src-main/contract/address.ts';
import { contains } from '../../src-main/contract/pattern-contain.ts';

const starred = fc
  .string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 3 })
  .map((text) => text.replace(/\*+/g, '*'));
const segment = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 });
const patterns = fc
  .array(fc.oneof(starred, fc.constant('**')), { minLength: 1, maxLength: 4 })
  .map((parts) => parsePattern(joinSegments(parts)));
const addresses = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parseAddress(joinSegments(parts)));

/** Every filling of a pattern with letters that no pattern here names; `**` stands for none up to `deepMax`. */
function fillings(pattern: Pattern, deepMax: number): string[] {
  let all: string[][] = [[]];
  for (const part of segmentsOf(pattern)) {
    const counts = Array.from({ length: deepMax + 1 }, (_, count) => Array<string>(count).fill('zz'));
    const choices = part === '**' ? counts : [[part.replaceAll('*', 'zz')], [part.replaceAll('*', 'z')]];
    all = all.flatMap((before) => choices.map((choice) => [...before, ...choice]));
  }
  return all.filter((parts) => parts.length > 0 && parts.join('/') !== '').map(joinSegments);
}

describe('pattern containment', () => {
  it.each([
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/*', true],
    ['/a/*', '/a/**', false],
    ['/a/**', '/a/*', true],
    ['/a/**', '/a', true],
    ['/a/**', '/a/**/b', true],
    ['/a/*/**', '/a/**', false],
    ['/*/**', '/**', true],
    ['/**', '/a/**/b*', true],
    ['/a*', '/ab*', true],
    ['/ab*', '/a*', false],
    ['/*a*', '/ba', true],
    ['/**/b', '/a/**', false],
    ['/**/b', '/**/a/b', true],
    ['/a/**/b/**', '/a/*/b/c', true],
    ['/a/**/b/**', '/a/*/c/**', false],
    ['/*', '/*/*', false],
  ])('[AD15] %s contains %s: %s', (outer, inner, expected) => {
    expect(contains(parsePattern(outer), parsePattern(inner))).toBe(expected);
  });

  it('[AD15] never admits an address that the outer pattern does not cover', () => {
    fc.assert(
      fc.property(patterns, patterns, addresses, (outer, inner, address) => {
        if (contains(outer, inner) && matches(inner, address)) expect(matches(outer, address)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('[AD15] agrees with trying every filling', () => {
    fc.assert(
      fc.property(patterns, patterns, (outer, inner) => {
        const covered = fillings(inner, segmentsOf(outer).length + 1).every((text) =>
          matches(outer, parseAddress(text)),
        );
        expect(contains(outer, inner)).toBe(covered);
      }),
      { numRuns: 2000 },
    );
  });

  it('[HC27] says no rather than look for long at what was made up to be slow', () => {
    const deep = (stars: number, plain: number): ReturnType<typeof parsePattern> =>
      parsePattern(Array.from({ length: stars }, () => `/**${'/*'.repeat(plain)}`).join(''));
    expect(contains(deep(2, 3), deep(2, 6))).toBe(true);
    // True, and 17 ms away.
    expect(contains(deep(15, 3), deep(8, 6))).toBe(false);
  });

  it('[AD15] ends soon whatever the patterns are', () => {
    const outer = parsePattern(`/${Array.from({ length: 31 }, () => '**/a*').join('/')}`);
    const inner = parsePattern(`/${Array.from({ length: 31 }, () => '**/*a').join('/')}`);
    expect(contains(outer, inner)).toBe(false);
    expect(contains(inner, inner)).toBe(true);
  });
});
