import { ease } from '../../contract/curves.ts';
import { nullValue, type Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { interpolate } from './interpolate.ts';
import type { Keyframe, Timeline } from './timeline.ts';

/** What a timeline gives at a position: a keyframe's own value exactly at its time, the first one's before it, the last
 *  one's after it, and in between what the earlier keyframe's easing makes.
 *  @param timeline with a keyframe at least
 *  @see CLASP-WIRE §5 */
export function valueAt({ keyframes }: Timeline, position: Micros): Value {
  const next = indexAfter(keyframes, position);
  const from = keyframes[next - 1];
  const to = keyframes[next];
  if (!from || !to) return (from ?? to)?.value ?? nullValue;
  // Two keyframes at one time are never both ends: the later one is `from` there.
  const eased = ease(from.easing, (position - from.time) / (to.time - from.time), from.bezier);
  return interpolate(from.value, to.value, eased);
}

/** Where the first keyframe later than `position` is. */
function indexAfter(keyframes: readonly Keyframe[], position: Micros): number {
  let low = 0;
  let high = keyframes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keyframes[middle]?.time ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
