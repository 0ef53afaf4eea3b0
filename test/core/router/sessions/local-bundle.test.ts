import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64, fromJson, toJson, type Signal } from '../../../../src-main/contract/signal.ts';
import { micros, millis } from '../../../../src-main/contract/units.ts';
import { waitingBytesOf } from '../../../../src-main/core/router/sessions/local-bundle.ts';
import { addressed, pattern, RouterFixture, subscribe } from '../router-fixture.ts';

const param = (address: string, value: number): Signal => ({
  kind: 'param',
  address: parseAddress(address),
  value: f64(value),
});
const inMs = ({ clock }: RouterFixture, ms: number) => micros(clock.nowMicros() + ms * 1000);

describe('signals that a participant in the process times', () => {
  it('[RT480] are published at their time, all together, and nothing of them before', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(subscribe('/**'));
    await fixture.settle();
    const desk = fixture.router.openLocal('desk');
    const batches: string[][] = [];
    fixture.router
      .openLocal('ear')
      .subscribe(
        pattern('/**'),
        (all) => void batches.push(all.map(({ signal }) => `${signal.address} ${String(toJson(signal.value))}`)),
      );
    expect(desk.schedule([param('/a', 1), param('/b', 2)], inMs(fixture, 20))).toBe('waits');
    fixture.clock.advance(19);
    expect([batches, fixture.router.get(parseAddress('/a'))]).toEqual([[], undefined]);
    fixture.clock.advance(1);
    await fixture.settle();
    expect(batches).toEqual([['/a 1', '/b 2']]);
    expect(addressed(peer.take())).toEqual([
      ['/a', 1],
      ['/b', 2],
    ]);
  });

  it('[RT480] are published at once when their time is over, or left out by the policy of the show', () => {
    const fixture = new RouterFixture();
    const desk = fixture.router.openLocal('desk');
    expect(desk.schedule([param('/a', 1)], inMs(fixture, -5000))).toBe('done');
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(1));
    fixture.router.judgeLate({ late: 'drop', tolerance: millis(100) });
    expect(desk.schedule([param('/a', 2)], inMs(fixture, -100))).toBe('done');
    expect(desk.schedule([param('/a', 3)], inMs(fixture, -101))).toBe('late');
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(2));
    expect(fixture.router.stats().missedBundlesTotal).toBe(1);
  });

  it('[RT481] are refused where too much waits, or too far ahead', () => {
    const fixture = new RouterFixture({ scheduledMax: 4 });
    const desk = fixture.router.openLocal('desk');
    expect(desk.schedule([param('/a', 1)], inMs(fixture, 2 * 86_400_000))).toBe('full');
    const outcomes = Array.from({ length: 6 }, () => desk.schedule([param('/a', 1)], inMs(fixture, 10)));
    expect(outcomes).toContain('waits');
    expect(outcomes.at(-1)).toBe('full');
  });

  it('[RT481] are forgotten when it closes, and those of others are not', () => {
    const fixture = new RouterFixture();
    const [desk, other] = [fixture.router.openLocal('desk'), fixture.router.openLocal('other')];
    desk.schedule([param('/a', 1)], inMs(fixture, 10));
    other.schedule([param('/b', 2)], inMs(fixture, 10));
    desk.close();
    fixture.clock.advance(10);
    expect([fixture.router.get(parseAddress('/a')), fixture.router.get(parseAddress('/b'))]).toEqual([
      undefined,
      f64(2),
    ]);
  });

  it('[RT481] count by what they hold', () => {
    const sizeOf = (json: unknown): number => waitingBytesOf([{ ...param('/a', 0), value: fromJson(json) }]);
    expect(sizeOf('x'.repeat(1000))).toBeGreaterThan(1000);
    expect(sizeOf(new Uint8Array(1000))).toBeGreaterThan(1000);
    expect(sizeOf([1, 2, { key: 'value' }])).toBeGreaterThan(sizeOf(1));
  });
});
