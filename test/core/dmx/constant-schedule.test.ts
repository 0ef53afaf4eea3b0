import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hertz, micros } from '../../../src-main/contract/units.ts';
import { ConstantSchedule } from '../../../src-main/core/dmx/constant-schedule.ts';

const start = 1_700_000_000_000_000;

describe('a constant schedule', () => {
  it('[DU2] begins with the first change, at once, and goes on by itself', () => {
    const schedule = new ConstantSchedule(() => hertz(40));
    expect(schedule.dueAt).toBeUndefined();
    schedule.change();
    expect(schedule.dueAt).toBe(0);
    schedule.sent(micros(start));
    expect(schedule.dueAt).toBe(start + 25_000);
    schedule.change();
    expect(schedule.dueAt).toBe(start + 25_000);
    schedule.sent(micros(start + 25_000));
    expect(schedule.dueAt).toBe(start + 50_000);
  });

  it('[DU2] keeps its rate over any lateness, and sends nothing twice for what it missed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 44 }),
        fc.array(fc.integer({ min: 0, max: 3_000_000 }), { maxLength: 60 }),
        (rate, lates) => {
          const schedule = new ConstantSchedule(() => hertz(rate));
          const interval = 1_000_000 / rate;
          schedule.change();
          let now = start;
          schedule.sent(micros(now));
          for (const late of lates) {
            const due = schedule.dueAt ?? 0;
            expect(due).toBeGreaterThan(now);
            expect(due - now).toBeLessThanOrEqual(Math.ceil(interval));
            // Every frame is due at a whole number of intervals after the first.
            const beats = (due - start) / interval;
            expect(Math.abs(beats - Math.round(beats)) * interval).toBeLessThan(2);
            now = due + late;
            schedule.sent(micros(now));
          }
        },
      ),
    );
  });

  it('[DU17] takes over another rate with the next frame', () => {
    let rate = hertz(1);
    const schedule = new ConstantSchedule(() => rate);
    schedule.change();
    schedule.sent(micros(start));
    expect(schedule.dueAt).toBe(start + 1_000_000);
    rate = hertz(20);
    schedule.sent(micros(start + 1_000_000));
    expect(schedule.dueAt).toBe(start + 1_050_000);
  });
});
