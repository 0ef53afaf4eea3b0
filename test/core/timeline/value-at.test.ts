import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ease } from '../../../src-main/contract/curves.ts';
import { easings } from '../../../src-main/contract/show.ts';
import { f64, text } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { interpolate } from '../../../src-main/core/timeline/interpolate.ts';
import { valueAt } from '../../../src-main/core/timeline/value-at.ts';
import { arbitraryTimeline, line } from './arbitrary-timeline.ts';

const ms = (value: number): Micros => micros(value * 1000);

describe('the value at a position', () => {
  it('[TL30] is the first one before the first keyframe and the last one after the last', () => {
    const timeline = line([[10, 1], [20, 2]], { duration: ms(50) }); // prettier-ignore
    expect([0, 10, 15, 20, 50].map((at) => valueAt(timeline, ms(at)))).toEqual([1, 1, 1.5, 2, 2].map(f64));
  });

  it('[TL30] jumps where two keyframes have one time', () => {
    const timeline = line([[0, 0], [10, 1], [10, 5], [20, 6]]); // prettier-ignore
    expect([9, 10, 15].map((at) => valueAt(timeline, ms(at)))).toEqual([0.9, 5, 5.5].map(f64));
    expect(valueAt(line([[0, 0], [10, 1], [10, 5]]), ms(10))).toEqual(f64(5)); // prettier-ignore
  });

  it.each(easings)('[TL31] moves with the easing of the earlier keyframe: %s', (easing) => {
    const bezier = [0.42, -1, 0.58, 2] as const;
    const timeline = {
      keyframes: [
        { time: ms(0), value: f64(10), easing, bezier },
        { time: ms(100), value: f64(20), easing: 'ease-in' as const },
        { time: ms(200), value: f64(20), easing: 'step' as const },
      ],
      loop: false,
    };
    for (let at = 0; at < 100; at++) {
      const expected = interpolate(f64(10), f64(20), ease(easing, at / 100, bezier));
      expect(valueAt(timeline, ms(at))).toEqual(expected);
    }
    expect(valueAt(timeline, ms(100))).toEqual(f64(20));
  });

  it('[TL31] holds with step until the next keyframe, and is linear with a Bézier without handles', () => {
    const [step, plain] = (['step', 'cubic-bezier'] as const).map((easing) => ({
      keyframes: [
        { time: ms(0), value: f64(0), easing },
        { time: ms(100), value: f64(1), easing: 'linear' as const },
      ],
      loop: false,
    }));
    expect([99.999, 100].map((at) => valueAt(step!, ms(at)))).toEqual([f64(0), f64(1)]);
    expect(valueAt(plain!, ms(30))).toEqual(f64(0.3));
  });

  it('[TL32] is exactly the keyframe at every keyframe, whatever is before and after', () => {
    fc.assert(
      fc.property(arbitraryTimeline, (timeline) => {
        const { keyframes } = timeline;
        keyframes.forEach(({ time }, i) => {
          const isLastOfItsTime = keyframes[i + 1]?.time !== time;
          if (isLastOfItsTime) expect(valueAt(timeline, time)).toBe(keyframes[i]?.value);
        });
      }),
    );
  });

  it('[TL32] finds its keyframes among 10 000 as a search one by one does', () => {
    const many = line(Array.from({ length: 10_000 }, (_, i) => [i * 3 + (i % 2), i]));
    fc.assert(
      fc.property(fc.nat({ max: 30_100_000 }), (at) => {
        const next = many.keyframes.findIndex(({ time }) => time > at);
        const [from, to] = [many.keyframes[next - 1], many.keyframes[next]];
        const fraction = from && to && (at - from.time) / (to.time - from.time);
        const expected =
          fraction === undefined
            ? many.keyframes.at(next < 0 ? -1 : 0)!.value
            : interpolate(from!.value, to!.value, fraction);
        expect(valueAt(many, micros(at))).toEqual(expected);
      }),
    );
    expect(valueAt({ keyframes: [{ time: ms(5), value: text('a'), easing: 'linear' }], loop: false }, ms(0))).toEqual(
      text('a'),
    );
  });
});
