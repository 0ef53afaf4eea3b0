import { describe, expect, it } from 'vitest';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { lookedAtEvery } from '../../../src-main/core/router/router-meter.ts';
import type { MemoryConnectionOptions } from '../../../src-main/transports/memory/memory-connection.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { RemoteSubscription, SessionFigures } from '../../../src-main/core/router/sessions/session.ts';
import { gesture, publish, RouterFixture, set, subscribe, subscribeWith, type Peer } from './router-fixture.ts';

describe('what the router counts', () => {
  it('[MT2] counts messages and copies by kind, and frames by type', async () => {
    const fixture = new RouterFixture();
    const [sender, first, second] = [await fixture.join(), await fixture.join(), await fixture.join()];
    for (const peer of [first, second]) peer.send(subscribe('/**'));
    first.send({ type: messageType.ping });
    await fixture.settle();
    sender.send(set('/p', 1), set('/p', 2), publish('event', '/e'), publish('stream', '/s'), gesture('start', 1));
    await fixture.settle();
    const stats = fixture.router.stats();
    expect(stats.messages).toEqual({ param: 2, event: 1, stream: 1, gesture: 1, timeline: 0 });
    expect(stats.copies).toEqual({ param: 4, event: 2, stream: 2, gesture: 2, timeline: 0 });
    expect(stats.messagesTotal).toBe(5);
    expect(stats.frames[messageType.set]).toBe(2);
    expect(stats.frames[messageType.publish]).toBe(3);
    expect([stats.frames[messageType.subscribe], stats.frames[messageType.ping]]).toEqual([2, 1]);
  });

  it('[MT2] counts for each session what it sent and got, while it is here', async () => {
    const fixture = new RouterFixture();
    const [sender, receiver] = [await fixture.join(), await fixture.join()];
    fixture.connect();
    receiver.send(subscribe('/**'));
    sender.send(set('/p', 1), publish('event', '/e'));
    await fixture.settle();
    // HELLO and what follows; WELCOME, SNAPSHOT and what follows.
    const figures = [...fixture.router.sessions()].map(({ framesReceived, framesSent, name }) => [
      name,
      framesReceived,
      framesSent,
    ]);
    expect(figures).toEqual([
      ['tester', 3, 3],
      ['tester', 2, 4],
    ]);
    receiver.connection.close();
    await fixture.settle();
    expect([...fixture.router.sessions()]).toHaveLength(1);
  });
});

describe('what is measured once somebody wants it', () => {
  it('[MT3] every 61st message from its coming to its leaving, by kind', async () => {
    const fixture = new RouterFixture();
    const sender = await fixture.join();
    sender.send(...Array.from({ length: 500 }, (_, n) => set('/p', n)));
    await fixture.settle();
    const meter = fixture.router.measure();
    expect(meter.latencies().size).toBe(0);
    sender.send(...Array.from({ length: 2 * lookedAtEvery }, (_, n) => set('/p', n)));
    for (let n = 0; n < 20; n++) await Promise.resolve();
    fixture.clock.advance(3);
    await fixture.settle();
    sender.send(...Array.from({ length: lookedAtEvery }, () => publish('event', '/e')));
    await fixture.settle();
    const latencies = meter.latencies();
    expect([...latencies.keys()]).toEqual(['param', 'event']);
    expect(latencies.get('param')).toMatchObject({ count: 2, sum: 6000 });
    expect(latencies.get('event')).toMatchObject({ count: 1, sum: 0 });
  });

  it('[MT3] what each subscription covers and wants, estimated from every 61st', async () => {
    const fixture = new RouterFixture();
    const meter = fixture.router.measure();
    const [sender, receiver] = [await fixture.join(), await fixture.join()];
    receiver.send(subscribe('/**', 1), subscribe('/p', 2), subscribe('/**', 3, 2), subscribe('/other', 4));
    await fixture.settle();
    sender.send(...Array.from({ length: 610 }, (_, n) => set('/p', n)));
    await fixture.settle();
    const [, figures] = [...fixture.router.sessions()];
    const estimates = [...figures!.subscriptions].map((each) => [each.id, meter.messagesFor(each)]);
    expect(estimates).toEqual([
      [1, 610],
      [2, 610],
      [3, 0],
      [4, 0],
    ]);
  });
});

describe('latency to receivers', () => {
  interface Followed {
    readonly sender: Peer;
    readonly receivers: readonly Peer[];
    /** latencies by session, and by session and subscription */
    read(): { readonly sessions: Record<string, unknown>; readonly subscriptions: Record<string, unknown> };
  }

  async function follow(
    fixture: RouterFixture,
    subscriptions: readonly (readonly Message[])[],
    options: MemoryConnectionOptions = {},
  ): Promise<Followed> {
    const meter = fixture.router.measure();
    const sender = await fixture.join();
    const receivers: Peer[] = [];
    for (const each of subscriptions) {
      const receiver = await fixture.join(options);
      receiver.send(...each);
      receivers.push(receiver);
    }
    await fixture.settle();
    const figures = (): SessionFigures[] => [...fixture.router.sessions()];
    const all = (): RemoteSubscription[] => figures().flatMap((session) => [...session.subscriptions]);
    const read: Followed['read'] = () => {
      const { sessions, subscriptions: its } = meter.follow({
        sessions: figures().map(({ id }) => id),
        subscriptions: all(),
      });
      const numberOf = (session: string): number => receivers.findIndex((peer) => peer.session === session);
      return {
        sessions: Object.fromEntries(
          [...sessions.own].flatMap(([id, { count, sum }]) => (count > 0 ? [[numberOf(id), [count, sum]]] : [])),
        ),
        subscriptions: Object.fromEntries(
          [...its.own].flatMap(([each, { count, sum }]) =>
            count > 0 ? [[`${numberOf(each.session.id)} ${each.id}`, [count, sum]]] : [],
          ),
        ),
      };
    };
    read();
    return { sender, receivers, read };
  }

  const round = (message: (n: number) => Message): Message[] =>
    Array.from({ length: lookedAtEvery }, (_, n) => message(n));

  it('[MT30] is noted for each session that gets a message looked at, and each subscription that wants it', async () => {
    const fixture = new RouterFixture();
    const { sender, read } = await follow(fixture, [
      [subscribe('/p', 1), subscribe('/**', 2), subscribe('/p', 3, 2)],
      [subscribe('/other')],
      [subscribe('/*')],
    ]);
    sender.send(...round((n) => set('/p', n)));
    for (let n = 0; n < 20; n++) await Promise.resolve();
    fixture.clock.advance(2);
    await fixture.settle();
    expect(read()).toEqual({
      sessions: { 0: [1, 2000], 2: [1, 2000] },
      subscriptions: { '0 1': [1, 2000], '0 2': [1, 2000], '2 1': [1, 2000] },
    });
  });

  it('[MT30] counts until a slow receiver has it in its socket', async () => {
    const fixture = new RouterFixture();
    const { sender, receivers, read } = await follow(fixture, [[subscribe('/**')], [subscribe('/**')]], {
      queueBytesMax: 500,
    });
    receivers[0]!.connection.pauseReading();
    sender.send(...round((n) => publish('event', '/e', n)));
    await fixture.settle();
    fixture.clock.advance(500);
    receivers[0]!.connection.resumeReading();
    await fixture.settle();
    expect(read().sessions).toEqual({ 0: [1, 500_000], 1: [1, 0] });
  });

  it('[MT30] is noted for every 61st signal that began in the process, from what caused it', async () => {
    const fixture = new RouterFixture();
    const { read } = await follow(fixture, [[subscribe('/**')]]);
    const local = fixture.router.openLocal('mapping');
    const address = parseAddress('/lamp');
    const cause = { because: 'test', hops: 1, arrivedAt: fixture.clock.nowMicros() };
    fixture.clock.advance(3);
    for (let n = 0; n < 2 * lookedAtEvery; n++) local.publish([{ kind: 'param', address, value: f64(n) }], cause);
    await fixture.settle();
    for (let n = 0; n < lookedAtEvery; n++) local.publish([{ kind: 'param', address, value: f64(n) }]);
    await fixture.settle();
    expect(read().sessions).toEqual({ 0: [3, 6000] });
  });

  it('[MT31] leaves out what waits as its receiver asked, and what a receiver cannot take', async () => {
    const fixture = new RouterFixture();
    const { sender, read } = await follow(fixture, [[subscribeWith({ maxRate: 1 }, '/**')]]);
    sender.send(...round((n) => set('/p', n)));
    await fixture.settle();
    fixture.clock.advance(1000);
    await fixture.settle();
    expect(read().sessions).toEqual({});
    const small = await fixture.join({ maxBytes: 40 });
    small.send(subscribe('/**'));
    await fixture.settle();
    read();
    sender.send(...round(() => publish('event', `/e/${'x'.repeat(50)}`)));
    await fixture.settle();
    expect(Object.keys(read().sessions)).toEqual(['0']);
  });
});
