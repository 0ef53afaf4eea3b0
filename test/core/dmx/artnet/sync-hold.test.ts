import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src-main/contract/units.ts';
import { SyncHold } from '../../../../src-main/core/dmx/artnet/sync-hold.ts';

describe('SyncHold', () => {
  it('[AN11] holds the newest frame of each stream of a controller from its first ArtSync to the next one', () => {
    const hold = new SyncHold<string>();
    expect(hold.holds('10.0.0.1', '1', 'before')).toBe(false);
    expect(hold.sync('10.0.0.1', micros(0))).toEqual([]);
    for (const [key, frame] of [
      ['1', 'old'],
      ['2', 'two'],
      ['1', 'new'],
    ] as const)
      expect(hold.holds('10.0.0.1', key, frame)).toBe(true);
    expect(hold.holds('10.0.0.2', '1', 'of another')).toBe(false);
    expect(hold.sync('10.0.0.1', micros(1))).toEqual(['two', 'new']);
    expect(hold.sync('10.0.0.1', micros(2))).toEqual([]);
  });

  it('[AN11] lets everything pass again four seconds after the last ArtSync, with what it still held', () => {
    const hold = new SyncHold<string>();
    hold.sync('10.0.0.1', micros(0));
    hold.holds('10.0.0.1', '1', 'last');
    expect([hold.look(micros(3_999_999)), hold.isHolding]).toEqual([[], true]);
    expect([hold.look(micros(4_000_000)), hold.isHolding]).toEqual([['last'], false]);
    expect(hold.holds('10.0.0.1', '1', 'live')).toBe(false);
  });

  it('[AN11] follows 64 controllers at most', () => {
    const hold = new SyncHold<string>();
    for (let i = 0; i < 70; i++) hold.sync(`10.0.0.${i}`, micros(0));
    const held = Array.from({ length: 70 }, (_, i) => hold.holds(`10.0.0.${i}`, '1', 'x'));
    expect(held.filter(Boolean)).toHaveLength(64);
  });
});
