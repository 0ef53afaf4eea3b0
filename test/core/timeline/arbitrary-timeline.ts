import * as fc from 'fast-check';
import type { Bezier } from '../../../src-main/contract/curves.ts';
import { easings } from '../../../src-main/contract/show.ts';
import { f64, type Value } from '../../../src-main/contract/signal.ts';
import type { Hertz, Micros } from '../../../src-main/contract/units.ts';
import type { Keyframe, Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';

const time = (max: number): fc.Arbitrary<Micros> => fc.nat({ max }).map((value) => value as Micros);
const finite = fc.double({ min: -100, max: 100, noNaN: true });
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const bezier: fc.Arbitrary<Bezier> = fc.tuple(unit, finite, unit, finite);

function isFiniteThroughout(value: Value): boolean {
  if (value.type === 'f32' || value.type === 'f64') return Number.isFinite(value.value);
  if (value.type === 'array') return value.value.every(isFiniteThroughout);
  return value.type !== 'map' || value.value.every(([, item]) => isFiniteThroughout(item));
}

/** Any timeline that is right: all easings, values of every type, jumps, start and duration or none. */
export const arbitraryTimeline: fc.Arbitrary<Timeline> = fc
  .record({
    keyframes: fc.array(
      fc.record(
        {
          time: time(5_000_000),
          value: arbitraryValue.filter(isFiniteThroughout),
          easing: fc.constantFrom(...easings),
          bezier,
        },
        { requiredKeys: ['time', 'value', 'easing'] },
      ),
      { minLength: 1, maxLength: 8 },
    ),
    loop: fc.boolean(),
    startTime: fc.option(time(2 ** 31 - 1), { nil: undefined }),
    extra: fc.option(time(1_000_000), { nil: undefined }),
    tickRate: fc.option(fc.integer({ min: 1, max: 240 }), { nil: undefined }),
  })
  .map(({ keyframes, loop, startTime, extra, tickRate }) => {
    const sorted: readonly Keyframe[] = keyframes.toSorted((one, other) => one.time - other.time);
    const last = sorted.at(-1)?.time ?? 0;
    return {
      keyframes: sorted,
      loop: loop && last > 0,
      ...(startTime !== undefined && { startTime }),
      ...(extra !== undefined && { duration: (last + extra) as Micros }),
      ...(tickRate !== undefined && { tickRate: tickRate as Hertz }),
    };
  });

/** A line through points `[milliseconds, value]`. */
export function line(
  points: readonly (readonly [ms: number, value: number])[],
  more: Partial<Timeline> = {},
): Timeline {
  const keyframes = points.map(([ms, value]): Keyframe => ({
    time: (ms * 1000) as Micros,
    value: f64(value),
    easing: 'linear',
  }));
  return { keyframes, loop: false, ...more };
}
