import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import { createHeldSignals, heldPrefixesMax } from '../../src-main/engine/held-signals.ts';
import { sampleSacn } from './bridge-samples.ts';

describe('held signals', () => {
  it(`[SU16] are kept under ${heldPrefixesMax} prefixes of bridges, those that ended last`, () => {
    const held = createHeldSignals();
    const keep = (i: number): void => held.keep(sampleSacn(`b${i}`), [param('/a')], micros(i));
    for (let i = 0; i < heldPrefixesMax; i++) keep(i);
    keep(0);
    keep(heldPrefixesMax);
    expect(held.of(sampleSacn('b1'))).toEqual([]);
    expect(held.of(sampleSacn('b0'))).toEqual([{ signal: param('/a'), at: 0 }]);
    expect(held.of(sampleSacn(`b${heldPrefixesMax}`))).toHaveLength(1);
  });

  it('[SU15] are kept for each prefix that a bridge had, and replaced address by address', () => {
    const held = createHeldSignals();
    const [stage, moved] = [sampleSacn('a'), sampleSacn('a', { prefix: '/x' })];
    held.keep(stage, [param('/sacn/1/1'), param('/sacn/2/1')], micros(1));
    held.keep(moved, [param('/x/1/1')], micros(2));
    held.keep(stage, [param('/sacn/1/1')], micros(3));
    const look = (settings: typeof stage) => held.of(settings).map(({ signal, at }) => [signal.address, at]);
    expect([look(stage), look(moved)]).toEqual([
      [
        ['/sacn/2/1', 1],
        ['/sacn/1/1', 3],
      ],
      [['/x/1/1', 2]],
    ]);
    held.forget();
    expect([look(stage), look(moved)]).toEqual([[], []]);
  });

  it(`[SU16] are kept with the counts of ${heldPrefixesMax} bridges, whatever their prefix, until another show begins`, () => {
    const held = createHeldSignals();
    const counts = (id: string, prefix = '/sacn') => held.countsOf(sampleSacn(id, { prefix }));
    counts('a').set(1, 7);
    expect(counts('a', '/x').get(1)).toBe(7);
    for (let i = 0; i < heldPrefixesMax - 1; i++) counts(`b${i}`);
    expect(counts('a').get(1)).toBe(7);
    for (let i = 0; i < heldPrefixesMax; i++) counts(`b${i}`);
    expect(counts('a').size).toBe(0);
    counts('a').set(1, 7);
    held.forget();
    expect(counts('a').size).toBe(0);
  });
});

function param(address: string): Signal {
  return { kind: 'param', address: parseAddress(address), value: f64(1) };
}
