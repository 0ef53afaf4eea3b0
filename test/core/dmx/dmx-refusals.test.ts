import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { DmxRefusals } from '../../../src-main/core/dmx/dmx-refusals.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const one = parseAddress('/sacn/1/1');
const two = parseAddress('/sacn/1/2');

describe('DmxRefusals', () => {
  it('[SA16] tells the newest refusal for as long as it is asked for, and no more once the address is sent to', () => {
    const clock = new SimulatedClock();
    const refusals = new DmxRefusals(clock);
    refusals.note(one, undefined);
    expect([refusals.total, refusals.last, refusals.isWithin(millis(1000))]).toEqual([0, undefined, false]);
    refusals.note(one, 'no-level');
    refusals.note(two, 'clipped');
    expect(refusals.total).toBe(2);
    expect(refusals.last).toBe('/sacn/1/2 got more levels than there are slots after it.');
    expect(refusals.unsentWithin(millis(1000))).toEqual({ address: one, why: 'the value is no level' });
    clock.advance(1001);
    expect(refusals.isWithin(millis(1000))).toBe(false);
    expect(refusals.unsentWithin(millis(1000))).toBeUndefined();
    refusals.note(one, 'no-slot');
    refusals.note(one, undefined);
    expect(refusals.unsentWithin(millis(1000))).toBeUndefined();
    expect(refusals.total).toBe(3);
  });
});
