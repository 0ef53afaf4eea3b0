import { describe, expect, it } from 'vitest';
import { bandThrough } from '../../../src-main/core/clock/offset-band.ts';
import type { OffsetReading } from '../../../src-main/core/clock/sync-sample.ts';

const steady = { rateMax: 0, wanderMax: 0 };
const reading = (at: number, low: number, high: number): OffsetReading => ({ at, low, high, roundTrip: high - low });

describe('bandThrough', () => {
  it('[CK9] joins the quickest request of one exchange with the quickest answer of another', () => {
    expect(bandThrough([reading(0, -10, 900), reading(50, -700, 20)], steady)).toEqual({
      at: 50,
      offset: 5,
      offsetError: 15,
      rate: 0,
      rateError: 0,
    });
  });

  it('[CK7] finds how fast the offset can be moving, and no faster', () => {
    const band = bandThrough([reading(0, -10, 10), reading(1000, 90, 110)], { rateMax: 1, wanderMax: 0 });
    expect(band?.rate).toBeCloseTo(0.1, 12);
    expect(band?.rateError).toBeCloseTo(0.02, 12);
    const wandering = bandThrough([reading(0, -10, 10), reading(1000, 90, 110)], { rateMax: 1, wanderMax: 0.01 });
    expect(wandering?.rate).toBeCloseTo(0.1, 12);
    expect(wandering?.rateError).toBeCloseTo(0.04, 12);
  });

  it('[CK2] trusts a reading less the older it is', () => {
    const wide = bandThrough([reading(0, -1, 1), reading(1000, -500, 500)], { rateMax: 0.01, wanderMax: 0.02 });
    expect(wide).toMatchObject({ offset: 0, offsetError: 31, rateError: 0.03 });
  });

  it('[CK4] finds none where readings contradict each other', () => {
    expect(bandThrough([reading(0, -10, 10), reading(1000, 11, 30)], steady)).toBeUndefined();
    expect(bandThrough([reading(0, -10, 10), reading(1000, 11, 30)], { ...steady, rateMax: 0.001 })).toBeDefined();
    expect(bandThrough([reading(0, -10, 10), reading(0, 11, 30)], { ...steady, rateMax: 1 })).toBeUndefined();
  });

  it('[CK4] finds none where the rate would have to be above and below the same, however long ago', () => {
    const turn = (by: number): OffsetReading[] => [
      reading(0, -1, 1),
      reading(1000, by - 1, by + 1),
      reading(2000, -1, 1),
      reading(1_000_000, -1e9, 1e9),
    ];
    const limits = { rateMax: 1, wanderMax: 0.01 };
    expect(bandThrough(turn(11), limits)?.rateError).toBeGreaterThan(0);
    expect(bandThrough(turn(13), limits)).toBeUndefined();
  });
});
