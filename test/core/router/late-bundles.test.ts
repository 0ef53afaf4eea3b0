import { describe, expect, it } from 'vitest';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { defaultLatePolicy, type LatePolicy } from '../../../src-main/core/clock/late-policy.ts';
import { messageType, type BundleMessage, type Message } from '../../../src-main/core/protocol/messages.ts';
import { cancelBundleAddress } from '../../../src-main/core/protocol/correlation.ts';
import { silentLog } from '../../silent-log.ts';
import { addressed, publish, RouterFixture, set, subscribe } from './router-fixture.ts';

const dropping: LatePolicy = { ...defaultLatePolicy, late: 'drop', tolerance: millis(50) };

async function rig(latePolicy: LatePolicy = dropping) {
  const fixture = new RouterFixture({}, silentLog, { latePolicy });
  const listener = await fixture.join();
  listener.send(subscribe('/**'));
  const sender = await fixture.joinWithIds();
  const bundleAt = (ms: number, ...messages: Message[]): BundleMessage => ({
    type: messageType.bundle,
    timestamp: BigInt(fixture.clock.nowMicros() + ms * 1000),
    messages,
  });
  /** The machine sleeps, and then has a turn. */
  const sleep = async (ms: number): Promise<void> => {
    await fixture.settle();
    fixture.clock.jump(ms);
    fixture.clock.advance(0);
    await fixture.settle();
  };
  return { fixture, sender, listener, bundleAt, sleep };
}

const bucketsOf = (fixture: RouterFixture) =>
  fixture.router.stats().bundlePunctuality.buckets.filter(({ count }) => count > 0);

describe('a BUNDLE that comes after its time', () => {
  it('[RT180] is done at once, or not at all and its sender told, as the policy says', async () => {
    for (const [policy, done] of [
      [defaultLatePolicy, 3],
      [dropping, 2],
    ] as const) {
      const { fixture, sender, listener, bundleAt } = await rig(policy);
      sender.ask(5, bundleAt(-50, set('/a', 1)), 'confirm');
      sender.ask(6, bundleAt(-51, set('/b', 1)), 'confirm');
      sender.ask(7, { ...bundleAt(0, set('/c', 1)), timestamp: 0n }, 'confirm');
      sender.ask(8, { type: messageType.bundle, messages: [set('/d', 1)] }, 'confirm');
      await fixture.settle();
      const missed = { type: messageType.error, code: 502 };
      const answers = sender.take();
      const isDropping = policy === dropping;
      expect(answers).toMatchObject([
        { type: messageType.ack, correlationId: 5 },
        { ...(isDropping ? missed : { type: messageType.ack }), correlationId: 6 },
        { ...(isDropping ? missed : { type: messageType.ack }), correlationId: 7 },
        { type: messageType.ack, correlationId: 8 },
      ]);
      expect(addressed(listener.take()).map(([address]) => address)).toHaveLength(isDropping ? done : done + 1);
      const { missedBundlesTotal, refusedTotal } = fixture.router.stats();
      expect([missedBundlesTotal, refusedTotal[502] ?? 0]).toEqual(isDropping ? [2, 2] : [0, 0]);
    }
  });
});

describe('another policy', () => {
  it('[RT264] judges from then on what comes, and what waits already', async () => {
    const { fixture, sender, listener, bundleAt, sleep } = await rig(defaultLatePolicy);
    sender.ask(5, bundleAt(10, set('/a', 1)), 'confirm');
    await fixture.settle();
    fixture.router.judgeLate({ late: 'drop', tolerance: millis(5) });
    await sleep(16);
    sender.ask(6, bundleAt(-6, set('/b', 1)), 'confirm');
    sender.ask(7, bundleAt(-5, set('/c', 1)), 'confirm');
    await fixture.settle();
    expect(sender.take()).toMatchObject([
      { type: messageType.ack, correlationId: 5 },
      { type: messageType.error, code: 502, correlationId: 5 },
      { type: messageType.error, code: 502, correlationId: 6 },
      { type: messageType.ack, correlationId: 7 },
    ]);
    fixture.router.judgeLate({ late: 'run', tolerance: millis(5) });
    sender.ask(8, bundleAt(-60_000, set('/d', 1)), 'confirm');
    await fixture.settle();
    expect(addressed(listener.take()).map(([address]) => address)).toEqual(['/c', '/d']);
  });
});

describe('a machine that slept', () => {
  it('[CK53] [RT181] drops under the policy what waited too long, and tells its client where that is by now', async () => {
    const { fixture, sender, listener, bundleAt, sleep } = await rig();
    sender.ask(5, bundleAt(1000, set('/a', 1)), 'confirm');
    sender.ask(6, bundleAt(1000, set('/b', 1)), 'commit');
    await fixture.settle();
    expect(sender.take()).toMatchObject([{ type: messageType.ack, correlationId: 5 }]);
    sender.connection.close('gone');
    const again = await fixture.joinWithIds();
    await sleep(3_600_000);
    expect(again.take()).toMatchObject([
      { type: messageType.error, code: 502, correlationId: 5 },
      { type: messageType.error, code: 502, correlationId: 6 },
    ]);
    expect(listener.take()).toEqual([]);
    expect(fixture.router.stats()).toMatchObject({ missedBundlesTotal: 2, scheduled: 0, params: 0 });
    expect(bucketsOf(fixture)).toEqual([]);
  });

  it('[CK53] runs everything late in its order otherwise, so many in one turn, and counts how late', async () => {
    const { fixture, sender, listener, bundleAt } = await rig(defaultLatePolicy);
    for (let i = 0; i < 2000; i++) sender.send(bundleAt(1 + i, set('/a', i)));
    await fixture.settle();
    listener.take();
    fixture.clock.jump(60_000);
    // The next frame of anybody is enough; then the clock's own turn comes.
    listener.send({ type: messageType.ping });
    fixture.turn();
    await Promise.resolve();
    const first = fixture.router.params.get('/a')?.revision;
    expect(first).toBe(1024n);
    fixture.clock.advance(0);
    await fixture.settle();
    const values = addressed(listener.take()).map(([, value]) => value);
    expect(values).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    expect(bucketsOf(fixture)).toEqual([{ upTo: Infinity, count: 2000 }]);
  });

  it('[CK53] ends params once, has timelines where the time says, and is no storm', async () => {
    const { sender, listener, sleep } = await rig();
    sender.send(set('/a', 1, { ttl: { seconds: 10, absolute: false } }));
    const ramp = [[0, 0], [7_200_000_000, 7200]] as const; // prettier-ignore
    const keyframes = ramp.map(([time, value]) => ({ time, value }));
    sender.send(publish('timeline', '/t', fromJson({ keyframes })));
    await sleep(0);
    listener.take();
    await sleep(3_600_000);
    const got = addressed(listener.take());
    expect(got.filter(([address]) => address === '/a')).toEqual([['/a', null]]);
    expect(got.filter(([address]) => address === '/t')).toEqual([['/t', 3600]]);
  });
});

describe('BUNDLEs for later', () => {
  it('[RT182] are counted by how late they began, where the router runs them', async () => {
    const { fixture, sender, bundleAt } = await rig();
    for (const ms of [10, 10, 20]) sender.send(bundleAt(ms, set('/a', 1)));
    await fixture.settle();
    expect(fixture.router.stats().scheduled).toBe(3);
    fixture.clock.advance(10);
    fixture.clock.jump(10.7);
    fixture.clock.advance(0);
    expect(bucketsOf(fixture)).toEqual([{ upTo: 10, count: 2 }, { upTo: 700, count: 1 }]); // prettier-ignore
    expect(fixture.router.stats()).toMatchObject({ scheduled: 0, bundlePunctuality: { total: 3, maxMicros: 700 } });
  });

  it('[RT183] run between two frames, and between two peers that are sent to', async () => {
    const { fixture, sender, listener, bundleAt } = await rig();
    sender.send(bundleAt(10, set('/a', 1)), bundleAt(20, set('/b', 1)));
    await fixture.settle();
    fixture.clock.jump(10);
    listener.send({ type: messageType.ping });
    await Promise.resolve();
    expect(fixture.router.params.get('/a')).toBeDefined();
    sender.send(set('/c', 1));
    await Promise.resolve();
    fixture.clock.jump(10);
    // Sends what the turn has collected, and nothing else.
    fixture.turn();
    expect(fixture.router.params.get('/b')).toBeDefined();
  });

  it('[RT132] are done with the time and the locks of then', async () => {
    const { fixture, sender, listener, bundleAt } = await rig();
    const held = publish('timeline', '/t', fromJson({ keyframes: [{ time: 0, value: 0 }] }));
    sender.ask(5, bundleAt(10, set('/a', 1)), 'confirm');
    sender.ask(6, bundleAt(10, set('/b', 1), held), 'confirm');
    await fixture.settle();
    sender.take();
    listener.send(set('/t', 1, { lock: true }));
    await fixture.settle();
    fixture.clock.advance(10);
    await fixture.settle();
    expect(fixture.router.params.get('/a')?.timestamp).toBe(fixture.clock.nowMicros());
    expect(sender.take()).toMatchObject([{ type: messageType.error, code: 401, correlationId: 6 }]);
    expect(fixture.router.params.get('/b')).toBeUndefined();
  });

  it('[RT184] under commit are answered when they are cancelled; under confirm they were', async () => {
    const { fixture, sender, bundleAt } = await rig();
    sender.ask(5, bundleAt(10, set('/a', 1)), 'commit');
    sender.ask(6, bundleAt(10, set('/a', 1)), 'confirm');
    sender.ask(7, publish('event', cancelBundleAddress, 5), 'confirm');
    sender.ask(8, publish('event', cancelBundleAddress, 6), 'confirm');
    await fixture.settle();
    expect(sender.take()).toMatchObject([
      { type: messageType.ack, correlationId: 6 },
      { type: messageType.error, code: 502, correlationId: 5 },
      { type: messageType.ack, correlationId: 7 },
      { type: messageType.ack, correlationId: 8 },
    ]);
    expect(fixture.router.stats()).toMatchObject({ scheduled: 0, missedBundlesTotal: 0 });
  });
});
