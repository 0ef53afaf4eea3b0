import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import { createPublishLimit, heldParamsMax, publishesMax } from '../../src-main/engine/publish-limit.ts';
import { SimulatedClock } from '../simulated-clock.ts';

function bench() {
  const clock = new SimulatedClock();
  const passed: Signal[] = [];
  const limit = createPublishLimit(clock, (batch) => passed.push(...batch));
  return { clock, passed, limit };
}
const param = (address: string, value = 0): Signal => ({
  kind: 'param',
  address: parseAddress(address),
  value: f64(value),
});
const events = (count: number): Signal[] =>
  Array.from({ length: count }, () => ({ kind: 'event', address: parseAddress('/e'), value: f64(0) }));

describe('createPublishLimit', () => {
  it('[SU14] lets everything pass at once up to its limit, second after second', () => {
    const { clock, passed, limit } = bench();
    for (let each = 1; each <= 3; each++) {
      limit.publish(events(publishesMax));
      expect(passed).toHaveLength(each * publishesMax);
      clock.advance(1000);
    }
    expect([limit.droppedTotal(), limit.trouble(), clock.waiting]).toEqual([0, undefined, 0]);
  });

  it('[SU52] takes what comes together as a whole, or leaves it out as a whole', () => {
    const { clock, passed, limit } = bench();
    limit.publish(events(publishesMax - 10));
    expect([limit.takes(10), limit.takes(1)]).toEqual([true, false]);
    expect([limit.droppedTotal(), passed.length]).toEqual([0, publishesMax - 10]);
    expect(limit.trouble()).toContain(`more than ${publishesMax} signals a second`);
    clock.advance(1000);
    expect(limit.takes(publishesMax)).toBe(true);
  });

  it('[SU14] keeps of the excess the newest value of each param, and counts the rest', () => {
    const { clock, passed, limit } = bench();
    limit.publish(events(publishesMax));
    limit.publish([param('/a', 1), param('/b', 2), ...events(2), param('/a', 3)]);
    expect([passed.length, limit.droppedTotal()]).toEqual([publishesMax, 3]);
    clock.advance(1000);
    expect(passed.slice(publishesMax)).toEqual([param('/a', 3), param('/b', 2)]);
    limit.publish([param('/a', 4)]);
    expect(passed.at(-1)).toEqual(param('/a', 4));
  });

  it('[SU14] holds no more params than its limit, and passes no more than its limit however long it lasts', () => {
    const { clock, passed, limit } = bench();
    const flood = Array.from({ length: publishesMax + heldParamsMax + 7 }, (_, i) => param(`/p/${i}`));
    limit.publish(flood);
    expect([passed.length, limit.droppedTotal()]).toEqual([publishesMax, 7]);
    for (let second = 1; second <= 20; second++) {
      clock.advance(1000);
      limit.publish(flood);
      expect(passed.length).toBeLessThanOrEqual((second + 1) * publishesMax);
    }
    expect(limit.trouble()).toMatch(/^It brings more than 5000 signals a second/);
    limit.stop();
    const before = passed.length;
    clock.advance(5000);
    expect([passed.length - before, limit.trouble(), clock.waiting]).toEqual([0, undefined, 0]);
  });

  it('[SU14] stops a circle that answers each signal at once from running without end', () => {
    const clock = new SimulatedClock();
    let rounds = 0;
    const around: Signal[] = [];
    const limit = createPublishLimit(clock, (batch) => {
      rounds += batch.length;
      around.push(...batch);
    });
    limit.publish([param('/a')]);
    for (let next = around.shift(); next; next = around.shift()) limit.publish([next]);
    expect(rounds).toBe(publishesMax);
    clock.advance(1000);
    expect(rounds).toBe(publishesMax + 1);
  });
});
