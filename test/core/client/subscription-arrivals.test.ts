import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64, fromJson } from '../../../src-main/contract/signal.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { silentLog } from '../../silent-log.ts';
import { publish, RouterFixture } from '../router/router-fixture.ts';
import { address, pattern } from './addresses.ts';
import { LossyEnd } from './lossy-link.ts';
import { openClient, ScriptedRouter } from './scripted-router.ts';

/** The same connection, but one that says it loses frames. */
const unreliable = (connection: Connection): Connection =>
  new Proxy(connection, {
    get: (target, key) => {
      if (key === 'reliable') return false;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

const snapshot = (...names: string[]): Message => ({
  type: messageType.snapshot,
  params: names.map((name) => ({ address: name, value: WireValue.of(f64(1)), revision: 1n })),
});

describe('a subscription over a link that loses frames', () => {
  it('[RT188] is asked for again under its id until it is acknowledged, and anew while something is missing', async () => {
    const router = new ScriptedRouter({ wrap: unreliable });
    const { client } = await openClient(router);
    const got: string[] = [];
    client.subscribe(pattern('/**'), ({ signal }) => got.push(signal.address));
    await router.clock.advanceAsync(700);
    const asked = router.takeOnly(messageType.subscribe);
    expect(asked.length).toBe(3);
    expect(new Set(asked.map(({ timestamp }) => timestamp)).size).toBe(1);
    const [first] = asked;
    router.send(snapshot('/a'), first?.timestamp);
    router.ack(first!, { revision: 3n });
    await router.clock.advanceAsync(5000);
    const again = router.takeOnly(messageType.subscribe);
    expect(again[0]?.timestamp).not.toBe(first?.timestamp);
    router.send(snapshot('/b'), again[0]?.timestamp);
    router.send(publish('timeline', '/t', fromJson({ state: 'stopped' })), again[0]?.timestamp);
    router.ack(again[0]!, { revision: 3n });
    await router.settle();
    router.take();
    await router.clock.advanceAsync(8000);
    expect(router.takeOnly(messageType.subscribe)).toEqual([]);
    expect(got).toEqual(['/a', '/b', '/t']);
  });

  it('[RT188] is asked for no more once it has ended or was refused; its end is repeated until it is acknowledged', async () => {
    const router = new ScriptedRouter({ wrap: unreliable });
    const { client } = await openClient(router);
    const cancel = client.subscribe(pattern('/a'), () => undefined);
    let refused = 0;
    client.subscribe(pattern('/b'), () => undefined, { onRefused: () => refused++ });
    await router.settle();
    const [, other] = router.takeOnly(messageType.subscribe);
    cancel();
    router.error(other!, 429);
    await router.clock.advanceAsync(1000);
    const heard = router.take();
    expect(heard.every(({ message }) => message.type === messageType.unsubscribe)).toBe(true);
    expect(heard.length).toBeGreaterThan(1);
    router.ack(heard[0]!);
    await router.settle();
    router.take();
    await router.clock.advanceAsync(10_000);
    expect([router.takeOnly(messageType.subscribe), refused]).toEqual([[], 1]);
  });

  it('[RT188] is asked for once where frames do not get lost, or the router says nothing of it', async () => {
    for (const options of [{}, { wrap: unreliable, knowsIds: false }]) {
      const router = new ScriptedRouter(options);
      const { client } = await openClient(router);
      client.subscribe(pattern('/a'), () => undefined);
      await router.clock.advanceAsync(10_000);
      expect(router.takeOnly(messageType.subscribe)).toHaveLength(1);
    }
  });

  it('[RT189] gets everything that was there from our own router, whatever the link does, and then what comes', async () => {
    const run = fc.record({
      seed: fc.nat(),
      loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
      repeat: fc.double({ min: 0, max: 0.5, noNaN: true }),
      params: fc.constantFrom(0, 1, 5, 900),
      timelines: fc.nat({ max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ seed, loss, repeat, params, timelines }) => {
        const fixture = new RouterFixture();
        const writer = fixture.router.openLocal('writer');
        const names = Array.from({ length: params }, (_, i) => `/p/${i}`);
        writer.publish(names.map((name) => ({ kind: 'param', address: address(name), value: f64(1) })));
        const stopped = fromJson({ keyframes: [{ time: 0, value: 0 }], autoplay: false });
        const timed = Array.from({ length: timelines }, (_, i) => `/t/${i}`);
        writer.publish(timed.map((name) => ({ kind: 'timeline', address: address(name), value: stopped })));
        const chance = seeded(seed);
        const client = createClaspClient({
          dial: () => {
            const [near, far] = LossyEnd.pair({ clock: fixture.clock, chance, loss, repeat, delayMs: 100 });
            fixture.router.accept(far);
            return Promise.resolve(near);
          },
          clock: fixture.clock,
          random: { fraction: chance, uuid: () => `resume ${seed}` },
          log: silentLog,
          name: 'tester',
        });
        const got = new Set<string>();
        client.subscribe(pattern('/**'), ({ signal }) => got.add(signal.address));
        client.connect();
        for (let i = 0; i < 30_000 && got.size < params + timelines; i++) await pass(fixture, 20);
        expect([...got].sort()).toEqual([...names, ...timed].sort());
        for (let i = 0; i < 3000 && fixture.router.stats().subscriptions === 0; i++) await pass(fixture, 20);
        expect(fixture.router.stats().subscriptions).toBe(1);
        client.close();
        fixture.router.close('over');
      }),
      { numRuns: 60 },
    );
  });
});

async function pass(fixture: RouterFixture, ms: number): Promise<void> {
  await fixture.clock.advanceAsync(ms);
  await fixture.settle();
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
