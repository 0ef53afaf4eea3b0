import { describe, expect, it } from 'vitest';
import { aheadMaxMicros, BundleSchedule, waitingMax } from '../../../src-main/bridges/osc/bundle-schedule.ts';
import type { OscMessage } from '../../../src-main/bridges/osc/osc-codec.ts';
import { nullValue } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('BundleSchedule', () => {
  it('[OS5] runs what is timed for now or the past at once, neighbours together, and the rest at its time', () => {
    const { clock, schedule, ran, message } = set();
    expect(
      schedule.take([message('/a'), message('/b', -1), message('/c', 500), message('/d', 500), message('/e')]),
    ).toBe(0);
    expect(ran).toEqual([['/a', '/b'], ['/e']]);
    clock.advance(500);
    expect(ran.at(-1)).toEqual(['/c', '/d']);
  });

  it('[OS5] runs at once, and reports, what is timed more than ten seconds ahead', () => {
    const { clock, schedule, ran, message } = set();
    expect(schedule.take([message('/near', aheadMaxMicros / 1000), message('/far', aheadMaxMicros / 1000 + 1)])).toBe(
      1,
    );
    expect(ran).toEqual([['/far']]);
    expect(clock.waiting).toBe(1);
  });

  it('[OS5] holds so many groups and no more; the excess is run at once and reported', () => {
    const { clock, schedule, ran, message } = set();
    for (let i = 0; i < waitingMax; i++) expect(schedule.take([message('/held', 100)])).toBe(0);
    expect(schedule.take([message('/excess', 100)])).toBe(1);
    expect(ran).toEqual([['/excess']]);
    clock.advance(100);
    expect(ran).toHaveLength(waitingMax + 1);
    expect(schedule.take([message('/held', 100)])).toBe(0);
  });
});

function set() {
  const clock = new SimulatedClock();
  const ran: string[][] = [];
  const schedule = new BundleSchedule(clock, (messages) => ran.push(messages.map(({ address }) => address)));
  const message = (address: string, aheadMs?: number): OscMessage => ({
    address,
    value: nullValue,
    ...(aheadMs === undefined ? {} : { at: micros(clock.nowMicros() + aheadMs * 1000) }),
  });
  return { clock, schedule, ran, message };
}
