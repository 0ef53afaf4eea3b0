import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJson, toJson, type Value } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { decodeTimelineRequest } from '../../../src-main/core/timeline/timeline-carrier.ts';
import {
  decodeTimelineReport,
  encodeTimelineReport,
  type TimelineReport,
} from '../../../src-main/core/timeline/timeline-report.ts';
import { arbitraryTimeline, line } from './arbitrary-timeline.ts';

const instant = fc.nat().map((value) => value as Micros);
const arbitraryReport: fc.Arbitrary<TimelineReport> = fc
  .record({
    timeline: fc.option(arbitraryTimeline, { nil: undefined }),
    status: fc.record({
      state: fc.constantFrom(
        'waiting' as const,
        'playing' as const,
        'paused' as const,
        'stopped' as const,
        'finished' as const,
      ),
      position: instant,
      rate: fc.double({ min: 0.01, max: 100, noNaN: true }),
      loop: fc.boolean(),
      at: instant,
    }),
  })
  .map(({ timeline, status }) => ({ timeline, status: { ...status, loop: timeline?.loop ?? status.loop } }));
const status = { state: 'playing', position: 5, rate: 1, loop: false, at: 7 };

describe('what a late joiner is told', () => {
  it('[TL11] comes back from the wire as it was', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const sent = WireValue.of(encodeTimelineReport(report));
        expect(decodeTimelineReport(new WireValue(sent.code, sent.data).value)).toEqual(report);
      }),
    );
  });

  it('[TL11] is the timeline’s own map with its state behind', () => {
    const timeline = line([[0, 0], [1, 1]]); // prettier-ignore
    const value = encodeTimelineReport({
      timeline,
      status: { ...status, state: 'paused', position: micros(5), at: micros(7) },
    });
    const keys = value.type === 'map' ? value.value.map(([key]) => key) : [];
    expect(keys).toEqual(['keyframes', 'loop', 'state', 'position', 'rate', 'at']);
    expect(toJson(value)).toMatchObject({ ...status, state: 'paused' });
  });

  it('[TL12] asks for nothing when it comes back, in full or in short', () => {
    const report = { timeline: line([[0, 0], [1, 1]]), status: { state: 'playing', position: micros(5), rate: 1, loop: false, at: micros(7) } } as const; // prettier-ignore
    for (const value of [encodeTimelineReport(report), encodeTimelineReport({ ...report, timeline: undefined })]) {
      expect(() => decodeTimelineRequest(value)).toThrow(
        expect.objectContaining({ code: 'bad-timeline', details: { place: 'state' } }),
      );
    }
  });

  it('[TL11] has the state alone where no frame could carry the keyframes', () => {
    const timeline = line(Array.from({ length: 3000 }, (_, i) => [i, i]));
    const value = encodeTimelineReport({
      timeline,
      status: { state: 'playing', position: micros(5), rate: 1, loop: false, at: micros(7) },
    });
    expect(toJson(value)).toEqual(status);
    expect(decodeTimelineReport(value)).toEqual({ timeline: undefined, status });
  });

  it.each<[string, Value]>([
    ['state', fromJson({ ...status, state: 'running' })],
    ['state', fromJson({ ...status, state: 5 })],
    ['position', fromJson({ ...status, position: null })],
    ['rate', fromJson({ ...status, rate: 'fast' })],
    ['loop', fromJson({ ...status, loop: 1 })],
    ['at', fromJson({ ...status, at: Number.NaN })],
    ['keyframes', fromJson({ ...status, keyframes: [] })],
  ])('[TL11] is refused at %s', (place, value) => {
    expect(() => decodeTimelineReport(value)).toThrow(
      expect.objectContaining({ code: 'bad-timeline', details: { place } }),
    );
  });
});
