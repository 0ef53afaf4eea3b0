import { describe, expect, it } from 'vitest';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { hello, RouterFixture, set, subscribe } from '../router-fixture.ts';

describe('greeting', () => {
  it.each([1, 2, 3])(
    '[RT1] answers HELLO version %i with WELCOME, then one SNAPSHOT even if empty',
    async (version) => {
      const fixture = new RouterFixture();
      const peer = fixture.connect();
      peer.send({ ...hello, version });
      await fixture.settle();
      const [welcome, snapshot, ...rest] = peer.take();
      expect(welcome).toMatchObject({
        type: messageType.welcome,
        version: 1,
        name: 'test',
        session: '00000000-0000-4000-8000-000000000000',
        time: BigInt(fixture.clock.nowMicros()),
        features: ['param', 'event', 'stream', 'gesture', 'timeline'],
      });
      expect(snapshot).toMatchObject({ type: messageType.snapshot, params: [] });
      expect(rest).toEqual([]);
    },
  );

  it.each([0, 4, 255])('[RT1] refuses HELLO version %i with ERROR 102 and closes', async (version) => {
    const fixture = new RouterFixture();
    const peer = fixture.connect();
    peer.send({ ...hello, version });
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.error, code: 102 }]);
    expect(peer.closedBecause).toBe('unsupported version');
    expect(fixture.router.stats()).toMatchObject({ sessions: 0, refusedTotal: { 102: 1 } });
  });

  it.each([
    ['another message', set('/a', 1)],
    ['a PING', { type: messageType.ping }],
  ])('[RT2] closes a connection that begins with %s, without an answer', async (_, message) => {
    const fixture = new RouterFixture();
    const peer = fixture.connect();
    peer.send(message);
    await fixture.settle();
    expect(peer.take()).toEqual([]);
    expect(peer.closedBecause).toBe('the first frame is not a HELLO');
    expect(fixture.router.stats()).toMatchObject({ params: 0, refusedTotal: { 101: 1 } });
  });

  it('[RT2] closes a connection that begins with bytes that are no frame, without an answer', async () => {
    const fixture = new RouterFixture();
    const peer = fixture.connect();
    peer.connection.send(new Uint8Array([1, 2, 3, 4, 5]));
    await fixture.settle();
    expect(peer.take()).toEqual([]);
    expect(peer.closedBecause).toBe('the first frame is not a HELLO');
    expect(fixture.router.stats().refusedTotal).toEqual({ 100: 1 });
  });

  it('[RT3] answers a second HELLO with ERROR 101 and keeps session and subscriptions', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(subscribe('/a'), hello, set('/a', 5));
    await fixture.settle();
    expect(peer.take().map(({ type }) => type)).toEqual([messageType.error, messageType.set, messageType.ack]);
    expect(fixture.router.stats()).toMatchObject({ sessions: 1, refusedTotal: { 101: 1 } });
  });
});
