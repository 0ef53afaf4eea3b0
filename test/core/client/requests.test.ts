import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType, type SnapshotParam } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { address } from './addresses.ts';
import { clientOf, openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const a = address('/a');
const b = address('/b');
const param: SnapshotParam = { address: a, value: WireValue.of(f64(7)), revision: 3n, writer: 'w', timestamp: 5n };
const event = { kind: 'event', address: a, value: f64(1) } as const;

describe('requests', () => {
  it('[CC12] match answers in any order; answers to nobody are passed over', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const promises = [client.set(a, f64(1)), client.set(a, f64(2)), client.set(b, f64(3), { lock: true })];
    await router.settle();
    const [one, two, three] = router.take();
    router.send({ type: messageType.ack, address: a, revision: 99n });
    router.send({ type: messageType.ack, address: a, revision: 98n, correlationId: 12 });
    expect(await outcomeOf(router, promises[0]!)).toBe('waiting');
    router.ack(three!, { revision: 3n, locked: true, holder: 'me' });
    router.error(two!, 402);
    router.ack(one!, { revision: 1n });
    router.ack(one!, { revision: 77n });
    await router.settle();
    expect(await Promise.allSettled(promises)).toMatchObject([
      { value: { acknowledged: true, revision: 1n } },
      { reason: { code: 'bad-value' } },
      { value: { acknowledged: true, revision: 3n, locked: true, holder: 'me' } },
    ]);
  });

  it('[CC12] tell a GET its SNAPSHOT, and ERROR 201 that there is nothing', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const asked = [client.get(a), client.get(a), client.get(b)];
    await router.settle();
    const [first, , third] = router.take();
    router.send({ type: messageType.snapshot, params: [param] });
    expect(await outcomeOf(router, asked[0]!)).toBe('waiting');
    router.send({ type: messageType.snapshot, params: [param] }, first?.timestamp);
    router.error(third!, 201);
    expect(await outcomeOf(router, asked[0]!)).toEqual({ ...param, value: f64(7) });
    expect(await outcomeOf(router, asked[1]!)).toBe('waiting');
    expect(await outcomeOf(router, asked[2]!)).toBe(undefined);
  });

  it('[CC16] a request without an answer is rejected after its time, and a late answer is nobody’s', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const first = client.set(a, f64(1));
    await router.clock.advanceAsync(10_000);
    router.send({ type: messageType.pong });
    const second = client.set(a, f64(2));
    await router.clock.advanceAsync(19_999);
    expect(await outcomeOf(router, first)).toBe('waiting');
    await router.clock.advanceAsync(1);
    expect(await outcomeOf(router, first)).toMatchObject({ code: 'no-answer', details: { wasSent: true } });
    const [one] = router.takeOnly(messageType.set);
    router.ack(one!, { revision: 1n });
    expect(await outcomeOf(router, second)).toBe('waiting');
    await router.clock.advanceAsync(10_000);
    expect(await outcomeOf(router, second)).toMatchObject({ code: 'no-answer' });
    expect(client.stats()).toMatchObject({ queued: 0, queuedBytes: 0 });
  });

  it('[CC16] a request runs out of time also without a router, and is not sent afterwards', async () => {
    const router = new ScriptedRouter();
    router.dialFailure = new Error('no');
    const { client } = clientOf(router);
    const asked = client.publish(event);
    await router.clock.advanceAsync(30_000);
    expect(await outcomeOf(router, asked)).toMatchObject({ code: 'no-answer', details: { wasSent: false } });
    router.dialFailure = undefined;
    await router.clock.advanceAsync(10_000);
    expect([client.state().phase, router.take()]).toEqual(['open', []]);
  });
});
