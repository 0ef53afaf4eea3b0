import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { immediately, tagOfTime, timeOfTag } from '../../../src-main/bridges/osc/osc-time.ts';
import { micros } from '../../../src-main/contract/units.ts';

/** the first moment whose seconds since 1970 need 33 bits */
const year2106 = 2 ** 32 * 1_000_000;

describe('OSC time tags', () => {
  it('[OS21] carry every microsecond from 1970 to 2106 there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: year2106 - 1 }), (at) => {
        const [seconds, fraction] = tagOfTime(micros(at));
        expect(timeOfTag([seconds, fraction])).toBe(at);
        expect(Number.isInteger(fraction) && fraction >= 0 && fraction < 2 ** 32 && seconds < 2 ** 32).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('[OS21] count seconds since 1900, and begin again in 2036', () => {
    // RFC 868 names these two.
    expect(tagOfTime(micros(0))).toEqual([2_208_988_800, 0]);
    expect(timeOfTag([2_524_521_600, 2 ** 31])).toBe(Date.UTC(1980, 0, 1) * 1000 + 500_000);
    const wrap = Date.UTC(2036, 1, 7, 6, 28, 16) * 1000;
    expect(tagOfTime(micros(wrap - 1))[0]).toBe(2 ** 32 - 1);
    expect(tagOfTime(micros(wrap + 1_000_000))).toEqual([1, 0]);
  });

  it('[OS21] never say "immediately" for a time', () => {
    const wrap = micros(Date.UTC(2036, 1, 7, 6, 28, 16) * 1000);
    expect(timeOfTag(tagOfTime(wrap))).toBe(wrap);
    expect(timeOfTag(immediately)).toBeUndefined();
  });
});
