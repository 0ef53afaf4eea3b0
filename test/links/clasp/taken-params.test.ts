import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { paceMax, TakenParams } from '../../../src-main/links/clasp/taken-params.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('params that are taken', () => {
  it('[LK16] go on at once, and beyond the pace in turn, the newest value of each', () => {
    const clock = new SimulatedClock();
    const batches: number[][] = [];
    const taken = new TakenParams(clock, (params) => {
      batches.push(params.map(({ value }) => (value as { value: number }).value));
    });
    const take = (i: number, value: number) =>
      taken.take({ kind: 'param', address: `/p/${i}` as Address, value: f64(value) });
    for (let i = 0; i < paceMax + 2; i++) take(i, i);
    expect(batches).toEqual([]);
    taken.open();
    clock.advance(1);
    expect(batches.map((batch) => batch.length)).toEqual([paceMax]);
    take(paceMax, -1);
    taken.drop(`/p/${paceMax + 1}` as Address);
    expect(taken.has(`/p/${paceMax}` as Address)).toBe(true);
    clock.advance(100);
    expect(batches.slice(1)).toEqual([[-1]]);
    clock.advance(100);
    take(0, 7);
    take(0, 8);
    expect(batches.slice(2)).toEqual([[7], [8]]);
    take(0, 9);
    taken.stop();
  });
});
