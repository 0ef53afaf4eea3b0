import { describe, expect, it } from 'vitest';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { addressed, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';

describe('SUBSCRIBE', () => {
  it('[RT16] sends what is there already, nothing when there is nothing', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/a/1', 1), set('/b/1', 2));
    await fixture.settle();
    peer.take();
    peer.send(subscribe('/a/*', 1), subscribe('/c/**', 2), subscribe('/b/1', 3));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.snapshot, params: [{ address: '/a/1' }] },
      { type: messageType.snapshot, params: [{ address: '/b/1' }] },
    ]);
  });

  it('[RT17] sends only the kinds asked for, and one copy to overlapping subscriptions', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribe('/x/**', 1, 0x02), subscribe('/x/y', 2, 0x04), subscribe('/x/*', 3, 0x02));
    await fixture.settle();
    sender.send(
      set('/x/y', 1),
      publish('event', '/x/y', 2),
      publish('stream', '/x/y', 3),
      publish('stream', '/x/z', 4),
    );
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/x/y', 2],
      ['/x/y', 3],
    ]);
  });

  it('[RT288] sends no SNAPSHOT to who wants no params', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/x', 1));
    await fixture.settle();
    peer.take();
    peer.send(subscribe('/x', 1, 0x02), subscribe('/**', 2, 0x1e));
    await fixture.settle();
    expect(peer.take()).toEqual([]);
    peer.send(subscribe('/x', 1, 0x03));
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.snapshot, params: [{ address: '/x' }] }]);
  });

  it('[RT17] takes a mask of 0 as all kinds', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribe('/x', 1, 0));
    await fixture.settle();
    sender.send(set('/x', 1), publish('stream', '/x', 2));
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/x', 1],
      ['/x', 2],
    ]);
  });

  it('[RT18] replaces a subscription whose id is used again, and ends one on UNSUBSCRIBE', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribe('/a', 1), subscribe('/b', 1));
    await fixture.settle();
    sender.send(set('/a', 1), set('/b', 2));
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([['/b', 2]]);
    listener.send({ type: messageType.unsubscribe, id: 1 }, { type: messageType.unsubscribe, id: 99 });
    await fixture.settle();
    sender.send(set('/b', 3));
    await fixture.settle();
    expect(listener.take()).toEqual([]);
    expect(fixture.router.stats().subscriptions).toBe(0);
  });

  it.each(['', '**', 'a', '/', '/a//b', '/a/x**', `/${Array(9).fill('**').join('/')}`])(
    '[RT19] refuses the pattern %j with ERROR 202',
    async (text) => {
      const fixture = new RouterFixture();
      const peer = await fixture.join();
      peer.send(subscribe(text));
      await fixture.settle();
      expect(peer.take()).toMatchObject([{ type: messageType.error, code: 202 }]);
      expect(fixture.router.stats().subscriptions).toBe(0);
    },
  );

  it('[RT19] takes 1000 subscriptions of a session and refuses more with ERROR 429', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    for (let id = 0; id < 1002; id++) peer.send(subscribe(`/a/${id}`, id));
    peer.send(subscribe('/z', 0));
    await fixture.settle();
    expect(peer.take()).toMatchObject(Array(2).fill({ type: messageType.error, code: 429 }));
    expect(fixture.router.stats().subscriptions).toBe(1000);
  });
});
