import { describe, expect, it } from 'vitest';
import { ParkedSlots } from '../../../../src-main/core/dmx/desk/parked-slots.ts';

describe('ParkedSlots', () => {
  it('[DK9] keeps levels by universe and slot, and forgets a universe with its last', () => {
    const parked = new ParkedSlots();
    expect([parked.set(1, 17, 200), parked.set(1, 17, 200), parked.set(2, 512, 0)]).toEqual([true, false, true]);
    const levels = new Uint8Array(512).fill(9);
    parked.applyTo(1, levels);
    expect([levels[16], levels[17], parked.get(2, 512), parked.universes]).toEqual([200, 9, 0, [1, 2]]);
    expect([parked.set(2, 512, undefined), parked.set(2, 512, undefined)]).toEqual([true, false]);
    expect([parked.universes, [...parked.of(2)]]).toEqual([[1], []]);
  });
});
