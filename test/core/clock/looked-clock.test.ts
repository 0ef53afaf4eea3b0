import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { LookedClock } from '../../../src-main/core/clock/looked-clock.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('a clock that remembers what it showed', () => {
  it('[CK26] shows the time of the last look, and never one before it', () => {
    const beneath = new SimulatedClock();
    const clock = new LookedClock(beneath);
    const first = clock.seen;
    expect(first).toBe(beneath.nowMicros());
    beneath.advance(3);
    expect(clock.seen).toBe(first);
    const looked = clock.nowMicros();
    expect(looked).toBe(first + 3000);
    expect(clock.seen).toBe(looked);
  });

  it('[CK26] sets and cancels timers of the clock beneath', () => {
    const beneath = new SimulatedClock();
    const clock = new LookedClock(beneath);
    const ran: string[] = [];
    clock.after(millis(5), () => ran.push('after'));
    clock.at(clock.nowMicros(), () => ran.push('at'));
    clock.after(millis(6), () => ran.push('never'))();
    beneath.advance(10);
    expect(ran).toEqual(['at', 'after']);
  });
});
