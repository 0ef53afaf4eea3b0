import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { address, pattern } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const a = address('/a');
const b = address('/b');
const ack = (revision: bigint, name?: string): Message => ({
  type: messageType.ack,
  revision,
  ...(name !== undefined && { address: name }),
});
const error = (code: number, name?: string): Message => ({
  type: messageType.error,
  code,
  message: 'no',
  ...(name !== undefined && { address: name }),
});

describe('a router without request ids', () => {
  it('[CC13] has its ACKs matched by address, in order, those of fired SETs too', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    const first = client.set(a, f64(1));
    void client.set(a, f64(2), { qos: 'fire' });
    const third = client.set(a, f64(3));
    const other = client.set(b, f64(4));
    await router.settle();
    for (const message of [ack(1n, a), ack(2n, a), ack(3n, a), ack(1n, b)]) router.send(message);
    expect(await outcomeOf(router, first)).toMatchObject({ revision: 1n });
    expect(await outcomeOf(router, third)).toMatchObject({ revision: 3n });
    expect(await outcomeOf(router, other)).toMatchObject({ revision: 1n });
  });

  it('[CC13] has the ACK without address taken for the oldest bundle', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    const set = client.set(a, f64(1));
    const bundles = [client.bundle([]), client.bundle([])];
    const announced = client.announce(b, []);
    await router.settle();
    router.send(ack(5n));
    router.send(ack(0n, b));
    expect(await outcomeOf(router, bundles[0]!)).toMatchObject({ revision: 5n });
    expect(await outcomeOf(router, bundles[1]!)).toBe('waiting');
    expect(await outcomeOf(router, announced)).toMatchObject({ acknowledged: true });
    expect(await outcomeOf(router, set)).toBe('waiting');
  });

  it('[CC13] has its ERRORs matched by address, also inside bundles, and without one to the oldest write', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    const bundle = client.bundle([{ kind: 'param', address: b, value: f64(1) }]);
    const get = client.get(a);
    const sets = [client.set(a, f64(1)), client.set(a, f64(2))];
    await router.settle();
    router.send(error(201, a));
    router.send(error(401, a));
    router.send(error(403, b));
    router.send(error(503));
    expect(await outcomeOf(router, get)).toBe(undefined);
    expect(await outcomeOf(router, sets[0]!)).toMatchObject({ code: 'param-locked' });
    expect(await outcomeOf(router, bundle)).toMatchObject({ code: 'access-refused' });
    expect(await outcomeOf(router, sets[1]!)).toBe('waiting');
    router.send(error(400));
    expect(await outcomeOf(router, sets[1]!)).toMatchObject({ code: 'changed-meanwhile' });
  });

  it('[CC13] has each SNAPSHOT with the address taken for all that asked for it', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    const gets = [client.get(a), client.get(a), client.get(b)];
    await router.settle();
    router.send({ type: messageType.snapshot, params: [{ address: a, value: WireValue.of(f64(1)), revision: 1n }] });
    expect(await outcomeOf(router, gets[0]!)).toMatchObject({ revision: 1n });
    expect(await outcomeOf(router, gets[1]!)).toMatchObject({ revision: 1n });
    expect(await outcomeOf(router, gets[2]!)).toBe('waiting');
  });

  it.each([
    ['one frame', [['/x/1']]],
    ['several frames', [['/x/1'], ['/x/2', '/x/3']]],
    ['nothing', [[]]],
  ])('[CC17] has a QUERY ended by the empty RESULT behind it: %s', async (_what, frames) => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    const asked = [client.query(pattern('/x/*')), client.query(pattern('/x/*'))];
    await router.settle();
    for (const promise of asked) {
      for (const names of frames) {
        router.send({ type: messageType.result, signals: names.map((name) => ({ address: name, kind: 'param' })) });
      }
      expect(await outcomeOf(router, promise)).toBe('waiting');
      router.send({ type: messageType.result, signals: [] });
      expect(await outcomeOf(router, promise)).toEqual(frames.flat().map((name) => ({ address: name, kind: 'param' })));
    }
    expect(client.stats().queued).toBe(0);
  });

  it('[CC14] never acknowledges PUBLISH: it resolves when it was sent, and is not sent again', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    router.dialFailure = new Error('no');
    const { client } = await openClient(router);
    const asked = client.publish({ kind: 'event', address: a, value: f64(1) }, { qos: 'commit' });
    expect(await outcomeOf(router, asked)).toBe('waiting');
    router.dialFailure = undefined;
    await router.clock.advanceAsync(300);
    expect(await outcomeOf(router, asked)).toEqual({ acknowledged: false });
    expect(router.takeOnly(messageType.publish)).toHaveLength(1);
    router.cut();
    await router.clock.advanceAsync(1000);
    expect([client.state().phase, router.takeOnly(messageType.publish)]).toEqual(['open', []]);
  });

  it('[CC13] has late answers taken for what they answer, not for the next', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router, { limits: { requestTimeoutMs: 1000 as never } });
    const first = client.set(a, f64(1));
    expect(await outcomeOf(router, first)).toBe('waiting');
    await router.clock.advanceAsync(1000);
    const second = client.set(a, f64(2));
    router.send(ack(1n, a));
    expect(await outcomeOf(router, second)).toBe('waiting');
    router.send(ack(2n, a));
    expect(await outcomeOf(router, second)).toMatchObject({ revision: 2n });
  });

  it('[CC13] remembers a bounded number of frames without an answer', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router, { limits: { ticketsMax: 3 } });
    for (let i = 0; i < 5; i++) void client.set(a, f64(i), { qos: 'fire' });
    const asked = client.set(a, f64(9));
    await router.settle();
    for (let i = 1n; i <= 3n; i++) router.send(ack(i, a));
    expect(await outcomeOf(router, asked)).toMatchObject({ revision: 3n });
  });

  it('[CC13] has answers that a lost connection took with it forgotten', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    void client.set(a, f64(1), { qos: 'fire' });
    await router.settle();
    router.cut();
    await router.clock.advanceAsync(1000);
    const asked = client.set(a, f64(2));
    await router.settle();
    router.send(ack(2n, a));
    expect(await outcomeOf(router, asked)).toMatchObject({ revision: 2n });
  });

  it('[CC13] has fired SETs that were passed over in its answers forgotten', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    void client.set(b, f64(1), { qos: 'fire' });
    const first = client.set(a, f64(2));
    const second = client.set(b, f64(3));
    await router.settle();
    router.send(ack(1n, a));
    router.send(ack(7n, b));
    expect(await outcomeOf(router, first)).toMatchObject({ revision: 1n });
    expect(await outcomeOf(router, second)).toMatchObject({ revision: 7n });
  });
});
