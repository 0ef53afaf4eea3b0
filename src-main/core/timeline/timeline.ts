import type { Bezier } from '../../contract/curves.ts';
import { InputError } from '../../contract/errors.ts';
import { easings, type Easing } from '../../contract/show.ts';
import { valueDepthMax, type Value } from '../../contract/signal.ts';
import { micros, type Hertz, type Micros } from '../../contract/units.ts';
import { isTickRate, tickRateMax } from './tick-grid.ts';

/** One point of a timeline. */
export interface Keyframe {
  /** from the start of the timeline, 0..`timelineLimits.length` */
  readonly time: Micros;
  /** without NaN or infinity anywhere in it */
  readonly value: Value;
  /** of the way from here to the next keyframe */
  readonly easing: Easing;
  /** for 'cubic-bezier' only, which is linear without it */
  readonly bezier?: Bezier;
}

/** How the value of one address moves. @see CLASP-WIRE §5 */
export interface Timeline {
  /** in order of time; of two at the same time the later one holds from there on, which makes a jump */
  readonly keyframes: readonly Keyframe[];
  readonly loop: boolean;
  /** server time at which it starts by itself; in the past, it is joined in the middle */
  readonly startTime?: Micros;
  /** not before the last keyframe, whose value holds until then; without it the last keyframe is the end */
  readonly duration?: Micros;
  /** values a second while it plays, whole, 1..240; as the router has it without */
  readonly tickRate?: Hertz;
}

export const timelineLimits = {
  keyframes: 10_000,
  /** 366 days: played at the slowest rate, its end still is a time that a double counts in whole microseconds */
  length: micros(366 * 86_400_000_000),
  /** the year 2112 */
  startTime: micros(2 ** 52),
  /** how far a handle of a Bézier may overshoot */
  bezierY: 100,
  /** of a keyframe's value: its place in a map, in a list, in the timeline's map counts as well */
  valueDepth: valueDepthMax - 3,
} as const;

/** Time from the start to the end; 0 for a timeline that only sets a value. */
export function lengthOf({ duration, keyframes }: Timeline): Micros {
  return duration ?? keyframes.at(-1)?.time ?? micros(0);
}

/** @throws InputError 'bad-timeline' with the place in `details.place`, such as `keyframes[3].time` */
export function checkTimeline(timeline: Timeline): void {
  const { keyframes, loop, startTime, duration, tickRate } = timeline;
  if (keyframes.length === 0 || keyframes.length > timelineLimits.keyframes) {
    throw badTimeline('keyframes', `1 to ${timelineLimits.keyframes} keyframes`, keyframes.length);
  }
  let earliest = 0;
  for (const [i, keyframe] of keyframes.entries()) {
    const place = `keyframes[${i}]`;
    checkMicros(`${place}.time`, keyframe.time, timelineLimits.length);
    if (keyframe.time < earliest) {
      throw badTimeline(`${place}.time`, `at least ${earliest}, where the keyframe before it is`, keyframe.time);
    }
    earliest = keyframe.time;
    checkKeyframe(place, keyframe);
  }
  if (startTime !== undefined) checkMicros('startTime', startTime, timelineLimits.startTime);
  if (duration !== undefined) {
    checkMicros('duration', duration, timelineLimits.length);
    if (duration < earliest) throw badTimeline('duration', `at least ${earliest}, the last keyframe's time`, duration);
  }
  if (tickRate !== undefined && !isTickRate(tickRate)) {
    throw badTimeline('tickRate', `1 to ${tickRateMax} whole hertz`, tickRate);
  }
  checkLoop(timeline, loop);
}

/** @throws InputError 'bad-timeline' when this timeline is too short to be looped */
export function checkLoop(timeline: Timeline, loop: boolean): void {
  if (loop && lengthOf(timeline) === 0) {
    throw badTimeline('loop', 'false, or a later keyframe or a duration: there is nothing to repeat', 'true');
  }
}

/** @param place of the fault, as `keyframes[3].time`
 *  @param expected completes "is …"
 *  @param got as text, for the person who sent it */
export function badTimeline(place: string, expected: string, got: string | number): InputError {
  return new InputError('bad-timeline', `In a timeline ${place} is ${expected}; got ${got}.`, { place });
}

function checkKeyframe(place: string, { value, easing, bezier }: Keyframe): void {
  checkFinite(`${place}.value`, value);
  if (!easings.includes(easing)) throw badTimeline(`${place}.easing`, `one of ${easings.join(', ')}`, easing);
  if (bezier === undefined) return;
  const [x1, y1, x2, y2] = bezier;
  for (const x of [x1, x2]) {
    if (!(x >= 0 && x <= 1)) throw badTimeline(`${place}.bezier`, 'x1, y1, x2, y2 with each x within 0..1', x);
  }
  const most = timelineLimits.bezierY;
  for (const y of [y1, y2]) {
    if (!(Math.abs(y) <= most)) throw badTimeline(`${place}.bezier`, `x1, y1, x2, y2 with each y within ±${most}`, y);
  }
}

function checkMicros(place: string, value: Micros, most: Micros): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw badTimeline(place, `0 to ${most} whole microseconds`, value);
  }
}

function checkFinite(place: string, value: Value, depth = 0): void {
  if (depth > timelineLimits.valueDepth) {
    throw badTimeline(place, `a value that nests at most ${timelineLimits.valueDepth} deep`, 'a deeper one');
  }
  if (value.type === 'f32' || value.type === 'f64') {
    if (!Number.isFinite(value.value)) throw badTimeline(place, 'without NaN and infinity', value.value);
  } else if (value.type === 'array') {
    for (const [i, item] of value.value.entries()) checkFinite(`${place}[${i}]`, item, depth + 1);
  } else if (value.type === 'map') {
    for (const [key, item] of value.value) checkFinite(`${place}.${key.slice(0, 32)}`, item, depth + 1);
  }
}
