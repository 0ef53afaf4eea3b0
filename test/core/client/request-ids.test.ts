import { describe, expect, it } from 'vitest';
import { RequestIds } from '../../../src-main/core/client/request-ids.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('request ids', () => {
  it('[CC10] are the time in microseconds, each above the one before also within one', () => {
    const clock = new SimulatedClock(1000);
    const ids = new RequestIds(clock);
    expect([ids.next(), ids.next(), ids.next()]).toEqual([1000n, 1001n, 1002n]);
    clock.advance(1);
    expect(ids.next()).toBe(2000n);
  });
});
