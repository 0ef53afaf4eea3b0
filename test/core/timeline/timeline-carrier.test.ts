import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { f64, fromJson, nullValue, text, type MapEntry, type Value } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { encodedSize } from '../../../src-main/core/protocol/values.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { Timeline } from '../../../src-main/core/timeline/timeline.ts';
import {
  decodeTimeline,
  decodeTimelineRequest,
  encodeTimeline,
  timelineBytesMax,
} from '../../../src-main/core/timeline/timeline-carrier.ts';
import { encodeTimelineReport } from '../../../src-main/core/timeline/timeline-report.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';
import { legacyFrame } from '../protocol/legacy-packing.ts';
import { fromHex, toHex } from '../protocol/plain-message.ts';
import { vector } from '../protocol/vectors.ts';
import { arbitraryTimeline } from './arbitrary-timeline.ts';

/** What a subscriber of kind timeline is given of a frame. */
function valueIn(frame: Uint8Array): Value | undefined {
  const { message } = decodeFrame(frame);
  return message.type === messageType.publish ? message.value?.value : undefined;
}

function refusalOf(value: Value | undefined): AppError {
  try {
    decodeTimelineRequest(value);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

const v20: Timeline = {
  keyframes: [
    { time: micros(0), value: f64(0), easing: 'linear' },
    { time: micros(1_000_000), value: f64(1), easing: 'ease-out' },
  ],
  loop: false,
  startTime: micros(1_700_000_000_000_000),
};
const keyframes = [{ time: 0, value: 0 }];

describe('the carrier of timelines', () => {
  it('[TL5] reads V20, and writes it byte for byte', () => {
    const { hex } = vector('V20');
    expect(decodeTimelineRequest(valueIn(fromHex(hex)))).toEqual({ kind: 'put', timeline: v20, autoplay: true });
    const frame = encodeFrame(
      {
        type: messageType.publish,
        kind: 'timeline',
        address: '/layer/opacity',
        value: WireValue.of(encodeTimeline(v20)),
        timestamp: 1_700_000_000_000_000n,
      },
      { qos: 'commit' },
    );
    expect(toHex(frame)).toBe(hex);
  });

  it('[TL5] brings every timeline back as it was', () => {
    fc.assert(
      fc.property(arbitraryTimeline, fc.boolean(), (timeline, autoplay) => {
        const sent = WireValue.of(encodeTimeline(timeline, autoplay)).copy();
        const arrived = new WireValue(sent.code, sent.data).value;
        expect(decodeTimelineRequest(arrived)).toEqual({ kind: 'put', timeline, autoplay });
      }),
    );
  });

  it('[TL6] reads numbers of any numeric type and cuts fractions of a microsecond', () => {
    const numbers: Value[] = (['i8', 'i16', 'i32', 'f32', 'f64'] as const).map((type) => ({ type, value: 100 }));
    for (const time of [...numbers, { type: 'i64', value: 100n } as const, f64(100.9)]) {
      const map: MapEntry[] = [
        ['keyframes', { type: 'array', value: [{ type: 'map', value: [['time', time], ['value', nullValue]] }] }], // prettier-ignore
        ['startTime', time],
        ['duration', time],
      ];
      const read = decodeTimeline({ type: 'map', value: map });
      const keyframe = { time: 100, value: nullValue, easing: 'linear' };
      expect(read).toEqual({ keyframes: [keyframe], loop: false, startTime: 100, duration: 100 });
    }
  });

  it('[TL6] reads what the Rust side packs', () => {
    const timeline = {
      keyframes: [
        { time: 0, value: 1.5, easing: 'cubic-bezier', bezier: [0.1, 0, 1, 1] },
        { time: 2_000_000, value: 7n, easing: 'linear', bezier: null },
      ],
      loop_: true,
      start_time: 1_700_000_000_000_000n,
      duration: null,
    };
    const map = { type: 'PUBLISH', address: '/a', signal: 'timeline', timeline };
    expect(decodeTimeline(valueIn(legacyFrame(map)) ?? nullValue)).toEqual({
      keyframes: [
        { time: 0, value: f64(1.5), easing: 'cubic-bezier', bezier: [0.1, 0, 1, 1] },
        { time: 2_000_000, value: { type: 'i64', value: 7n }, easing: 'linear' },
      ],
      loop: true,
      startTime: 1_700_000_000_000_000,
    });
    const raw = fromJson({ keyframes, start_time: 5, loop_: false });
    expect(decodeTimeline(raw)).toMatchObject({ startTime: 5, loop: false });
  });

  it('[TL6] ignores unknown keys, takes null for absent, and the last of a key that is there twice', () => {
    const extra = {
      keyframes: [{ ...keyframes[0], colour: 1 }],
      loop: null,
      startTime: null,
      duration: null,
      name: 'x',
    };
    expect(decodeTimeline(fromJson(extra))).toEqual({
      keyframes: [{ time: 0, value: f64(0), easing: 'linear' }],
      loop: false,
    });
    const twice = fromJson({ keyframes, startTime: 1, start_time: 2 });
    expect(decodeTimeline(twice).startTime).toBe(2);
  });

  it('[TL7] says what to send when there are no keyframes: V19, null, an empty map', () => {
    const lost = valueIn(fromHex(vector('V19').hex));
    for (const value of [lost, nullValue, fromJson({}), fromJson({ loop: true }), fromJson({ keyframes: null })]) {
      const { code, message, details } = refusalOf(value);
      expect([code, details['place']]).toEqual(['bad-timeline', 'keyframes']);
      expect(message).toContain('a map {keyframes: [{time, value, easing}], loop, startTime, duration} or {command}');
    }
  });

  it.each([
    ['the value', 5],
    ['the value', [keyframes]],
    ['the value', { keyframes, command: 'play' }],
    ['keyframes', { keyframes: 'linear' }],
    ['keyframes', { keyframes: [] }],
    ['keyframes', { keyframes: Array.from({ length: 10_001 }, () => null) }],
    ['keyframes[0]', { keyframes: [null] }],
    ['keyframes[1]', { keyframes: [...keyframes, 5] }],
    ['keyframes[0].time', { keyframes: [{ value: 1 }] }],
    ['keyframes[0].time', { keyframes: [{ time: '0', value: 1 }] }],
    ['keyframes[0].time', { keyframes: [{ time: true, value: 1 }] }],
    ['keyframes[0].time', { keyframes: [{ time: -1, value: 1 }] }],
    ['keyframes[0].time', { keyframes: [{ time: 1e300, value: 1 }] }],
    ['keyframes[0].value', { keyframes: [{ time: 0 }] }],
    ['keyframes[0].value', { keyframes: [{ time: 0, value: Number.NaN }] }],
    ['keyframes[0].easing', { keyframes: [{ time: 0, value: 1, easing: 'bounce' }] }],
    ['keyframes[0].easing', { keyframes: [{ time: 0, value: 1, easing: 1 }] }],
    ['keyframes[0].bezier', { keyframes: [{ time: 0, value: 1, bezier: [0, 0, 1] }] }],
    ['keyframes[0].bezier', { keyframes: [{ time: 0, value: 1, bezier: [0, 0, 1, 1, 1] }] }],
    ['keyframes[0].bezier', { keyframes: [{ time: 0, value: 1, bezier: [0, 0, true, 1] }] }],
    ['keyframes[0].bezier', { keyframes: [{ time: 0, value: 1, bezier: [0, 0, 2, 1] }] }],
    ['keyframes[1].time', { keyframes: [{ time: 5, value: 1 }, { time: 4, value: 1 }] }], // prettier-ignore
    ['loop', { keyframes, loop: 1 }],
    ['loop', { keyframes, loop: true }],
    ['startTime', { keyframes, startTime: Number.NaN }],
    ['duration', { keyframes, duration: 'long' }],
    ['autoplay', { keyframes, autoplay: 'no' }],
  ])('[TL8] refuses a wrong one at %s', (place, json) => {
    const { code, message, details } = refusalOf(fromJson(json));
    expect([code, details['place']]).toEqual(['bad-timeline', place]);
    expect(message).toContain(`In a timeline ${place} is `);
  });

  it('[TL8] refuses any other value with a code, at once, and shows little of it', () => {
    const word = fc.constantFrom('keyframes', 'loop', 'startTime', 'command', 'position', 'rate', 'x');
    const near = fc
      .array(fc.tuple(word, arbitraryValue), { maxLength: 5 })
      .map((value): Value => ({ type: 'map', value }));
    fc.assert(
      fc.property(fc.oneof(arbitraryValue, near), (value) => {
        try {
          decodeTimelineRequest(value);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 1000 },
    );
    expect(refusalOf(fromJson({ command: 'x'.repeat(60_000) })).message.length).toBeLessThan(200);
  });

  it('[TL9] takes only what goes on in one frame, with its state and the longest address', () => {
    const withText = (size: number): Timeline => ({
      keyframes: [{ time: micros(1), value: text('x'.repeat(size)), easing: 'linear' }],
      loop: true,
      startTime: micros(2 ** 52),
      duration: micros(10),
    });
    const size = timelineBytesMax - encodedSize(encodeTimeline(withText(0)));
    const largest = decodeTimeline(encodeTimeline(withText(size)));
    expect(refusalOf(encodeTimeline(withText(size + 1)))).toMatchObject({
      code: 'frame-too-large',
      details: { sizeBytes: timelineBytesMax + 1, sizeBytesMax: timelineBytesMax },
    });
    const status = { state: 'finished', position: micros(10), rate: 0.01, loop: true, at: micros(2 ** 52) } as const;
    const report = encodeTimelineReport({ timeline: largest, status });
    const address = `/${'é'.repeat(511)}`;
    const message = { type: messageType.publish, kind: 'timeline', address, value: WireValue.of(report) } as const;
    const frame = encodeFrame({ ...message, timestamp: 2n ** 60n, id: 1, rate: 1 });
    expect(valueIn(frame)).toEqual(report);
  });
});
