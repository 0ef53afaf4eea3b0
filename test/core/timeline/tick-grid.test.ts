import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { nextTick, nextTickBeside, tickRate, ticksBetween } from '../../../src-main/core/timeline/tick-grid.ts';

describe('the grid of ticks', () => {
  it('[TL60] divides each second of the clock evenly, at 1..240 whole hertz', () => {
    const second = 1_700_000_000_000_000;
    for (let rate = 1; rate <= 240; rate++) {
      let now = micros(second);
      for (let index = 1; index <= rate; index++) {
        now = nextTick(now, tickRate(rate));
        expect(now).toBe(second + Math.ceil((index * 1_000_000) / rate));
      }
      expect(now).toBe(second + 1_000_000);
    }
  });

  it('[TL60] gives the first tick after any instant', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 52 }), fc.integer({ min: 1, max: 240 }), (now, rate) => {
        const second = Math.floor(now / 1_000_000);
        const ticks = Array.from(
          { length: rate + 1 },
          (_, i) => second * 1_000_000 + Math.ceil((i * 1_000_000) / rate),
        );
        expect(nextTick(micros(now), tickRate(rate))).toBe(ticks.find((tick) => tick > now));
      }),
    );
  });

  it('[TL88] has its like at every place in the interval, and counts the ticks between two instants', () => {
    const instant = fc.nat({ max: 2 ** 52 });
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 240 }), fc.nat({ max: 999 }), (now, rate, mille) => {
        const first = nextTickBeside(micros(now), tickRate(rate), mille / 1000);
        const second = nextTickBeside(first, tickRate(rate), mille / 1000);
        expect(first).toBeGreaterThan(now);
        expect(first - now).toBeLessThanOrEqual(Math.ceil(1_000_000 / rate));
        expect(Math.abs(second - first - 1_000_000 / rate)).toBeLessThanOrEqual(1);
        const plain = nextTick(micros(now), tickRate(rate));
        expect(ticksBetween(micros(now), plain, tickRate(rate))).toBe(1);
        expect(ticksBetween(micros(now), micros(now + 3_000_000), tickRate(rate))).toBe(3 * rate);
      }),
    );
  });

  it.each([0, -1, 0.5, 240.5, 241, Number.NaN, Number.POSITIVE_INFINITY])('[TL60] refuses %d Hz', (rate) => {
    expect(() => tickRate(rate)).toThrow(expect.objectContaining({ code: 'bad-number' }));
  });
});
