import type { Address } from '../../contract/address.ts';
import { bool, f64, text, type MapEntry, type Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { encodedSize } from '../protocol/values.ts';
import { decodeTimeline, encodeTimeline, timelineBytesMax } from './timeline-carrier.ts';
import { TimelineFields } from './timeline-fields.ts';
import type { Timeline } from './timeline.ts';

/** waiting for its start time; playing; paused, and holding its value; stopped at its start; finished, at its end. */
export type PlayState = 'waiting' | 'playing' | 'paused' | 'stopped' | 'finished';
const playStates = ['waiting', 'playing', 'paused', 'stopped', 'finished'] as const satisfies readonly PlayState[];

/** Where a timeline is. One that plays, or waits, is at `position + (now - at) * rate` from `at` on: modulo its length when
 *  it loops, until its length when not. */
export interface TimelineStatus {
  readonly state: PlayState;
  /** from the start, in whole microseconds */
  readonly position: Micros;
  readonly rate: number;
  readonly loop: boolean;
  /** server time at which it is, was or will be at `position` */
  readonly at: Micros;
}

/** What a late joiner is told. */
export interface TimelineReport {
  /** with the loop as it is now; undefined where it is known already, or where it came out of a show and no frame can carry it */
  readonly timeline: Timeline | undefined;
  readonly status: TimelineStatus;
}

/** A timeline as it outlives a restart. */
export interface KeptTimeline {
  readonly address: Address;
  /** with its timeline */
  readonly report: TimelineReport;
}

/** The timeline's map with `state`, `position`, `rate` and `at` behind its own keys. Without a timeline, or with one larger
 *  than `timelineBytesMax`, it has `loop` and these four alone. */
export function encodeTimelineReport({ timeline, status }: TimelineReport): Value {
  const carrier = timeline && encodeTimeline(timeline);
  const fits = carrier?.type === 'map' && encodedSize(carrier) <= timelineBytesMax;
  const before: readonly MapEntry[] = fits ? carrier.value : [['loop', bool(status.loop)]];
  const entries: readonly MapEntry[] = [
    ['state', text(status.state)],
    ['position', f64(status.position)],
    ['rate', f64(status.rate)],
    ['at', f64(status.at)],
  ];
  return { type: 'map', value: [...before, ...entries] };
}

/** @throws InputError 'bad-timeline' with the place in `details.place`, LimitError 'frame-too-large' */
export function decodeTimelineReport(value: Value): TimelineReport {
  const fields = new TimelineFields(value);
  const word = fields.text('state');
  const state = playStates.find((known) => known === word);
  const status: TimelineStatus = {
    state: fields.needed('state', state, `one of ${playStates.join(', ')}`),
    position: fields.needed('position', fields.micros('position'), 'microseconds from the start'),
    rate: fields.needed('rate', fields.number('rate'), 'a number'),
    loop: fields.flag('loop') ?? false,
    at: fields.needed('at', fields.micros('at'), 'the server time of that position, in microseconds'),
  };
  return { timeline: fields.has('keyframes') ? decodeTimeline(value) : undefined, status };
}
