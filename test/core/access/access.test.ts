import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSegments, matches, parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { parseScopes, scopeActions, type Scope, type ScopeAction } from '../../../src-main/contract/scope.ts';
import { bool, f64, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';
import { hertz } from '../../../src-main/contract/units.ts';
import { intersect, looksTogetherMax, ScopedAccess } from '../../../src-main/core/access/access.ts';

const segment = fc.constantFrom('a', 'b', 'ab');
const starred = fc.constantFrom('a', 'b', '*', 'a*', '**');
const addresses = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parseAddress(joinSegments(parts)));
const patterns = fc.array(starred, { minLength: 1, maxLength: 3 }).map((parts) => parsePattern(joinSegments(parts)));
const actions = fc.constantFrom(...scopeActions);
const scopeLists: fc.Arbitrary<Scope[]> = fc.array(fc.record({ action: actions, pattern: patterns }), { maxLength: 4 });

/** As the rule reads: some scope covers the address, and its action is as wide or wider. */
function naive(scopes: readonly Scope[], action: ScopeAction, address: ReturnType<typeof parseAddress>): boolean {
  const wider: Record<ScopeAction, readonly ScopeAction[]> = {
    read: ['read', 'write', 'admin'],
    write: ['write', 'admin'],
    admin: ['admin'],
  };
  return scopes.some((scope) => wider[action].includes(scope.action) && matches(scope.pattern, address));
}

describe('what scopes allow', () => {
  it('[AC1] agrees with the plain reading of the rule, also when asked again', () => {
    fc.assert(
      fc.property(scopeLists, fc.array(fc.tuple(actions, addresses), { maxLength: 8 }), (scopes, asked) => {
        const access = new ScopedAccess(scopes);
        for (const [action, address] of [...asked, ...asked])
          expect(access.may(action, address)).toBe(naive(scopes, action, address));
      }),
    );
  });

  it('[HC27] all that is asked together has so many looks, over all scopes; what needs none is told all the same', () => {
    const slow = Array.from({ length: 16 }, (_, i) => `write:${'/**/*a*'.repeat(6)}/**/b${i}`);
    const access = new ScopedAccess(parseScopes([...slow, 'write:/**/c'].join()));
    const asked = parsePattern(`${'/**/a'.repeat(4)}/**/c`);
    expect(access.mayAll('write', asked, { left: 1e9 })).toBe(true);
    const looks = { left: looksTogetherMax };
    const answers = Array.from({ length: 100 }, () => access.mayAll('write', asked, looks));
    expect(answers.at(-1)).toBe(false);
    // Each of the questions behind it has looked once for each scope.
    expect(looks.left).toBeGreaterThan(-100 * 20 * 100);
    expect([access.mayAll('write', parsePattern('/x/c'), looks), access.mayAll('read', asked, looks)]).toEqual([
      true,
      false,
    ]);
    const both = intersect(access, access);
    const given = (left: number) => both?.mayAll('write', asked, { left });
    expect([given(1), given(1e9)]).toEqual([false, true]);
  });

  it('[AC2] a pattern is allowed only where every address it covers is', () => {
    fc.assert(
      fc.property(scopeLists, actions, patterns, addresses, (scopes, action, pattern, address) => {
        const access = new ScopedAccess(scopes);
        if (access.mayAll(action, pattern) && matches(pattern, address)) expect(access.may(action, address)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['read:/a/*', 'read', '/a/**', false],
    ['read:/a/**', 'read', '/a/*', true],
    ['admin:/**', 'read', '/**', true],
    ['write:/a/**', 'read', '/a/b/**', true],
    ['read:/a/**', 'write', '/a/b', false],
    ['read:/a,read:/a/*/**', 'read', '/a/**', false],
  ] as const)('[AC2] %s: %s of all of %s: %s', (scopes, action, pattern, expected) => {
    expect(new ScopedAccess(parseScopes(scopes)).mayAll(action, parsePattern(pattern))).toBe(expected);
  });

  it('[AC3] of two the intersection allows what both allow, and nothing on one side is everything', () => {
    fc.assert(
      fc.property(scopeLists, scopeLists, actions, addresses, patterns, (left, right, action, address, pattern) => {
        const both = intersect(new ScopedAccess(left), new ScopedAccess(right));
        expect(both?.may(action, address)).toBe(naive(left, action, address) && naive(right, action, address));
        if (both?.mayAll(action, pattern) && matches(pattern, address)) expect(both.may(action, address)).toBe(true);
      }),
    );
    const one = new ScopedAccess(parseScopes('read:/a'));
    expect(intersect(one, undefined)).toBe(one);
    expect(intersect(undefined, one)).toBe(one);
    expect(intersect(undefined, undefined)).toBeUndefined();
  });

  it('[AC1] goes on being right beyond what it remembers', () => {
    const access = new ScopedAccess(parseScopes('read:/a/*,write:/a/7'));
    for (let i = 0; i < 10_000; i++) expect(access.may('read', parseAddress(`/a/${i}`))).toBe(true);
    expect(access.may('write', parseAddress('/a/7'))).toBe(true);
    expect(access.may('write', parseAddress('/a/8'))).toBe(false);
  });

  const ranged = new ScopedAccess(parseScopes('write:/**'), [
    { pattern: parsePattern('/dim/**'), range: [0, 1] },
    { pattern: parsePattern('/dim/low'), range: [0, 0.5] },
    { pattern: parsePattern('/fast'), maxRate: hertz(10) },
  ]);
  const list = (...values: Value[]): Value => ({ type: 'array', value: values });
  it.each<[string, Value, boolean]>([
    ['/dim/1', f64(0.5), true],
    ['/dim/1', f64(1), true],
    ['/dim/1', f64(1.01), false],
    ['/dim/1', f64(Number.NaN), false],
    ['/dim/1', { type: 'i64', value: 1n }, true],
    ['/dim/1', { type: 'i64', value: 2n }, false],
    ['/dim/1', list(f64(0), f64(1)), true],
    ['/dim/1', list(f64(0), list(f64(2))), false],
    ['/dim/1', { type: 'map', value: [['x', f64(-1)]] }, false],
    ['/dim/1', text('0.5'), false],
    ['/dim/1', bool(true), false],
    ['/dim/1', nullValue, false],
    ['/dim/low', f64(0.7), false],
    ['/dim/low', f64(0.3), true],
    ['/fast', text('anything'), true],
    ['/other', f64(99), true],
  ])('[AC4] at %s a range of the token takes %o: %s', (address, value, expected) => {
    expect(ranged.faultIn(parseAddress(address), value) === undefined).toBe(expected);
  });
});
