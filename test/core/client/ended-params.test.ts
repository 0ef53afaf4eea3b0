import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../../src-main/contract/address.ts';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import type { SubscribeRequest } from '../../../src-main/core/client/subscriptions.ts';
import { address, pattern } from './addresses.ts';
import { Together } from './together.ts';

const short = { ttl: { seconds: 1, absolute: true } };

/** What a subscriber was told, in its order. */
function listen(client: ClaspClient, to: string, request?: SubscribeRequest): unknown[][] {
  const heard: unknown[][] = [];
  const take = ({ signal }: Received): void => void heard.push([signal.address, toJson(signal.value)]);
  client.subscribe(pattern(to), take, request);
  return heard;
}

describe('a client of our own router that comes back', () => {
  it('[CC150] hears the end of what expired meanwhile, once, with any option, and new values alone', async () => {
    const all = new Together();
    const [desk, lamp] = [await all.join(), await all.join()];
    const options: SubscribeRequest[] = [{}, { maxRate: 1 }, { epsilon: 5 }, { history: 9 }, { types: ['param'] }];
    const heard = options.map((request) => listen(lamp, '/a/*', request));
    const events = listen(lamp, '/a/*', { types: ['event', 'stream'] });
    await all.fixture.settle();
    for (const name of ['gone', 'back']) await all.outcome(desk.set(address(`/a/${name}`), f64(1), short));
    await all.outcome(desk.set(address('/a/stays'), f64(1)));
    for (const one of heard) expect(one.splice(0)).toHaveLength(3);
    await all.whileAway(lamp, async () => {
      await all.pass(1100);
      await all.outcome(desk.set(address('/a/back'), f64(2)));
    });
    const told = [
      ['/a/back', 2],
      ['/a/gone', null],
      ['/a/stays', 1],
    ];
    for (const one of heard) expect(one.splice(0).sort()).toEqual(told);
    await all.whileAway(lamp, () => all.pass(100));
    for (const one of heard) expect(one.map(([at]) => at).sort()).toEqual(['/a/back', '/a/stays']);
    expect(events).toEqual([]);
  });

  it('[CC150] hears of all that a router which began anew does not have', async () => {
    const all = new Together();
    const [desk, lamp] = [await all.join(), await all.join()];
    const heard = listen(lamp, '/**');
    await all.outcome(desk.set(address('/a'), f64(1)));
    await all.outcome(desk.set(address('/b'), f64(2), short));
    heard.length = 0;
    await all.whileAway(lamp, () => {
      all.replaceRouter();
      return all.fixture.settle();
    });
    expect(heard).toEqual([
      ['/a', null],
      ['/b', null],
    ]);
  });

  it('[CC150] hears it behind the last of many SNAPSHOT frames, while others write', async () => {
    const all = new Together({ snapshotParamsMax: 8, scanPerTurnMax: 5 });
    const [desk, lamp] = [await all.join(), await all.join()];
    const heard = listen(lamp, '/**');
    const at = (n: number): Address => parseAddress(`/p/${n}`);
    for (let n = 0; n < 100; n++) void desk.set(at(n), f64(n), n % 2 === 0 ? short : {});
    await all.fixture.settle();
    heard.length = 0;
    await all.whileAway(lamp, async () => {
      await all.pass(1100);
      for (let n = 0; n < 100; n += 10) void desk.set(at(n), f64(-n));
    });
    const shown = new Map(heard.map(([key, value]) => [key, value]));
    expect(heard).toHaveLength(100);
    for (let n = 0; n < 100; n++) expect(shown.get(at(n))).toBe(n % 10 === 0 ? -n : n % 2 === 0 ? null : n);
  });

  it('[CC150] shows what the router has, whatever expires, comes back or is cut', async () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('set' as const), at: fc.nat(4), isShort: fc.boolean() }),
      fc.record({ does: fc.constant('away' as const), at: fc.nat(4), isShort: fc.boolean(), ms: fc.nat(2500) }),
      fc.record({ does: fc.constant('pass' as const), ms: fc.nat(1500) }),
      fc.record({ does: fc.constant('cut' as const) }),
    );
    const scripts = fc.array(step, { minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(scripts, fc.constantFrom({}, { maxRate: 2 }, { epsilon: 1 }), async (steps, request) => {
        const all = new Together({ snapshotParamsMax: 2, scanPerTurnMax: 2 });
        const [desk, lamp] = [await all.join(), await all.join()];
        const heard = [listen(lamp, '/**', request), listen(lamp, '/p/*')];
        let written = 0;
        const set = (at: number, isShort: boolean): Promise<unknown> =>
          all.outcome(desk.set(parseAddress(`/p/${at}`), f64(10 * ++written), isShort ? short : {}));
        for (const one of steps) {
          if (one.does === 'set') await set(one.at, one.isShort);
          else if (one.does === 'pass') await all.pass(one.ms);
          else if (one.does === 'cut') await all.cut(lamp);
          else
            await all.whileAway(lamp, async () => {
              await set(one.at, one.isShort);
              await all.pass(one.ms);
            });
        }
        await all.whileAway(lamp, () => all.pass(3000));
        await all.pass(2000);
        const there = [...all.fixture.router.params.records()].map(({ address: at, value }) => [
          at,
          toJson(value.value),
        ]);
        for (const one of heard) expect(shownBy(one)).toEqual(new Map(there as [unknown, unknown][]));
      }),
      { numRuns: 60 },
    );
  });
});

/** What stands in the end. An end that was heard is not heard again. */
function shownBy(heard: readonly unknown[][]): Map<unknown, unknown> {
  const shown = new Map<unknown, unknown>();
  for (const [at, value] of heard) {
    if (value !== null) shown.set(at, value);
    else expect(shown.delete(at)).toBe(true);
  }
  return shown;
}
