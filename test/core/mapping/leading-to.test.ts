import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { compileMapping, isCompiled } from '../../../src-main/core/mapping/compile-mapping.ts';
import { leadingTo } from '../../../src-main/core/mapping/leading-to.ts';
import { mapping } from './mapping-bench.ts';

function numbersLeadingTo(pattern: string, ...routes: [source: string, address: string][]): number[] {
  const mappings = routes.map((route, i) => compileMapping(mapping(i + 1, ...route))).filter(isCompiled);
  return [...leadingTo(mappings, [parsePattern(pattern)])].map((each) => each.mapping.number).toSorted((a, b) => a - b);
}

describe('the mappings that lead somewhere', () => {
  it('[MP49] are those that may send there, and those that feed them, also in circles', () => {
    expect(
      numbersLeadingTo(
        '/sacn/**',
        ['/desk', '/group/x'],
        ['/group/*', '/sacn/1/1'],
        ['/in/*/*', '/{1}/{2}'],
        ['/a', '/b'],
        ['/sacn/1/1', '/desk'],
      ),
    ).toEqual([1, 2, 3, 5]);
    expect(numbersLeadingTo('/sacn/**', ['/a', '/b'])).toEqual([]);
  });

  it('[MP49] are all of them where wildcards meet in too many ways to tell', () => {
    const routes = Array.from({ length: 4000 }, (_, i): [string, string] => [`/*${i}*/a/*`, `/x${i}{1}y/b/{3}`]);
    expect(numbersLeadingTo('/**', ...routes)).toHaveLength(4000);
    expect(numbersLeadingTo('/*q*/b/*', ...routes)).toHaveLength(4000);
  });
});
