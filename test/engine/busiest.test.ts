import { describe, expect, it } from 'vitest';
import { createBusiest } from '../../src-main/engine/busiest.ts';

describe('the busiest', () => {
  const pick = (max: number): ((totals: Record<string, number>) => string[]) => {
    const busiest = createBusiest<[string, number]>({ max, keyOf: ([key]) => key, totalOf: ([, total]) => total });
    return (totals) => busiest(Object.entries(totals)).map(([key]) => key);
  };

  it('[MT32] are those that did most since the last look', () => {
    const look = pick(2);
    expect(look({ a: 1, b: 5, c: 3 })).toEqual(['b', 'c']);
    expect(look({ a: 9, b: 6, c: 3 })).toEqual(['a', 'b']);
  });

  it('[MT32] keep their place against those that did less than twice as much', () => {
    const look = pick(1);
    expect(look({ a: 5, b: 4 })).toEqual(['a']);
    expect(look({ a: 15, b: 23 })).toEqual(['a']);
    expect(look({ a: 25, b: 44 })).toEqual(['b']);
  });
});
