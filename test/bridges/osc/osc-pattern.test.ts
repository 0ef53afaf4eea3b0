import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownPaths, matchBudgetMax } from '../../../src-main/bridges/osc/known-paths.ts';
import { coversPath, isOscPattern, readOscPattern } from '../../../src-main/bridges/osc/osc-pattern.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';

function covers(pattern: string, path: string): boolean | undefined {
  const read = readOscPattern(pattern);
  return read && coversPath(read, path, { left: 1e9 });
}

describe('an OSC address pattern', () => {
  it.each([
    ['/x/*', '/x/1', true],
    ['/x/*', '/x/1/2', false],
    ['/x/*', '/x/', true],
    ['/x/*/z', '/x/y/z', true],
    ['/x/f*r', '/x/fader', true],
    ['/x/f*r', '/x/faders', false],
    ['/x/**', '/x/y', true],
    ['/x/?', '/x/a', true],
    ['/x/?', '/x/', false],
    ['/x/?', '/x/灯', true],
    ['/x/[0-9]', '/x/7', true],
    ['/x/[0-9]', '/x/a', false],
    ['/x/[!0-9]', '/x/a', true],
    ['/x/[!0-9]', '/x/7', false],
    ['/x/[abc-]', '/x/-', true],
    ['/x/[a-]', '/x/b', false],
    ['/x/{one,two}', '/x/two', true],
    ['/x/{one,two}', '/x/three', false],
    ['/x/{a,ab}c', '/x/abc', true],
    ['/{a,b}/[1-3]?*', '/b/2z', true],
    ['/X/*', '/x/1', false],
  ])('[OS26] %s over %s: %s', (pattern, path, expected) => {
    expect(isOscPattern(pattern)).toBe(true);
    expect(covers(pattern, path)).toBe(expected);
  });

  it.each(['/x/[a', '/x/a]', '/x/{a', '/x/a}', '/x/[a/b]', '/x/{a,{b}}'])('[OS26] cannot be read: %s', (pattern) => {
    expect(readOscPattern(pattern)).toBeUndefined();
  });

  it('[OS26] says of any path what trying every way says', () => {
    const letters = fc.constantFrom('a', 'b', '/');
    const tokens = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]', '{a,ab,}', '/');
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 7 }), fc.array(letters, { maxLength: 7 }), (pattern, path) => {
        const said = covers(`/${pattern.join('')}`, `/${path.join('')}`);
        expect(said).toBe(new RegExp(`^/${pattern.map(asExpression).join('')}$`).test(`/${path.join('')}`));
      }),
      { numRuns: 3000 },
    );
  });

  it('[OS26] costs no more than its budget, however it is made', () => {
    const evil = readOscPattern(`/${'*a'.repeat(400)}b`);
    const budget = { left: 1_000_000 };
    expect(evil && coversPath(evil, `/${'a'.repeat(900)}`, budget)).toBe(false);
    expect(budget.left).toBeGreaterThan(0);
    expect(evil && coversPath(evil, `/${'a'.repeat(900)}`, budget)).toBeUndefined();
  });
});

describe('the params that a pattern means', () => {
  it('[OS25] are those under the bridge that it covers', () => {
    const known = knownOf(['/x/1', '/x/2', '/y/1']);
    expect(known.covered('/x/*')).toEqual(['/osc/x/1', '/osc/x/2']);
    expect(known.covered('/z/*')).toEqual([]);
    expect(known.covered('/x/[')).toBeUndefined();
  });

  it('[OS26] are looked for no more once the second has had its share, and again in the next', () => {
    let now: Micros = micros(0);
    const known = new KnownPaths(() => now);
    for (let i = 0; i < 1000; i++) known.note(`/${'a'.repeat(200)}${i}`, parseAddress(`/osc/${i}`));
    const dear = `/${'?'.repeat(200)}*`;
    let rounds = 0;
    while (known.covered(dear)) if (++rounds > matchBudgetMax) throw new Error('no end');
    expect(known.covered('/x*')).toBeUndefined();
    now = micros(1_000_001);
    expect(known.covered(dear)).toBeUndefined();
    now = micros(2_000_002);
    expect(known.covered('/x*')).toEqual([]);
  });
});

function knownOf(paths: readonly string[]): KnownPaths {
  const known = new KnownPaths(() => micros(0));
  for (const path of paths) known.note(path, parseAddress(`/osc${path}`));
  return known;
}

function asExpression(token: string): string {
  const known: Record<string, string> = { '*': '[^/]*', '?': '[^/]', '[!a]': '[^a/]', '{a,ab,}': '(a|ab|)' };
  return known[token] ?? token;
}
