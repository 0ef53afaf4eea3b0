import { describe, expect, it } from 'vitest';
import { SourceRates } from '../../../src-main/core/discovery/source-rates.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('how much each source may ask', () => {
  it('[RZ30] is a burst, then so much a second; others are not concerned', () => {
    const clock = new SimulatedClock();
    const rates = new SourceRates({ clock, perSecond: 2, burst: 3 });
    const take = (source = 'a'): number => rates.take(source);
    expect([take(), take(), take(), take(), take()]).toEqual([0, 0, 0, 0.5, 0.5]);
    expect(take('b')).toBe(0);
    clock.advance(250);
    expect(take()).toBeCloseTo(0.25);
    clock.advance(250);
    expect([take(), take()]).toEqual([0, 0.5]);
    clock.advance(60_000);
    expect([take(), take(), take(), take() > 0]).toEqual([0, 0, 0, true]);
  });
});
