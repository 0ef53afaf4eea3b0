import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import { correlationOf } from '../../../src-main/core/protocol/correlation.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type SnapshotParam } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { placedFrame, type PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import { silentLog } from '../../silent-log.ts';
import { Valve } from '../router/valve.ts';
import { address, pattern } from './addresses.ts';
import { clientOf, openClient, ScriptedRouter, welcomeAt } from './scripted-router.ts';

const value = WireValue.of(f64(7));
const set = (at: string, revision = 1n): Message => ({ type: messageType.set, address: at, value, revision });
const event = (at: string): Message => ({ type: messageType.publish, kind: 'event', address: at, value });
const param = (at: string): SnapshotParam => ({ address: at, value, revision: 4n, writer: 'w', timestamp: 5n });
const addresses = (received: readonly Received[]): string[] => received.map(({ signal }) => signal.address);

describe('subscriptions', () => {
  it('[CC30] are made with their options, and again with the same after a reconnect, before all else', async () => {
    const router = new ScriptedRouter();
    const { client } = clientOf(router);
    const options = { maxRate: 30, epsilon: 0.5, history: 3, window: 100 };
    client.subscribe(pattern('/a/*'), () => undefined, { types: ['param', 'event'], ...options });
    client.set(address('/x'), f64(1)).catch(() => undefined);
    await router.settle();
    client.subscribe(pattern('/b'), () => undefined);
    const cancel = client.subscribe(pattern('/c'), () => undefined);
    cancel();
    cancel();
    await router.settle();
    const subscribe = { type: messageType.subscribe, id: 1, pattern: '/a/*', types: 3, options };
    const other = { type: messageType.subscribe, id: 2, pattern: '/b', types: 0xff };
    const first = router.take();
    expect(first.map(({ message }) => message)).toMatchObject([
      subscribe,
      { type: messageType.set },
      other,
      { type: messageType.subscribe, id: 3 },
      { type: messageType.unsubscribe, id: 3 },
    ]);
    router.cut();
    await router.clock.advanceAsync(1000);
    const again = router.take().map(({ message }) => message);
    expect(again).toMatchObject([subscribe, other, { type: messageType.set }]);
    expect(again).toHaveLength(3);
  });

  it('[CC30] leave in one write where the framing allows', async () => {
    const valve = new Valve('length32');
    const router = new ScriptedRouter();
    let hear: (frame: PlacedFrame) => void = () => undefined;
    valve.onFrame = ((run: typeof hear) => {
      hear = run;
      return () => undefined;
    }) as never;
    const { client } = clientOf({ clock: router.clock, dial: () => Promise.resolve(valve) });
    for (let i = 0; i < 100; i++) client.subscribe(pattern(`/a/${i}`), () => undefined);
    client.set(address('/x'), f64(1)).catch(() => undefined);
    await router.settle();
    hear(placedFrame(encodeFrame(welcomeAt(1n))));
    expect(valve.chunks).toHaveLength(2);
    expect(valve.messages()).toHaveLength(102);
  });

  it('[CC31] get each message that they cover and whose kind they want, once, in order', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const all: Received[] = [];
    const events: Received[] = [];
    const exact: Received[] = [];
    client.subscribe(pattern('/a/**'), (received) => all.push(received));
    client.subscribe(pattern('/a/*'), (received) => events.push(received), { types: ['event'] });
    client.subscribe(pattern('/a/b'), (received) => exact.push(received));
    const inner: Message = { type: messageType.bundle, messages: [set('/a/c'), event('/a/d')] };
    for (const message of [set('/a/b', 9n), event('/a/b'), { ...inner, messages: [inner, set('/b')] }, set('/a/b/c')]) {
      router.send(message);
    }
    await router.settle();
    expect(addresses(all)).toEqual(['/a/b', '/a/b', '/a/c', '/a/d', '/a/b/c']);
    expect(addresses(events)).toEqual(['/a/b', '/a/d']);
    expect(exact).toEqual([
      { signal: { kind: 'param', address: '/a/b', value: f64(7) }, isSnapshot: false, revision: 9n },
      { signal: { kind: 'event', address: '/a/b', value: f64(7) }, isSnapshot: false },
    ]);
    const late: Received[] = [];
    client.subscribe(pattern('/a/b'), (received) => late.push(received));
    router.send(set('/a/b'));
    router.send(set('no address'));
    await router.settle();
    expect([late.length, exact.length, client.stats().ignoredTotal]).toEqual([1, 3, 1]);
  });

  it('[RT290] get the timelines that are there marked as such too, also while they wait for their past', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    router.take();
    const got: Received[] = [];
    client.subscribe(pattern('/a'), (received) => got.push(received), { history: 3 });
    await router.settle();
    const [asked] = router.take();
    const timeline: Message = { type: messageType.publish, kind: 'timeline', address: '/a', value };
    router.send(timeline, asked?.timestamp);
    await router.settle();
    expect(got).toMatchObject([{ signal: { kind: 'timeline' }, isSnapshot: true }]);
  });

  it('[CC32] get what is there marked as snapshot, with its record', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const got: Received[] = [];
    const events: Received[] = [];
    client.subscribe(pattern('/a'), (received) => got.push(received));
    client.subscribe(pattern('/a'), (received) => events.push(received), { types: ['event'] });
    router.send({ type: messageType.snapshot, params: [param('/a'), { address: '/a', value, revision: 5n }] });
    await router.settle();
    const signal = { kind: 'param', address: '/a', value: f64(7) };
    expect(got).toEqual([
      { signal, isSnapshot: true, revision: 4n, writer: 'w', storedAt: 5 },
      { signal, isSnapshot: true, revision: 5n },
    ]);
    expect(events).toEqual([]);
  });

  it('[CC32] get a SNAPSHOT that names the SUBSCRIBE it answers alone, and none that answers a GET', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const [first, second]: [Received[], Received[]] = [[], []];
    client.subscribe(pattern('/a'), (received) => first.push(received));
    client.subscribe(pattern('/a'), (received) => second.push(received));
    client.get(address('/a')).catch(() => undefined);
    await router.settle();
    const [, asked, get] = router.take();
    router.send({ type: messageType.snapshot, params: [param('/a')] }, asked?.timestamp);
    router.send({ type: messageType.snapshot, params: [param('/a')] }, get?.timestamp);
    await router.settle();
    expect([first.length, second.length]).toEqual([0, 1]);
  });

  it.each([true, false])(
    '[CC33] are told when the router refuses them, and asked for again (ids: %s)',
    async (knowsIds) => {
      const router = new ScriptedRouter({ knowsIds });
      const { client } = await openClient(router);
      const refusals: unknown[] = [];
      client.subscribe(pattern('/a'), () => undefined, {
        onRefused: ({ code, details }) => refusals.push([code, details]),
      });
      await router.settle();
      const [asked] = router.take();
      router.send({
        type: messageType.error,
        code: 301,
        message: 'no',
        address: '/a',
        ...(knowsIds && { correlationId: correlationOf(asked?.timestamp ?? 0n) }),
      });
      await router.settle();
      expect(refusals).toEqual([['access-refused', { number: 301, address: '/a' }]]);
      router.cut();
      await router.clock.advanceAsync(1000);
      expect(router.takeOnly(messageType.subscribe)).toHaveLength(1);
    },
  );

  it('[CC34] that fail are logged and harm no other; one that ended hears nothing, also at once', async () => {
    const errors: string[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const router = new ScriptedRouter();
    const { client } = await openClient(router, { log });
    const got: string[] = [];
    client.subscribe(pattern('/a'), () => {
      cancel();
      throw new Error('bad subscriber');
    });
    const cancel = client.subscribe(pattern('/a'), () => got.push('ended'));
    client.subscribe(pattern('/a'), () => got.push('last'));
    client.onState(() => {
      throw new Error('bad listener');
    });
    router.send(set('/a'));
    await router.settle();
    expect([got, errors]).toEqual([['last'], ['subscriber failed']]);
    client.close();
    expect(errors).toEqual(['subscriber failed', 'listener failed']);
  });

  it('[CC35] are bounded, and a bad pattern is refused', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    expect(() => client.subscribe('a' as never, () => undefined)).toThrow(
      expect.objectContaining({ code: 'bad-pattern' }),
    );
    const cancels = Array.from({ length: 1000 }, () => client.subscribe(pattern('/a'), () => undefined));
    expect(() => client.subscribe(pattern('/a'), () => undefined)).toThrow(
      expect.objectContaining({ code: 'too-many-subscriptions' }),
    );
    cancels[0]?.();
    client.subscribe(pattern('/a'), () => undefined);
  });

  it('[CC25] that find no room in the queue are refused and not asked for later', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router, { limits: { queueMax: 1 } });
    router.stall();
    const fill = (): Promise<unknown> =>
      client.publish({ kind: 'event', address: address('/x'), value: f64(1) }, { qos: 'fire' });
    const isFull = (): boolean => client.stats().queued > 0;
    while (!isFull()) await fill();
    expect(() => client.subscribe(pattern('/a'), () => undefined)).toThrow(
      expect.objectContaining({ code: 'queue-full' }),
    );
    router.cut();
    await router.clock.advanceAsync(1000);
    expect(client.state().phase).toBe('open');
    expect(router.takeOnly(messageType.subscribe)).toEqual([]);
  });
});
