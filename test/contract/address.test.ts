import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressBytesMax,
  capture,
  isExact,
  joinSegments,
  matcherOf,
  matches,
  matchSegment,
  overlaps,
  parseAddress,
  parsePattern,
  segmentsMax,
  segmentsOf,
  tryAddress,
  tryPattern,
} from '../../src-main/contract/address.ts';
import { InputError } from '../../src-main/contract/errors.ts';

// A small alphabet, so that patterns and addresses meet often.
const segment = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });
const starred = fc
  .string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 4 })
  .map((text) => text.replace(/\*+/g, '*'));
const filled = (part: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc
    .array(part, { minLength: 1, maxLength: 5 })
    .filter((parts) => parts.slice(0, -1).every((one) => one !== '') && parts.join('/') !== '');
const addresses = filled(segment).map((parts) => parseAddress(joinSegments(parts)));
const patterns = filled(fc.oneof(starred, fc.constant('**'))).map((parts) => parsePattern(joinSegments(parts)));

describe('address', () => {
  it.each(['/a', '/desk/fader/1', '/a/', '/ü/🎹', '/a b/(c)', '/{x}/[y]?'])('[AD1] takes %s', (text) => {
    expect(parseAddress(text)).toBe(text);
    expect(tryAddress(text)).toBe(text);
  });

  it.each([
    ['', /empty/],
    ['desk/fader', /starts with a slash/],
    ['/', /Name something/],
    ['/a//b', /Two slashes/],
    ['//', /Two slashes/],
    ['/a\u0000', /control character/],
    ['/a\u007fb', /control character/],
    ['/a/*', /remove the \*/],
    [`/${'a'.repeat(addressBytesMax)}`, /longer than 1024 bytes/],
    [`/${'ü'.repeat(addressBytesMax / 2)}`, /longer than 1024 bytes/],
    ['/a'.repeat(segmentsMax + 1), /more than 64 parts/],
  ])('[AD1] refuses %j and says what to repair', (text, remedy) => {
    expect(() => parseAddress(text)).toThrow(InputError);
    expect(() => parseAddress(text)).toThrow(remedy);
    expect(tryAddress(text)).toBeUndefined();
  });

  it('[AD1] takes the longest address and the most parts that are allowed', () => {
    const longest = `/${'a'.repeat(addressBytesMax - 1)}`;
    expect(parseAddress(longest)).toBe(longest);
    expect(segmentsOf(parseAddress('/a'.repeat(segmentsMax)))).toHaveLength(segmentsMax);
  });

  it('[AD1] splits and joins without loss', () => {
    fc.assert(fc.property(addresses, (address) => joinSegments(segmentsOf(address)) === address));
  });
});

describe('pattern', () => {
  it.each(['/a', '/*', '/**', '/a/*/b', '/a/**/z', '/a/f*', '/*a*b*', '/**/**'])('[AD2] takes %s', (text) => {
    expect(parsePattern(text)).toBe(text);
    expect(tryPattern(text)).toBe(text);
  });

  it.each(['**', '/a**', '/a/**b', '/***', '', '/', '/a//**'])('[AD2] refuses %j', (text) => {
    expect(() => parsePattern(text)).toThrow(InputError);
    expect(tryPattern(text)).toBeUndefined();
  });

  it('[AD2] is exact without a star', () => {
    expect(isExact(parsePattern('/a/b'))).toBe(true);
    expect(isExact(parsePattern('/a/b*'))).toBe(false);
  });

  // CLASP-WIRE §6, the column of live routing.
  it.each([
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/b/c', false],
    ['/a/*', '/a/', true],
    ['/a/**', '/a', true],
    ['/a/**', '/a/b/c', true],
    ['/a/**/z', '/a/z', true],
    ['/a/**/z', '/a/b/c/z', true],
    ['/a/**/z', '/a/b/c', false],
    ['/a/f*', '/a/fader', true],
    ['/a/f*', '/a/f', true],
    ['/a/{b,c}', '/a/b', false],
    ['/a/?', '/a/b', false],
    ['/a/[bc]', '/a/b', false],
    ['/a.b', '/aXb', false],
    ['/A', '/a', false],
    ['/**', '/x', true],
    ['/**/b/**/b', '/b/a/b', true],
    ['/*a*b', '/xaybzb', true],
    ['/a*a', '/a', false],
  ])('[AD3] %s against %s: %s', (pattern, address, expected) => {
    expect(matches(parsePattern(pattern), parseAddress(address))).toBe(expected);
  });

  it('[AD3] agrees with a plain recursive matcher', () => {
    fc.assert(
      fc.property(patterns, addresses, (pattern, address) => {
        expect(matches(pattern, address)).toBe(slowMatch(segmentsOf(pattern), segmentsOf(address)));
      }),
      { numRuns: 5000 },
    );
  });

  it('[AD3] is the same question asked of many addresses', () => {
    const deep = fc.oneof(
      patterns,
      addresses.map((address) => parsePattern(`${address.replace(/\/$/, '')}/**`)),
    );
    fc.assert(
      fc.property(deep, addresses, (pattern, address) => matcherOf(pattern)(address) === matches(pattern, address)),
    );
    for (const address of ['/a', '/a/', '/ab', '/a/b/c'].map(tryAddress)) {
      if (address) expect(matcherOf(parsePattern('/a/**'))(address)).toBe(matches(parsePattern('/a/**'), address));
    }
  });

  it('[AD3] covers itself when it is exact', () => {
    fc.assert(fc.property(addresses, (address) => matches(parsePattern(address), address)));
  });

  it('[AD3] matches one segment with stars inside it', () => {
    expect(matchSegment('f*r', 'fader')).toBe(true);
    expect(matchSegment('f*r', 'fade')).toBe(false);
    expect(matchSegment('*', '')).toBe(true);
  });

  it('[AD4] needs no more than a moment for the worst pattern', () => {
    const pattern = parsePattern(`${'/**/a*a'.repeat(segmentsMax / 2 - 1)}/z`);
    const address = parseAddress('/aaaaaaaaaaaaa'.repeat(segmentsMax));
    const start = performance.now();
    expect(matches(pattern, address)).toBe(false);
    expect(capture(pattern, address)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each([
    ['/desk/*/level', '/desk/3/level', ['3']],
    ['/desk/fader*', '/desk/fader12', ['12']],
    ['/*-*/x', '/a-b-c/x', ['a', 'b-c']],
    ['/a/**/z', '/a/b/c/z', ['b/c']],
    ['/a/**', '/a', ['']],
    ['/**/*', '/a/b', ['a', 'b']],
    ['/a', '/a', []],
  ])('[AD5] %s takes from %s: %j', (pattern, address, expected) => {
    expect(capture(parsePattern(pattern), parseAddress(address))).toEqual(expected);
  });

  it('[AD5] captures exactly when it matches, and the captures put back give the address', () => {
    fc.assert(
      fc.property(patterns, addresses, (pattern, address) => {
        const found = capture(pattern, address);
        expect(found !== undefined).toBe(matches(pattern, address));
        // `**` gives the same empty text for no segment and for one empty last segment.
        if (found && !address.endsWith('/')) expect(fill(pattern, found)).toBe(address);
      }),
      { numRuns: 5000 },
    );
  });

  it('[AD6] overlaps with another when some address fits both', () => {
    fc.assert(
      fc.property(patterns, patterns, addresses, (left, right, address) => {
        if (matches(left, address) && matches(right, address)) expect(overlaps(left, right)).toBe(true);
        expect(overlaps(left, right)).toBe(overlaps(right, left));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['/a/*', '/a/b', true],
    ['/a/*', '/b/*', false],
    ['/a*', '/*b', true],
    ['/a*b', '/a*c', false],
    ['/**/x', '/a/**', true],
    ['/**/x', '/a/y', false],
    ['/a', '/a/**', true],
    ['/a/*', '/a', false],
  ])('[AD6] %s and %s: %s', (left, right, expected) => {
    expect(overlaps(parsePattern(left), parsePattern(right))).toBe(expected);
  });
});

function slowMatch(pattern: readonly string[], address: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return address.length === 0;
  if (first === '**') return address.some((_, i) => slowMatch(rest, address.slice(i))) || slowMatch(rest, []);
  const expression = new RegExp(`^${first.replaceAll('*', '.*')}$`);
  return address.length > 0 && expression.test(address[0] ?? '') && slowMatch(rest, address.slice(1));
}

/** An empty capture of `**` stands for no segment at all. */
function fill(pattern: string, found: readonly string[]): string {
  const left = [...found];
  const segments = pattern
    .slice(1)
    .split('/')
    .flatMap((part) => {
      if (part !== '**') return [part.replace(/\*/g, () => left.shift() ?? '')];
      const taken = left.shift() ?? '';
      return taken === '' ? [] : taken.split('/');
    });
  return joinSegments(segments);
}
