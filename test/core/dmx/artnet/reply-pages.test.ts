import { describe, expect, it } from 'vitest';
import { pagesMax, pagesOf } from '../../../../src-main/core/dmx/artnet/reply-pages.ts';

const out = (portAddress: number) => ({ portAddress, way: 'out' as const });
const into = (portAddress: number) => ({ portAddress, way: 'in' as const });

describe('pagesOf', () => {
  it('[AN5] tells every port, four at most in a reply, and only such as have net and subnet in common', () => {
    const outs = Array.from({ length: 18 }, (_, i) => out(i));
    const pages = pagesOf([into(3), ...outs.toReversed()]);
    expect(pages.map((page) => page.map(({ portAddress }) => portAddress))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
      [12, 13, 14, 15],
      [16, 17],
      [3],
    ]);
  });

  it('[AN5] says who it is without any port, and leaves out what no bind index is left for, inputs first', () => {
    expect(pagesOf([])).toEqual([[]]);
    const many = Array.from({ length: 250 }, (_, i) => out(i * 16)).concat(
      Array.from({ length: 9 }, (_, i) => out(8000 + i * 16)),
    );
    const pages = pagesOf([into(1), ...many]);
    expect(pages).toHaveLength(pagesMax);
    expect(pages.flat().every(({ way }) => way === 'out')).toBe(true);
  });
});
