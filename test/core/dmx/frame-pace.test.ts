import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { FramePace } from '../../../src-main/core/dmx/frame-pace.ts';

describe('the pace of frames', () => {
  it('[DU3] is told from the second frame on: rate, usual interval, jitter, worst', () => {
    const pace = new FramePace();
    expect(pace.reading()).toBeUndefined();
    pace.sent(micros(0));
    expect(pace.reading()).toBeUndefined();
    for (let i = 1; i <= 100; i++) pace.sent(micros(i * 25_000 + (i === 50 ? 4000 : 0)));
    const reading = pace.reading();
    expect(reading?.rateHz).toBeCloseTo(40);
    expect(reading).toMatchObject({ p50Ms: 25, maxMs: 29, jitterMs: 4 });
    // Two of a hundred intervals were off: the worst hundredth is the later one.
    expect(reading?.p99Ms).toBe(29);
  });

  it('[DU3] is that of the last 512 intervals, and begins anew after an interruption', () => {
    const pace = new FramePace();
    let now = 0;
    pace.sent(micros(now));
    for (let i = 0; i < 300; i++) pace.sent(micros((now += 100_000)));
    for (let i = 0; i < 512; i++) pace.sent(micros((now += 25_000)));
    expect(pace.reading()).toMatchObject({ p50Ms: 25, p99Ms: 25, maxMs: 25, jitterMs: 0 });
    pace.restart();
    pace.sent(micros((now += 9_000_000)));
    expect(pace.reading()).toBeUndefined();
    pace.sent(micros(now + 50_000));
    expect(pace.reading()).toMatchObject({ p50Ms: 50, maxMs: 50, rateHz: 20 });
  });
});
