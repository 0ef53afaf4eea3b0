import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { FrameSchedule, frameIntervalMicros, keepAliveMicros } from '../../../src-main/core/dmx/frame-schedule.ts';

describe('FrameSchedule', () => {
  it('[SA4] has nothing to send before the first change', () => {
    expect(new FrameSchedule().dueAt).toBeUndefined();
  });

  it('[SA6] repeats a frame three times at the full rate, then sends it slowly', () => {
    const schedule = new FrameSchedule();
    schedule.change();
    const gaps: number[] = [];
    for (let now = 1_000_000; gaps.length < 6;) {
      schedule.sent(micros(now));
      gaps.push((schedule.dueAt ?? 0) - now);
      now = schedule.dueAt ?? 0;
    }
    const [fast, slow] = [frameIntervalMicros, keepAliveMicros];
    expect(gaps).toEqual([fast, fast, fast, slow, slow, slow]);
    expect(slow).toBeGreaterThanOrEqual(800_000);
    expect(slow).toBeLessThan(1_000_000);
    expect(1_000_000 / fast).toBeLessThanOrEqual(44);
  });

  it('[SA5] lets a change after rest go at once, and one in between after a frame of DMX', () => {
    const schedule = new FrameSchedule();
    schedule.change();
    expect(schedule.dueAt).toBe(0);
    schedule.sent(micros(1_000_000));
    schedule.change();
    expect(schedule.dueAt).toBe(1_000_000 + frameIntervalMicros);
  });

  it('[SA5] is not slowed down by timers that run up to 2 ms late, and has 44 frames in any second at most', () => {
    const late = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(late, fc.boolean(), (lateMicros, isCalm) => {
        const schedule = new FrameSchedule();
        const sentAt: number[] = [];
        for (const each of lateMicros) {
          schedule.change();
          const now = Math.max(1_000_000, schedule.dueAt ?? 0) + (isCalm ? each % 2001 : each);
          schedule.sent(micros(now));
          sentAt.push(now);
        }
        for (let i = 44; i < sentAt.length; i++)
          expect((sentAt[i] ?? 0) - (sentAt[i - 44] ?? 0)).toBeGreaterThanOrEqual(1_000_000);
        if (isCalm) expect((199 * 1_000_000) / ((sentAt[199] ?? 0) - (sentAt[0] ?? 0))).toBeGreaterThan(43.8);
      }),
      { seed: 20261123 },
    );
  });

  it('[AN12] keeps an unchanged frame alive at the pace that is set', () => {
    const schedule = new FrameSchedule(3_000_000);
    schedule.change();
    for (const now of [0, 1, 2, 3]) schedule.sent(micros(now));
    expect(schedule.dueAt).toBe(3_000_003);
  });
});
