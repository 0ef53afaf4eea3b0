import { describe, expect, it } from 'vitest';
import { timecodeRates, type TimecodeRate } from '../../../src-main/contract/timecode.ts';
import { EdgeFinder } from '../../../src-main/core/timecode/edge-finder.ts';
import type { HeardLtcFrame } from '../../../src-main/core/timecode/ltc-decoder.ts';
import { LtcRate } from '../../../src-main/core/timecode/ltc-rate.ts';
import { framesPerSecond, timecodeOf } from '../../../src-main/core/timecode/timecode.ts';

function rateAfter(
  rate: TimecodeRate,
  { frames = 70, speed = 1, backwards = false, finder = new LtcRate(48_000) } = {},
) {
  let found: TimecodeRate | undefined;
  for (let i = 0; i < frames; i++) {
    const timecode = timecodeOf(100_000 + (backwards ? -i : i), rate);
    const lengthSamples = 48_000 / framesPerSecond(rate) / speed;
    const frame = {
      timecode,
      backwards,
      lengthSamples,
      dropFrame: rate === '29.97df',
      userBits: [],
      endSample: (i + 1) * lengthSamples,
    };
    found = finder.of(frame);
  }
  return found;
}

describe('the rate of LTC', () => {
  it.each(timecodeRates)('[TC21] %s shows at once by its speed, and by its labels whatever the speed', (rate) => {
    expect(rateAfter(rate, { frames: 1 })).toBe(rate);
    for (const speed of [0.3, 0.8, 1, 1.25, 3]) {
      expect(rateAfter(rate, { speed })).toBe(rate);
      expect(rateAfter(rate, { speed, backwards: true })).toBe(rate);
    }
  });

  it('[TC21] is found anew when another tape runs', () => {
    const finder = new LtcRate(48_000);
    for (const rate of ['30', '24', '25', '29.97df', '25', '30', '29.97df', '30'] as const)
      expect(rateAfter(rate, { finder })).toBe(rate);
  });

  it('[TC28] is not told by one label that is damaged, nor by labels with a hole between them', () => {
    const finder = new LtcRate(48_000);
    expect(rateAfter('25', { finder })).toBe('25');
    const frame = (frames: number, place: number, dropFrame = false): HeardLtcFrame => {
      const timecode = { hours: 1, minutes: 0, seconds: 0, frames };
      return { timecode, dropFrame, backwards: false, lengthSamples: 1920, userBits: [], endSample: place * 1920 };
    };
    const told = [frame(15, 71), frame(28, 72), frame(17, 73), frame(23, 79), frame(0, 81)].map((each) =>
      finder.of(each),
    );
    expect(new Set(told)).toEqual(new Set(['25']));
    expect([finder.of(frame(1, 82, true)), finder.of(frame(2, 83))]).toEqual(['29.97df', '25']);
  });
});

describe('edges of a square wave', () => {
  it('[TC4] are found between samples, and none in silence', () => {
    const found: number[] = [];
    const edges = new EdgeFinder(48_000, (at) => found.push(at));
    edges.feed(new Float32Array(1000));
    edges.feed(Float32Array.from({ length: 1000 }, () => 0.002));
    expect(found).toEqual([]);
    // Up between samples 2000 and 2001, a quarter of the way; and down again.
    edges.feed(Float32Array.from([-0.5, -0.5, 0.5, 0.5, 0.5, -0.25, -0.5]));
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(edges.position).toBe(2007);
  });
});
