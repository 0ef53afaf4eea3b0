import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { SacnSyncs } from '../../../src-main/core/dmx/sacn-syncs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('SacnSyncs', () => {
  it('[SA34] holds nothing before the first sync packet, and nothing of a source that asks for none', () => {
    const { syncs } = bench();
    expect(syncs.hear('a', 7, 0)).toBe(false);
    expect(syncs.holds(7, false)).toBe(false);
    expect(syncs.holds(7, false)).toBe(false);
    expect(syncs.hear('a', 7, 0)).toBe(true);
    expect([syncs.holds(7, false), syncs.holds(0, false), syncs.holds(8, false)]).toEqual([true, false, false]);
  });

  it('[SA35] runs free or stands still when sync packets stay away, as the source says', () => {
    const { syncs, clock } = bench();
    syncs.holds(7, true);
    syncs.hear('a', 7, 0);
    clock.advance(2499);
    expect([syncs.holds(7, true), syncs.isLost(7)]).toEqual([true, false]);
    clock.advance(1);
    expect([syncs.holds(7, true), syncs.holds(7, false), syncs.isLost(7)]).toEqual([false, true, true]);
  });

  it('[SA36] takes no sync packet that was overtaken, and any after a loss', () => {
    const { syncs, clock } = bench();
    syncs.holds(7, false);
    expect([255, 0, 0, 255, 20].map((sequence) => syncs.hear('a', 7, sequence))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    clock.advance(2500);
    syncs.holds(7, false);
    expect(syncs.hear('a', 7, 19)).toBe(true);
  });

  it('[SA36] follows the sequence of each sender by itself, of 16 of them', () => {
    const { syncs, clock } = bench();
    syncs.holds(7, false);
    expect([syncs.hear('a', 7, 200), syncs.hear('b', 7, 190), syncs.hear('b', 7, 190)]).toEqual([true, true, false]);
    for (let i = 0; i < 20; i++) syncs.hear(`c${i}`, 7, 5);
    expect([syncs.hear('c13', 7, 5), syncs.hear('c14', 7, 5)]).toEqual([false, true]);
    clock.advance(2500);
    syncs.holds(7, false);
    expect([syncs.hear('c14', 7, 5), syncs.hear('c14', 7, 5)]).toEqual([true, false]);
  });

  it('[SA38] follows 64 sync universes, and forgets those that nobody asks for any more', () => {
    const { syncs, clock } = bench();
    for (let universe = 1; universe <= 70; universe++) syncs.holds(universe, false);
    expect(syncs.universes).toHaveLength(64);
    expect(syncs.hear('a', 70, 0)).toBe(false);
    clock.advance(2500);
    expect(syncs.universes).toEqual([]);
  });
});

function bench() {
  const clock = new SimulatedClock();
  return { clock, syncs: new SacnSyncs(clock, millis(2500)) };
}
