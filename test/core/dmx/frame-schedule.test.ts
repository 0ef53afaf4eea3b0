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

  it('[AN12] keeps an unchanged frame alive at the pace that is set', () => {
    const schedule = new FrameSchedule(3_000_000);
    schedule.change();
    for (const now of [0, 1, 2, 3]) schedule.sent(micros(now));
    expect(schedule.dueAt).toBe(3_000_003);
  });
});
