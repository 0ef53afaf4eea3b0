import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, parsePattern } from '../../../src-main/contract/address.ts';
import { findLoops, type MappingPath } from '../../../src-main/core/mapping/loops.ts';
import { indexLooksMax } from '../../../src-main/core/mapping/pattern-index.ts';

const seed = 20261121;
const pattern = fc
  .array(fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '*b'), { minLength: 1, maxLength: 4 })
  .map((parts) => parsePattern(`/${parts.join('/')}`));
const path = (mappingId: string, source: string, reach: string): MappingPath => ({
  mappingId,
  source: parsePattern(source),
  reach: parsePattern(reach),
});

describe('findLoops', () => {
  it('[MP11] finds a mapping that feeds itself, also through a wildcard', () => {
    expect(findLoops([path('1', '/a', '/a'), path('2', '/b', '/c'), path('3', '/x/**', '/x/*/up')])).toEqual([
      ['1'],
      ['3'],
    ]);
  });

  it('[MP12] finds a circle through others and leaves out what only leads in or out', () => {
    const paths = [
      path('in', '/0', '/1'),
      path('1', '/1', '/2'),
      path('2', '/2', '/3'),
      path('3', '/*', '/9/9'),
      path('4', '/3', '/1'),
    ];
    expect(findLoops(paths)).toEqual([['1', '2', '4']]);
  });

  it('[MP13] agrees with following every path by hand', () => {
    const property = fc.property(fc.array(fc.tuple(pattern, pattern), { maxLength: 9 }), (pairs) => {
      const paths = pairs.map(([source, reach], i) => ({ mappingId: `${i}`, source, reach }));
      expect(findLoops(paths)).toEqual(loopsByHand(paths));
    });
    fc.assert(property, { seed, numRuns: 3000 });
  });

  it('[MP14] checks a full show of 10 000 mappings: a long chain, a ring, wildcards at either end', () => {
    const many = (make: (i: number) => [string, string]): MappingPath[] =>
      Array.from({ length: 10_000 }, (_, i) => path(`${i}`, ...make(i)));
    expect(findLoops(many((i) => [`/chain/${i}`, `/chain/${i + 1}`]))).toEqual([]);
    expect(findLoops(many((i) => [`/ring/${i}`, `/ring/${(i + 1) % 10_000}`]))[0]).toHaveLength(10_000);
    expect(findLoops(many((i) => [`/*${i}*/**/a`, `/*${i + 1}*/*/a`]))[0]).toHaveLength(10_000);
    expect(findLoops(many((i) => [`/*${i}*/a`, `/*${i}*/b`]))).toEqual([]);
    expect(findLoops(many((i) => (i % 2 ? [`/dev${i}/x`, `/lamp/${i}`] : [`/*/in${i}`, `/*/out${i}`])))).toEqual([]);
  }, 30_000);

  it(`[MP15] gives up with too-many-items after ${indexLooksMax} looks at patterns made to be slow`, () => {
    const slow = Array.from({ length: 10_000 }, (_, i) => path(`${i}`, `/*${i}*/a/*`, `/*${i}*/b/*`));
    expect(() => findLoops(slow)).toThrow(expect.objectContaining({ code: 'too-many-items' }));
  }, 30_000);
});

function loopsByHand(paths: readonly MappingPath[]): string[][] {
  const feeds = paths.map((from) => paths.map((to) => overlaps(from.reach, to.source)));
  for (let k = 0; k < paths.length; k++) {
    for (let i = 0; i < paths.length; i++) {
      for (let j = 0; j < paths.length; j++) {
        const row = feeds[i];
        if (row) row[j] = row[j] === true || (row[k] === true && feeds[k]?.[j] === true);
      }
    }
  }
  const found = new Set<string>();
  paths.forEach((_, i) => {
    if (feeds[i]?.[i] === true)
      found.add(paths.flatMap((__, j) => (feeds[i]?.[j] && feeds[j]?.[i] ? [`${j}`] : [])).join(' '));
  });
  return [...found].map((ids) => ids.split(' '));
}
