import { describe, expect, it } from 'vitest';
import { hashOfToken, makeCpsk, randomLetters } from '../../src-main/platform/cpsk.ts';

describe('pre-shared keys', () => {
  it('[TK1] are cpsk_ and 32 letters or digits, and no two are the same', () => {
    const made = Array.from({ length: 1000 }, () => makeCpsk());
    expect(made.every((each) => /^cpsk_[0-9A-Za-z]{32}$/.test(each))).toBe(true);
    expect(new Set(made).size).toBe(made.length);
  });

  it('[TK1] take every letter from as many bytes as any other', () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
    const letters = randomLetters(248, () => everyByte);
    const counts = new Map<string, number>();
    for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect([counts.size, new Set(counts.values())]).toEqual([62, new Set([4])]);
  });

  it('[TK1] pass over bytes that would make some letters likelier, and ask for more', () => {
    const given = [
      [255, 250, 248, 0],
      [61, 1],
    ].map((bytes) => Uint8Array.from(bytes));
    expect(randomLetters(3, () => given.shift() ?? new Uint8Array())).toBe('0z1');
  });

  it('[TK2] are kept as SHA-256', () => {
    expect(hashOfToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
