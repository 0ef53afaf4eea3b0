import { describe, expect, it } from 'vitest';
import { f64, nullValue, toJson } from '../../../src-main/contract/signal.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { clientLimits } from '../../../src-main/core/client/client-limits.ts';
import { KnownParams } from '../../../src-main/core/client/known-params.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import type { Frame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type SnapshotParam } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { address, pattern } from './addresses.ts';
import { openClient, ScriptedRouter, type ScriptedOptions } from './scripted-router.ts';

const told = (received: readonly Received[]): unknown[] =>
  received.map(({ signal, revision }) => [signal.address, toJson(signal.value), revision]);
const wire = (value: number | null): WireValue => WireValue.of(value === null ? nullValue : f64(value));
const set = (at: string, value: number | null, revision: bigint): Message => ({
  ...{ type: messageType.set, address: at, value: wire(value), revision },
});
const param = (at: string, value: number | null, revision = 1n): SnapshotParam => ({
  ...{ address: at, value: wire(value), revision },
});

/** A subscription to /a/* of a client whose router has /a/1 and /a/2. */
async function rig(options: ScriptedOptions = {}) {
  const router = new ScriptedRouter(options);
  const { client } = await openClient(router);
  const heard: Received[] = [];
  const end = client.subscribe(pattern('/a/*'), (received) => void heard.push(received));
  await router.settle();
  const give = async (asked: Frame | undefined, params: readonly SnapshotParam[], revision?: bigint): Promise<void> => {
    for (const one of params) router.send({ type: messageType.snapshot, params: [one] }, asked?.timestamp);
    if (asked && revision !== undefined) router.ack(asked, { revision });
    await router.settle();
  };
  const asked = async (): Promise<Frame | undefined> => {
    router.cut();
    await router.settle();
    heard.length = 0;
    client.connect();
    await router.settle();
    return router.takeOnly(messageType.subscribe).at(-1);
  };
  const first = router.takeOnly(messageType.subscribe)[0];
  await give(first, [param('/a/1', 1), param('/a/2', 2)], 2n);
  return { router, client, heard, end, give, asked, first };
}

describe('params that ended while the client was away', () => {
  it('[CC150] are heard as null behind all that is there, once', async () => {
    const { heard, give, asked } = await rig();
    const again = await asked();
    await give(again, [param('/a/2', 3, 2n)]);
    expect(told(heard)).toEqual([['/a/2', 3, 2n]]);
    await give(again, [], 1n);
    expect(told(heard).slice(1)).toEqual([['/a/1', null, undefined]]);
    expect(heard[1]).toMatchObject({ isSnapshot: true });
    await give(await asked(), [param('/a/2', 3, 2n)], 1n);
    expect(told(heard)).toEqual([['/a/2', 3, 2n]]);
  });

  it('[CC150] are told also when the connection was lost again before all had come', async () => {
    const { heard, give, asked } = await rig();
    await give(await asked(), [param('/a/2', 2)]);
    await give(await asked(), [], 0n);
    expect(told(heard)).toEqual([
      ['/a/1', null, undefined],
      ['/a/2', null, undefined],
    ]);
  });

  it('[CC151] are not told where they are there again, or where the end was heard', async () => {
    const { router, heard, give, asked } = await rig();
    router.send(set('/a/3', 3, 1n));
    router.send(set('/a/4', 4, 1n));
    router.send(set('/a/4', null, 2n));
    await router.settle();
    const again = await asked();
    router.send(set('/a/1', 5, 9n));
    router.send(set('/a/3', null, 2n));
    await give(again, [param('/a/2', null, 7n)], 1n);
    expect(told(heard)).toEqual([
      ['/a/1', 5, 9n],
      ['/a/3', null, 2n],
      ['/a/2', null, 7n],
    ]);
  });

  it('[CC151] are told to nobody who never heard of them as state, nor to who has ended meanwhile', async () => {
    const { router, client, heard, end, give, asked } = await rig();
    const others: Received[] = [];
    client.subscribe(pattern('/a/*'), (received) => void others.push(received), { types: ['event'] });
    router.send({ type: messageType.publish, kind: 'param', address: '/a/5', value: wire(5) });
    await router.settle();
    router.cut();
    await router.clock.advanceAsync(1000);
    heard.length = 0;
    client.subscribe(pattern('/a/*'), (received) => void others.push(received));
    await router.settle();
    const all = router.takeOnly(messageType.subscribe).slice(-3);
    for (const one of all) await give(one, [], 0n);
    expect([heard.map(({ signal }) => signal.address), others]).toEqual([['/a/1', '/a/2'], []]);
    router.send(set('/a/1', 1, 9n));
    const again = await asked();
    end();
    await give(again, [], 0n);
    expect(heard).toEqual([]);
  });

  it('[CC151] are told to each subscription behind its own, over the pasts that others await', async () => {
    const { router, client, heard, give, asked } = await rig();
    const past: Received[] = [];
    client.subscribe(pattern('/a/1'), (received) => void past.push(received), { history: 3 });
    await router.settle();
    await give(router.takeOnly(messageType.subscribe).at(-1), [param('/a/1', 1)], 1n);
    past.length = 0;
    const again = await asked();
    router.send({ ...set('/a/1', 1, 1n) }, 50n);
    await give(again, [], 0n);
    expect(told(past)).toEqual([
      ['/a/1', 1, 1n],
      ['/a/1', null, undefined],
    ]);
    expect(heard).toEqual([]);
  });

  it('[CC152] are not told where it is not known that all has come', async () => {
    const { router, heard, give, asked } = await rig();
    await give(await asked(), [], 1n);
    expect(told(heard)).toEqual([]);
    const refused = await asked();
    if (refused) router.error(refused, 429);
    await router.settle();
    const silent = await asked();
    if (silent) router.ack(silent);
    await router.settle();
    expect(heard).toEqual([]);
    await give(await asked(), [], 0n);
    expect(heard).toHaveLength(2);
  });

  it('[CC152] are not told by a router that knows no ids, nor over links that lose frames', async () => {
    const old = await rig({ knowsIds: false });
    await old.give(undefined, [param('/a/1', 1)]);
    await old.give(await old.asked(), []);
    expect(old.heard).toEqual([]);
    const lossy = await rig({ wrap: (connection) => Object.assign(connection, { reliable: false }) });
    await lossy.give(await lossy.asked(), [], 0n);
    expect(lossy.heard).toEqual([]);
  });

  it('[CC153] are noticed for 200,000 params of all subscriptions together, and room is given back', () => {
    expect(clientLimits.knownParamsMax).toBe(200_000);
    const known = new KnownParams<object>(3);
    const [one, other] = [{}, {}];
    const at = (name: string): Address => address(`/${name}`);
    for (const name of ['a', 'b', 'a']) known.heard(one, at(name));
    for (const name of ['c', 'd']) known.heard(other, at(name));
    expect(known.size).toBe(3);
    known.heardEnd(one, at('a'));
    known.heard(other, at('d'));
    known.heardEnd(one, at('never'));
    known.asked(other);
    known.heard(other, at('c'));
    expect([known.size, known.takeEnded(other, 0), known.size]).toEqual([3, ['/d'], 2]);
    known.forget(other);
    expect(known.size).toBe(1);
    known.clear();
    expect(known.size).toBe(0);
  });
});
