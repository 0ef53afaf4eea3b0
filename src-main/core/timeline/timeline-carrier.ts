import type { Bezier } from '../../contract/curves.ts';
import { InputError, LimitError } from '../../contract/errors.ts';
import { easings, type Easing } from '../../contract/show.ts';
import { bool, f64, text, tryNumber, type MapEntry, type Value } from '../../contract/signal.ts';
import type { Hertz } from '../../contract/units.ts';
import { payloadBytesMax } from '../protocol/limits.ts';
import { encodedSize } from '../protocol/values.ts';
import { badTimeline, checkTimeline, timelineLimits, type Keyframe, type Timeline } from './timeline.ts';
import { decodeTimelineCommand, type TimelineCommand } from './timeline-command.ts';
import { TimelineFields } from './timeline-fields.ts';

/** What a PUBLISH of kind timeline asks for. */
export type TimelineRequest =
  | { readonly kind: 'put'; readonly timeline: Timeline; readonly autoplay: boolean }
  | { readonly kind: 'command'; readonly command: TimelineCommand };

/** Of one timeline as a map: leaves room in a frame for the longest address, the fields of a PUBLISH and the state. */
export const timelineBytesMax = payloadBytesMax - 1024 - 128;

/** The map that carries a timeline in the value slot: `keyframes` (each `time`, `value`, `easing`, `bezier?`), `loop`,
 *  `startTime?`, `duration?`, `tickRate?` in hertz; times in microseconds as f64, as the official client sends every number.
 *  @param autoplay false adds `autoplay: false`: the timeline is to be kept, and played when told
 *  @see CLASP-WIRE §5, vector V20 */
export function encodeTimeline({ keyframes, loop, startTime, duration, tickRate }: Timeline, autoplay = true): Value {
  const entries: MapEntry[] = [
    ['keyframes', { type: 'array', value: keyframes.map(keyframeToValue) }],
    ['loop', bool(loop)],
  ];
  if (startTime !== undefined) entries.push(['startTime', f64(startTime)]);
  if (duration !== undefined) entries.push(['duration', f64(duration)]);
  if (tickRate !== undefined) entries.push(['tickRate', f64(tickRate)]);
  if (!autoplay) entries.push(['autoplay', bool(false)]);
  return { type: 'map', value: entries };
}

/** Reads the value of a PUBLISH of kind timeline: a timeline or a command. A report that comes back is neither: what
 *  somebody echoes must not begin anew.
 *  @param value undefined when the message carried none
 *  @throws InputError 'bad-timeline' with the place in `details.place`
 *  @throws LimitError 'frame-too-large' for a timeline that could not be told to late joiners in one frame */
export function decodeTimelineRequest(value: Value | undefined): TimelineRequest {
  if (value === undefined || value.type === 'null') throw withoutKeyframes();
  const fields = new TimelineFields(value);
  if (fields.has('state')) throw fields.unfit('state', 'left out of what is asked: only a router tells it');
  if (!fields.has('command')) {
    return { kind: 'put', timeline: decodeTimeline(value), autoplay: fields.flag('autoplay') ?? true };
  }
  if (fields.has('keyframes')) throw badTimeline('the value', 'a map with keyframes or with a command', 'both');
  return { kind: 'command', command: decodeTimelineCommand(value) };
}

/** @param value the map of `encodeTimeline`; numbers of any numeric type, `loop_` and `start_time` as well, unknown keys
 *  ignored; an easing that is absent is linear, an absent `loop` false
 *  @returns a timeline that has passed `checkTimeline`
 *  @throws as `decodeTimelineRequest` */
export function decodeTimeline(value: Value): Timeline {
  const fields = new TimelineFields(value);
  const list = fields.list('keyframes');
  if (!list) throw withoutKeyframes();
  if (list.length > timelineLimits.keyframes) {
    throw badTimeline('keyframes', `1 to ${timelineLimits.keyframes} keyframes`, list.length);
  }
  const [startTime, duration] = [fields.micros('startTime'), fields.micros('duration')];
  const tickRate = fields.number('tickRate');
  const timeline: Timeline = {
    keyframes: list.map(keyframeOf),
    loop: fields.flag('loop') ?? false,
    ...(startTime !== undefined && { startTime }),
    ...(duration !== undefined && { duration }),
    ...(tickRate !== undefined && { tickRate: tickRate as Hertz }),
  };
  checkTimeline(timeline);
  const sizeBytes = encodedSize(encodeTimeline(timeline));
  if (sizeBytes > timelineBytesMax) {
    const message = `A timeline has at most ${timelineBytesMax} bytes on the wire; this one has ${sizeBytes}.`;
    throw new LimitError('frame-too-large', message, { sizeBytes, sizeBytesMax: timelineBytesMax });
  }
  return timeline;
}

function keyframeToValue({ time, value, easing, bezier }: Keyframe): Value {
  const entries: MapEntry[] = [
    ['time', f64(time)],
    ['value', value],
    ['easing', text(easing)],
  ];
  if (bezier) entries.push(['bezier', { type: 'array', value: bezier.map(f64) }]);
  return { type: 'map', value: entries };
}

function keyframeOf(value: Value, index: number): Keyframe {
  const fields = new TimelineFields(value, `keyframes[${index}]`);
  const bezier = bezierOf(fields);
  return {
    time: fields.needed('time', fields.micros('time'), 'microseconds from the start'),
    value: fields.needed('value', fields.value('value'), 'a value'),
    easing: easingOf(fields),
    ...(bezier && { bezier }),
  };
}

function easingOf(fields: TimelineFields): Easing {
  const word = fields.text('easing') ?? 'linear';
  const easing = easings.find((known) => known === word);
  if (easing === undefined) throw fields.unfit('easing', `one of ${easings.join(', ')}`);
  return easing;
}

function bezierOf(fields: TimelineFields): Bezier | undefined {
  const list = fields.list('bezier');
  if (!list) return undefined;
  const [x1, y1, x2, y2, ...rest] = list.map((item) => (item.type === 'bool' ? undefined : tryNumber(item)));
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined || rest.length > 0) {
    throw fields.unfit('bezier', 'four numbers: x1, y1, x2, y2');
  }
  return [x1, y1, x2, y2];
}

/** The npm client's `timeline()` sends address and time alone: its codec has no place for the rest. [V19] */
function withoutKeyframes(): InputError {
  const message =
    'A timeline came without keyframes; the official client of CLASP leaves them out. ' +
    'Send as the value a map {keyframes: [{time, value, easing}], loop, startTime, duration} or {command}.';
  return new InputError('bad-timeline', message, { place: 'keyframes' });
}
