import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import type { Received } from '../../../src-main/core/client/received.ts';
import { correlationOf } from '../../../src-main/core/protocol/correlation.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { pattern } from './addresses.ts';
import { openClient, ScriptedRouter } from './scripted-router.ts';

const event = (n: number): Message => ({
  ...{ type: messageType.publish, kind: 'event', address: '/e', value: WireValue.of(f64(n)) },
});
const told = (heard: readonly Received[]): unknown[] =>
  heard.map(({ signal, pastAt }) => [(signal.value as { value: number }).value, pastAt]);

async function rig(knowsIds = true) {
  const router = new ScriptedRouter({ knowsIds });
  const { client } = await openClient(router);
  const heard: Record<'plain' | 'one' | 'two', Received[]> = { plain: [], one: [], two: [] };
  client.subscribe(pattern('/e'), (received) => void heard.plain.push(received));
  client.subscribe(pattern('/e'), (received) => void heard.one.push(received), { history: 5 });
  const end = client.subscribe(pattern('/**'), (received) => void heard.two.push(received), { window: 50 });
  await router.settle();
  const asked = () => router.takeOnly(messageType.subscribe);
  return { router, heard, asked, end };
}

describe('the past that a subscription asked for', () => {
  it('[RT166] goes to that one alone, with its time, before all that is live; others get what is live meanwhile', async () => {
    const { router, heard, asked } = await rig();
    const [, one, two] = asked().map(({ timestamp }) => correlationOf(timestamp ?? 0n));
    router.send(event(1), 101n);
    router.send(event(9));
    router.send(event(2), 102n);
    router.send({ type: messageType.ack, correlationId: one! });
    router.send(event(3), 103n);
    router.send(event(10));
    router.send({ type: messageType.ack, correlationId: two! });
    router.send(event(11));
    await router.settle();
    expect(told(heard.plain)).toEqual([
      [9, undefined],
      [10, undefined],
      [11, undefined],
    ]);
    expect(told(heard.one)).toEqual([
      [1, 101],
      [2, 102],
      [10, undefined],
      [11, undefined],
    ]);
    expect(told(heard.two)).toEqual([
      [3, 103],
      [11, undefined],
    ]);
  });

  it('[RT166] is asked for again after a reconnect only where it was cut short', async () => {
    const { router, asked } = await rig();
    const [, one] = asked().map(({ timestamp }) => correlationOf(timestamp ?? 0n));
    router.send({ type: messageType.ack, correlationId: one! });
    await router.settle();
    router.cut();
    await router.clock.advanceAsync(1000);
    expect(asked().map(({ message }) => message.options)).toEqual([undefined, undefined, { window: 50 }]);
  });

  it('[RT166] is not waited for where it was refused, nor passed on to others when nobody wants it any more', async () => {
    const { router, heard, asked, end } = await rig();
    const [, one, two] = asked().map(({ timestamp }) => correlationOf(timestamp ?? 0n));
    router.send({ type: messageType.error, code: 429, message: 'no', correlationId: one! });
    await router.settle();
    end();
    router.send(event(1), 101n);
    router.send({ type: messageType.ack, correlationId: two! });
    router.send(event(2));
    await router.settle();
    expect(told(heard.one)).toEqual([[2, undefined]]);
    expect(told(heard.two)).toEqual([]);
  });

  it('[CC154] is told to be cut, to its subscription or else as a notice, and is given all the same', async () => {
    const router = new ScriptedRouter();
    const { client } = await openClient(router);
    const [heard, cuts, notices, refusals]: [Received[], unknown[], unknown[], unknown[]] = [[], [], [], []];
    client.onNotice(({ details }) => void notices.push(details));
    const more = { history: 9, onRefused: (): void => void refusals.push('refused') };
    const onPastCut = ({ message }: Error): void => void cuts.push(message);
    const take = (received: Received): void => void heard.push(received);
    client.subscribe(pattern('/e'), take, { ...more, onPastCut });
    client.subscribe(pattern('/e'), take, more);
    client.subscribe(pattern('/e'), take, { ...more, onPastCut });
    await router.settle();
    const asked = router.takeOnly(messageType.subscribe);
    for (const one of asked.slice(0, 2)) {
      router.ack(one, { revision: 0n });
      router.error(one, 429);
      router.send(event(1), 101n);
      router.ack(one);
    }
    router.error(asked[2]!, 429);
    await router.settle();
    expect(told(heard)).toEqual([
      [1, 101],
      [1, 101],
    ]);
    expect([cuts, notices, refusals]).toEqual([['no: 429'], [{ number: 429 }], ['refused']]);
    expect(asked[0]?.message.options).toEqual({ history: 9 });
  });

  it('[RT166] is not waited for at a router that gives no ids back', async () => {
    const { router, heard } = await rig(false);
    router.send(event(1));
    await router.settle();
    expect([heard.one, heard.two].map(told)).toEqual([[[1, undefined]], [[1, undefined]]]);
  });
});
