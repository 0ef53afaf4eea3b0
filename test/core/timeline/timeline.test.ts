import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { f64, type Value } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { encodeValue } from '../../../src-main/core/protocol/values.ts';
import { encodeTimeline } from '../../../src-main/core/timeline/timeline-carrier.ts';
import {
  badTimeline,
  checkLoop,
  checkTimeline,
  lengthOf,
  timelineLimits,
  type Keyframe,
  type Timeline,
} from '../../../src-main/core/timeline/timeline.ts';
import { arbitraryTimeline, line } from './arbitrary-timeline.ts';

const raw = (value: number): Micros => value as Micros;
const point = (more: Partial<Keyframe>): Keyframe => ({ time: micros(0), value: f64(0), easing: 'linear', ...more });
const withPoint = (more: Partial<Keyframe>): Timeline => ({ keyframes: [point({}), point(more)], loop: false });
const deep = (levels: number): Value => (levels === 0 ? f64(0) : { type: 'array', value: [deep(levels - 1)] });

/** The place of the refusal. */
function placeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('bad-timeline');
    expect((error as AppError).message).toContain(String((error as AppError).details['place']));
    return (error as AppError).details['place'];
  }
  return undefined;
}

describe('a timeline', () => {
  it('[TL1] of any legal form passes', () => {
    fc.assert(fc.property(arbitraryTimeline, (timeline) => checkTimeline(timeline)));
    checkTimeline(line(Array.from({ length: timelineLimits.keyframes }, (_, i) => [i, i])));
    checkTimeline(withPoint({ time: timelineLimits.length, value: deep(29), bezier: [0, -100, 1, 100] }));
    checkTimeline({
      ...line([[0, 1]]),
      startTime: timelineLimits.startTime,
      duration: timelineLimits.length,
      loop: true,
    });
  });

  it.each<[string, Timeline]>([
    ['keyframes', { keyframes: [], loop: false }],
    ['keyframes', line(Array.from({ length: timelineLimits.keyframes + 1 }, (_, i) => [i, i]))],
    ['keyframes[2].time', line([[0, 0], [2, 0], [1, 0]])], // prettier-ignore
    ['keyframes[1].time', withPoint({ time: raw(-1) })],
    ['keyframes[1].time', withPoint({ time: raw(0.5) })],
    ['keyframes[1].time', withPoint({ time: raw(Number.NaN) })],
    ['keyframes[1].time', withPoint({ time: raw(timelineLimits.length + 1) })],
    ['keyframes[1].value', withPoint({ value: f64(Number.NaN) })],
    ['keyframes[1].value', withPoint({ value: { type: 'f32', value: Number.NEGATIVE_INFINITY } })],
    ['keyframes[1].value[1]', withPoint({ value: { type: 'array', value: [f64(0), f64(Number.POSITIVE_INFINITY)] } })],
    ['keyframes[1].value.r', withPoint({ value: { type: 'map', value: [['r', f64(Number.NaN)]] } })],
    ['keyframes[1].easing', withPoint({ easing: 'bounce' as 'linear' })],
    ['keyframes[1].bezier', withPoint({ bezier: [-0.1, 0, 1, 1] })],
    ['keyframes[1].bezier', withPoint({ bezier: [0, 0, 1.1, 1] })],
    ['keyframes[1].bezier', withPoint({ bezier: [0, 100.1, 1, 1] })],
    ['keyframes[1].bezier', withPoint({ bezier: [0, 0, 1, Number.NaN] })],
    ['startTime', { ...line([[0, 0]]), startTime: raw(-1) }],
    ['startTime', { ...line([[0, 0]]), startTime: raw(timelineLimits.startTime + 1) }],
    ['duration', { ...line([[0, 0], [2, 0]]), duration: raw(1999) }], // prettier-ignore
    ['duration', { ...line([[0, 0]]), duration: raw(Number.POSITIVE_INFINITY) }],
    ['loop', { ...line([[0, 0]]), loop: true }],
  ])('[TL1] is refused at %s', (place, timeline) => {
    expect(placeOf(() => checkTimeline(timeline))).toBe(place);
  });

  it('[TL1] is refused when a value nests too deep for the timeline to be told', () => {
    encodeValue(encodeTimeline(withPoint({ value: deep(29) })));
    expect(() => encodeValue(encodeTimeline(withPoint({ value: deep(30) })))).toThrow(AppError);
    expect(placeOf(() => checkTimeline(withPoint({ value: deep(30) })))).toContain('keyframes[1].value[0]');
  });

  it('[TL1] tells what was expected and what came', () => {
    expect(() =>
      checkTimeline(
        line([
          [0, 0],
          [5, 0],
          [4, 0],
        ]),
      ),
    ).toThrow(
      // prettier-ignore
      'In a timeline keyframes[2].time is at least 5000, where the keyframe before it is; got 4000.',
    );
    expect(badTimeline('here', 'this', 'that').message).toBe('In a timeline here is this; got that.');
  });

  it('[TL2] ends with its duration, else with its last keyframe', () => {
    expect(lengthOf(line([[0, 0], [2, 0]]))).toBe(2000); // prettier-ignore
    expect(lengthOf({ ...line([[2, 0]]), duration: micros(9000) })).toBe(9000);
    expect(placeOf(() => checkLoop(line([[0, 0]]), true))).toBe('loop');
    checkLoop(line([[0, 0]]), false);
    checkLoop({ ...line([[0, 0]]), duration: micros(1) }, true);
  });
});
