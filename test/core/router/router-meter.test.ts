import { describe, expect, it } from 'vitest';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { lookedAtEvery } from '../../../src-main/core/router/router-meter.ts';
import { gesture, publish, RouterFixture, set, subscribe } from './router-fixture.ts';

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
