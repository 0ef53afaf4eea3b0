import { describe, expect, it } from 'vitest';
import { mixed, stirred } from '../../../src-main/core/protocol/word-hash.ts';

describe('the hash of some words', () => {
  it('[PR20] tells words apart by value and by place, and spreads those that differ in a digit', () => {
    const hash = (...words: number[]): number => mixed(words.reduce(stirred, words.length));
    expect(hash(1, 2)).toBe(hash(1, 2));
    expect(hash(1, 2)).not.toBe(hash(2, 1));
    const places = new Set(Array.from({ length: 1000 }, (_, n) => hash(0x2f61_0000 + n, 7) & 0xfff));
    // Of 1000 thrown at random on 4096 places about 886 stay alone or first.
    expect(places.size).toBeGreaterThan(800);
  });
});
