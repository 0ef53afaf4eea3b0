import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { tryRevive } from '../../../src-main/core/timeline/revived-player.ts';
import type { TimelineStatus } from '../../../src-main/core/timeline/timeline-report.ts';
import { line } from './arbitrary-timeline.ts';

const timeline = line([[0, 0], [100, 100]]); // prettier-ignore
const status: TimelineStatus = { state: 'playing', position: micros(0), rate: 1, loop: false, at: micros(1000) };

describe('a timeline of an earlier run', () => {
  it('[TL81] plays on as if it had never stopped', () => {
    const revived = tryRevive({ timeline, status }, micros(51_000));
    expect(revived?.player.at(micros(51_000))).toEqual({ state: 'playing', position: 50_000, value: f64(50) });
    expect(revived?.amount).toMatchObject({ timelines: 1, points: 2 });
  });

  it('[TL82] plays on from where it was written where the clock was set back', () => {
    expect(tryRevive({ timeline, status }, micros(500))?.player.at(micros(10_500)).position).toBe(10_000);
  });

  it('[TL87] that makes no sense is none', () => {
    expect(tryRevive({ timeline: undefined, status }, micros(0))).toBeUndefined();
    expect(tryRevive({ timeline: { ...timeline, keyframes: [] }, status }, micros(0))).toBeUndefined();
    expect(tryRevive({ timeline, status: { ...status, rate: 0 } }, micros(0))).toBeUndefined();
  });
});
