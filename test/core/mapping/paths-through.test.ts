import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import type { MappingPath } from '../../../src-main/core/mapping/loops.ts';
import { pathsThrough } from '../../../src-main/core/mapping/paths-through.ts';

function path(source: string, reach: string): MappingPath {
  return { mappingId: `${source} ${reach}`, source: parsePattern(source), reach: parsePattern(reach) };
}

describe('what can be in one loop with what changed', () => {
  it('[MP44] is what it feeds and is fed by, directly or through others, and itself', () => {
    const [ab, bc, ca, cd, xa] = [
      path('/a', '/b'),
      path('/b', '/c'),
      path('/c', '/a'),
      path('/c', '/d'),
      path('/x', '/a'),
    ];
    expect(pathsThrough([bc], [ab, bc, cd])).toEqual(new Set([bc]));
    expect(pathsThrough([bc], [ab, bc, ca, cd, xa])).toEqual(new Set([ab, bc, ca]));
    expect(pathsThrough([cd, xa], [ab, bc, ca, cd, xa])).toEqual(new Set([ab, bc, ca, cd, xa]));
    expect(pathsThrough([], [ab, bc, ca])).toEqual(new Set());
  });

  it('[MP44] is followed through wildcards on either side', () => {
    const [out, back, other] = [path('/x/*', '/y/*'), path('/y/1', '/x/2'), path('/y/1', '/z')];
    for (const changed of [out, back]) {
      expect(pathsThrough([changed], [out, back, other])).toEqual(new Set([out, back]));
    }
    expect(pathsThrough([path('/n', '/n/1')], [path('/n', '/n/1'), path('/n/**', '/q')])?.size).toBe(1);
  });

  it('[MP44] is left to the whole search where wildcards lead too far', () => {
    const chain = Array.from({ length: 400 }, (_, i) => path(`/s/*/n${i}`, `/s/*/n${i + 1}`));
    expect(pathsThrough(chain.slice(200, 201), chain)).toBeUndefined();
    // One direction that ends soon is enough.
    expect(pathsThrough(chain.slice(-2, -1), chain)).toEqual(new Set(chain.slice(-2)));
    expect(pathsThrough(chain.slice(1, 2), chain)).toEqual(new Set(chain.slice(0, 2)));
  });
});
