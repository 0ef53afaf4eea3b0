import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { settleWithin } from '../../../src-main/core/retry/settle-within.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('settleWithin', () => {
  it('[RY20] is true when the work settles in time, and leaves no timer behind', async () => {
    const clock = new SimulatedClock();
    await expect(settleWithin(clock, millis(10), Promise.resolve())).resolves.toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('[RY21] is false at the limit, not before', async () => {
    const clock = new SimulatedClock();
    let result: boolean | undefined;
    const waiting = settleWithin(clock, millis(10), new Promise(() => undefined)).then((inTime) => (result = inTime));
    await clock.advanceAsync(9);
    expect(result).toBeUndefined();
    clock.advance(1);
    await waiting;
    expect(result).toBe(false);
  });
});
