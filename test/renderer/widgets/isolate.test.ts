import { describe, expect, it } from 'vitest';
import { isolated } from '../../../src-renderer/widgets/isolate.ts';

describe('a name inside a sentence', () => {
  it.each([
    ['node-a', 'node-a'],
    ['Bühne 照明', 'Bühne 照明'],
    ['a\u202egnp', '\u2068a\u202egnp\u2069'],
    ['אור', '\u2068אור\u2069'],
    ['a\u2069\u202eb', '\u2068a\u202eb\u2069'],
  ])('[UI100] keeps its direction to itself: %j', (name, apart) => {
    expect(isolated(name)).toBe(apart);
  });
});
