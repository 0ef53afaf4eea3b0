import { describe, expect, it } from 'vitest';
import { f64, text, type Signal } from '../../../src-main/contract/signal.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { address } from './addresses.ts';
import { clientOf, openClient, outcomeOf, ScriptedRouter, type Heard } from './scripted-router.ts';

const a = address('/a');
const b = address('/b');
const signal = (kind: 'event' | 'stream' | 'timeline', value: number): Signal => ({
  kind,
  address: a,
  value: f64(value),
});
const finger = (phase: 'start' | 'move' | 'end', value: number): Signal => ({
  kind: 'gesture',
  address: a,
  gestureId: 1,
  phase,
  value: f64(value),
});

/** What was written, in short: `/a=1`. */
function told(heard: readonly Heard[]): string[] {
  return heard.map(({ message }) =>
    message.type === messageType.set || message.type === messageType.publish
      ? `${message.address}=${String((message.value?.value as { value: unknown } | undefined)?.value)}`
      : String(message.type),
  );
}

async function offline(
  more = {},
): Promise<{ router: ScriptedRouter; client: ClaspClient; comeBack: () => Promise<void> }> {
  const router = new ScriptedRouter();
  router.dialFailure = new Error('away');
  const { client } = clientOf(router, more);
  await router.settle();
  const comeBack = async (): Promise<void> => {
    router.dialFailure = undefined;
    client.connect();
    await router.settle();
  };
  return { router, client, comeBack };
}

describe('what has no answer when the connection ends', () => {
  it('[CC20] is sent again under its id, in order, before all that is newer; what was fired is not', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const first = client.set(a, f64(1));
    void client.set(a, f64(2), { qos: 'fire' });
    const third = client.publish(signal('event', 3), { qos: 'commit' });
    const fourth = client.set(a, f64(4), { qos: 'commit' });
    await router.settle();
    const before = router.take();
    router.ack(before[0]!);
    expect(await outcomeOf(router, first)).toMatchObject({ acknowledged: true });
    router.cut();
    await router.settle();
    void client.set(b, f64(5)).catch(() => undefined);
    await router.clock.advanceAsync(1000);
    const after = router.take();
    expect(told(after)).toEqual(['/a=3', '/a=4', '/b=5']);
    expect(after.slice(0, 2)).toEqual([before[2], before[3]]);
    expect(after[1]?.qos).toBe('commit');
    expect(client.stats().resentTotal).toBe(2);
    router.ack(after[1]!, { revision: 2n });
    router.ack(after[0]!);
    expect(await outcomeOf(router, third)).toMatchObject({ acknowledged: true });
    expect(await outcomeOf(router, fourth)).toMatchObject({ revision: 2n });
  });

  it('[CC20] several commits are under way at once, and nothing is sent twice on one reliable connection', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    for (const value of [1, 2, 3]) client.set(a, f64(value), { qos: 'commit' }).catch(() => undefined);
    await router.clock.advanceAsync(9000);
    expect(told(router.take())).toEqual(['/a=1', '/a=2', '/a=3']);
  });
});

describe('on a connection that loses frames', () => {
  const lossy = (): ScriptedRouter =>
    new ScriptedRouter({ wrap: (near) => Object.defineProperty(near, 'reliable', { value: false }) });

  it('[CC21] a request is repeated under its id, ever slower, until it is answered', async () => {
    const router = lossy();
    const { client } = await openClient(router);
    const asked = client.set(a, f64(1));
    void client.set(a, f64(2), { qos: 'fire' });
    await router.clock.advanceAsync(5500);
    const heard = router.take();
    // At 0, 200, 600, 1400, 3000 and 5000 ms.
    expect(told(heard)).toEqual(['/a=1', '/a=2', '/a=1', '/a=1', '/a=1', '/a=1', '/a=1']);
    expect(new Set(heard.map(({ timestamp }) => timestamp)).size).toBe(2);
    router.ack(heard[0]!);
    expect(await outcomeOf(router, asked)).toMatchObject({ acknowledged: true });
    await router.clock.advanceAsync(5000);
    expect(told(router.take())).toEqual([]);
  });

  it('[CC21] one commit is under way at a time; what was asked after the next one waits behind it, streams do not', async () => {
    const router = lossy();
    const { client } = await openClient(router);
    client.set(a, f64(1), { qos: 'commit' }).catch(() => undefined);
    client.set(b, f64(2)).catch(() => undefined);
    client.set(a, f64(3), { qos: 'commit' }).catch(() => undefined);
    client.set(a, f64(4)).catch(() => undefined);
    void client.publish(signal('stream', 5));
    await router.settle();
    const heard = router.take();
    expect(told(heard)).toEqual(['/a=1', '/b=2', '/a=5']);
    router.ack(heard[1]!);
    await router.settle();
    expect(router.take()).toEqual([]);
    router.ack(heard[0]!);
    await router.settle();
    expect(told(router.take())).toEqual(['/a=3', '/a=4']);
    router.dialFailure = new Error('away');
    router.cut();
    await router.settle();
    const { resentTotal } = client.stats();
    await router.clock.advanceAsync(5000);
    expect(client.stats().resentTotal).toBe(resentTotal);
    client.close();
    expect(router.clock.waiting).toBe(0);
  });
});

describe('while there is no router', () => {
  it('[CC23] fired params wait, the newest of each address; what is confirmed waits in order', async () => {
    const { router, client, comeBack } = await offline();
    const settled: unknown[] = [];
    void client.set(a, f64(1), { qos: 'fire' }).then((done) => settled.push(done));
    void client.set(b, f64(2), { qos: 'fire' });
    client.set(a, f64(3)).catch(() => undefined);
    client.publish(signal('event', 4)).catch(() => undefined);
    void client.set(a, f64(5), { qos: 'fire' });
    void client.set(a, f64(6), { qos: 'fire', lock: true });
    void client.set(a, f64(7), { qos: 'fire' });
    void client.set(a, f64(8), { qos: 'fire' });
    await router.settle();
    expect(settled).toEqual([{ acknowledged: false }]);
    await comeBack();
    const heard = router.take();
    expect(told(heard)).toEqual(['/b=2', '/a=3', '/a=4', '/a=6', '/a=8']);
    expect(heard.map(({ timestamp }) => timestamp !== undefined)).toEqual([false, true, true, false, false]);
    expect(client.stats()).toMatchObject({ queued: 2, droppedTotal: 0 });
  });

  it('[CC24] streams, moves and fired events are left out and counted; confirmed ones wait', async () => {
    const { router, client, comeBack } = await offline();
    void client.publish(signal('stream', 1));
    void client.publish(finger('move', 2));
    void client.publish(finger('start', 3));
    void client.publish(signal('event', 4), { qos: 'fire' });
    client.publish(signal('stream', 5), { qos: 'confirm' }).catch(() => undefined);
    client.publish(signal('timeline', 6)).catch(() => undefined);
    expect(client.stats().droppedTotal).toBe(4);
    await comeBack();
    expect(told(router.take())).toEqual(['/a=5', '/a=6']);
  });

  it('[CC25] more than the queue holds, in frames or bytes, is refused and changes nothing', async () => {
    const { router, client, comeBack } = await offline({ limits: { queueMax: 3, queueBytesMax: 200 } });
    client.set(a, f64(1)).catch(() => undefined);
    void client.set(a, f64(2), { qos: 'fire' });
    const large = client.set(b, text('x'.repeat(200)));
    expect(await outcomeOf(router, large)).toMatchObject({ code: 'queue-full', kind: 'limit' });
    client.set(b, f64(3)).catch(() => undefined);
    for (const refused of [client.set(b, f64(4)), client.get(a), client.set(b, f64(5), { qos: 'fire' })]) {
      expect(await outcomeOf(router, refused)).toMatchObject({ code: 'queue-full' });
    }
    // The newest takes the place of the older, so it fits.
    void client.set(a, f64(6), { qos: 'fire' });
    await comeBack();
    expect(told(router.take())).toEqual(['/a=1', '/b=3', '/a=6']);
    expect(client.stats().queued).toBe(2);
  });
});

describe('a connection that takes no more', () => {
  it('[CC26] gets the rest in order when it has drained; streams and moves are left out meanwhile', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const resume = router.stall();
    const kept: string[] = [];
    for (let i = 0; i < 100; i++) {
      void client.publish(signal('event', i), { qos: 'fire' });
      kept.push(`/a=${i}`);
    }
    const dropped = client.stats().droppedTotal;
    void client.publish(signal('stream', 1000));
    void client.publish(finger('move', 1001));
    client.set(b, f64(1)).catch(() => undefined);
    await router.settle();
    expect(client.stats().droppedTotal).toBe(dropped + 2);
    resume();
    await router.settle();
    await router.settle();
    expect(told(router.take())).toEqual([...kept, '/b=1']);
  });

  it('[CC26] that ends takes the fired events with it, counted', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    router.stall();
    for (let i = 0; i < 200; i++) void client.publish(signal('event', i), { qos: 'fire' });
    await router.settle();
    const { queued } = client.stats();
    expect(queued).toBeGreaterThan(0);
    router.cut();
    await router.settle();
    expect(client.stats()).toMatchObject({ queued: 0, droppedTotal: queued });
  });

  it('[CC27] a frame larger than the connection carries is refused, also when it waited', async () => {
    const router = new ScriptedRouter({ wrap: (near) => Object.defineProperty(near, 'maxBytes', { value: 100 }) });
    router.dialFailure = new Error('away');
    const { client } = clientOf(router);
    const waited = client.set(a, text('x'.repeat(100)));
    void client.set(b, text('x'.repeat(100)), { qos: 'fire' });
    router.dialFailure = undefined;
    await router.clock.advanceAsync(1000);
    expect(await outcomeOf(router, waited)).toMatchObject({ code: 'frame-too-large' });
    const now = client.set(a, text('x'.repeat(100)));
    expect(await outcomeOf(router, now)).toMatchObject({ code: 'frame-too-large', details: { bytesMax: 100 } });
    expect(await outcomeOf(router, client.set(a, text('x'.repeat(70_000))))).toMatchObject({ code: 'frame-too-large' });
    expect([told(router.take()), client.stats()]).toMatchObject([[], { queued: 0, droppedTotal: 1 }]);
  });
});
