import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { mayCloseLoop } from '../../../src-main/core/mapping/new-loops.ts';
import { parseTemplate, wildcardsOf } from '../../../src-main/core/mapping/template.ts';

function way(from: string, to: string) {
  const source = parsePattern(from);
  return { source, target: parseTemplate(to, wildcardsOf(source)) };
}

describe('what changed in mappings without a loop', () => {
  it('[MP44] is looked at alone: what leads to it or past it is none of its loops', () => {
    const [first, second] = [way('/a', '/b'), way('/b', '/c')];
    expect(mayCloseLoop([second], [first, second])).toBe(false);
    expect(mayCloseLoop([way('/c', '/d')], [first, second])).toBe(false);
    expect(mayCloseLoop([way('/c', '/a')], [first, second, way('/c', '/a')])).toBe(true);
    expect(mayCloseLoop([way('/x/*', '/y/{1}')], [way('/y/1', '/x/2'), first])).toBe(true);
    expect(mayCloseLoop([way('/x/**', '/x/1')], [])).toBe(true);
  });

  it('[MP44] is left to the whole search when it leads too far', () => {
    const chain = Array.from({ length: 30 }, (_, i) => way(`/${i}`, `/${i + 1}`));
    expect(mayCloseLoop(chain.slice(0, 1), chain)).toBe(true);
    expect(mayCloseLoop(chain.slice(-1), chain)).toBe(false);
  });
});
