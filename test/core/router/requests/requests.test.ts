import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { decodeFrame, encodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { addressed, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';

describe('SET', () => {
  it('[RT10] stores, raises the revision, tells every subscriber and the sender too, and acknowledges', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    sender.send(subscribe('/a'));
    listener.send(subscribe('/**'));
    await fixture.settle();
    sender.send(set('/a', 1), set('/a', 2));
    await fixture.settle();
    expect(listener.take()).toMatchObject([
      { type: messageType.set, address: '/a', revision: 1n },
      { type: messageType.set, address: '/a', revision: 2n },
    ]);
    expect(sender.take()).toMatchObject([
      { type: messageType.set, revision: 1n },
      { type: messageType.ack, address: '/a', revision: 1n },
      { type: messageType.set, revision: 2n },
      { type: messageType.ack, address: '/a', revision: 2n },
    ]);
    expect(fixture.router.get(parseAddress('/a'))).toEqual({ type: 'f64', value: 2 });
  });

  it('[RT10] keeps type and bytes of the value, also of an i64 past 2^53 and of a map in its order', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const big = { type: 'i64', value: 2n ** 62n + 1n } as const;
    const map = {
      type: 'map',
      value: [
        ['z', big],
        ['a', { type: 'i8', value: -3 }],
      ],
    } as const;
    peer.send(subscribe('/**'), set('/n', big), set('/m', map), { type: messageType.get, address: '/n' });
    await fixture.settle();
    const messages = peer.take();
    const sets = messages.filter((message) => message.type === messageType.set);
    expect(sets.map(({ value }) => value.value)).toEqual([big, map]);
    const snapshots = messages.filter((message) => message.type === messageType.snapshot);
    expect(snapshots.flatMap(({ params }) => params.map(({ value }) => value.value))).toEqual([big]);
  });

  it('[RT10] passes lock, unlock and TTL on as they came', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribe('/a'));
    await fixture.settle();
    const ttl = { seconds: 60, absolute: true };
    sender.send(set('/a', 1, { lock: true, ttl }), set('/a', 1, { unlock: true }));
    await fixture.settle();
    expect(listener.take()).toMatchObject([{ lock: true, ttl }, { unlock: true }]);
  });

  it('[RT11] refuses another expected revision with ERROR 400 and changes nothing', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/a', 1, { revision: 99n }), set('/a', 2, { revision: 7n }), set('/a', 3, { revision: 1n }));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.ack, revision: 1n },
      { type: messageType.error, code: 400, address: '/a' },
      { type: messageType.ack, revision: 2n },
    ]);
    expect(fixture.router.get(parseAddress('/a'))).toEqual({ type: 'f64', value: 3 });
  });

  it('[RT12] grants a lock with its holder, refuses others with ERROR 401, and only the holder unlocks', async () => {
    const fixture = new RouterFixture();
    const [holder, other] = [await fixture.join(), await fixture.join()];
    holder.send(set('/a', 1, { lock: true }));
    await fixture.settle();
    expect(holder.take()).toMatchObject([{ type: messageType.ack, locked: true, holder: holder.session }]);
    other.send(set('/a', 2), set('/a', 3, { unlock: true }));
    await fixture.settle();
    expect(other.take()).toMatchObject(Array(2).fill({ type: messageType.error, code: 401, address: '/a' }));
    holder.send(set('/a', 5), set('/a', 6, { unlock: true }));
    await fixture.settle();
    expect(holder.take()).toMatchObject([{ revision: 2n }, { revision: 3n, locked: false }]);
    other.send(set('/a', 7));
    await fixture.settle();
    expect(other.take()).toMatchObject([{ type: messageType.ack, revision: 4n }]);
    expect(fixture.router.stats().refusedTotal).toEqual({ 401: 2 });
  });

  it('[RT12] refuses to lock and unlock at once', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/a', 1, { lock: true, unlock: true }));
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.error, code: 101, address: '/a' }]);
    expect(fixture.router.stats().params).toBe(0);
  });

  it.each(['', 'a', '/', '/a//b', '/a/*', '/**', `/${'x'.repeat(1100)}`, '/a\u0000'])(
    '[RT13] refuses the address %j with ERROR 200',
    async (address) => {
      const fixture = new RouterFixture();
      const peer = await fixture.join();
      peer.send(set(address, 1), publish('event', address), { type: messageType.get, address });
      await fixture.settle();
      const errors = peer.take();
      expect(errors).toMatchObject(Array(3).fill({ type: messageType.error, code: 200 }));
      expect(fixture.router.stats()).toMatchObject({ params: 0, messagesTotal: 0, refusedTotal: { 200: 3 } });
    },
  );

  it('[RT14] refuses a value that no SNAPSHOT could carry with ERROR 402', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const text = (size: number): Message => set('/t', { type: 'string', value: 'x'.repeat(size) });
    peer.send(text(65_520), text(65_460), { type: messageType.get, address: '/t' });
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.error, code: 402, address: '/t' },
      { type: messageType.ack, revision: 1n },
      { type: messageType.snapshot, params: [{ address: '/t' }] },
    ]);
  });
});

describe('GET', () => {
  it('[RT15] answers with a SNAPSHOT of the param with writer and time, or ERROR 201', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/a', 1));
    await fixture.settle();
    peer.take();
    peer.send({ type: messageType.get, address: '/a' }, { type: messageType.get, address: '/b' });
    await fixture.settle();
    const timestamp = BigInt(fixture.clock.nowMicros());
    expect(peer.take()).toMatchObject([
      { type: messageType.snapshot, params: [{ address: '/a', revision: 1n, writer: peer.session, timestamp }] },
      { type: messageType.error, code: 201, address: '/b' },
    ]);
  });
});

describe('PUBLISH', () => {
  it('[RT20] goes to all subscribers but the sender, and is not stored, whatever its kind', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    sender.send(subscribe('/**'));
    listener.send(subscribe('/**'));
    await fixture.settle();
    sender.send(publish('event', '/e', 1), publish('stream', '/s', 2), publish('param', '/p', 3));
    await fixture.settle();
    expect(addressed(listener.take())).toEqual([
      ['/e', 1],
      ['/s', 2],
      ['/p', 3],
    ]);
    expect(sender.take()).toEqual([]);
    expect(fixture.router.stats()).toMatchObject({ params: 0, messagesTotal: 3 });
  });

  it('[RT20] keeps every field of gestures and sample batches', async () => {
    const fixture = new RouterFixture();
    const [sender, listener] = [await fixture.join(), await fixture.join()];
    listener.send(subscribe('/**'));
    await fixture.settle();
    const gesture: Message = { ...publish('event', '/g', 1), kind: 'gesture', phase: 'move', id: 7, timestamp: 123n };
    const stream: Message = {
      type: messageType.publish,
      kind: 'stream',
      address: '/s',
      samples: [1, 2.5],
      rate: 48_000,
    };
    sender.send(gesture, stream);
    await fixture.settle();
    const received = listener.take().map((message) => decodeFrame(encodeFrame(message)).message);
    expect(received).toMatchObject([
      { kind: 'gesture', phase: 'move', id: 7, timestamp: 123n },
      { kind: 'stream', samples: [1, 2.5], rate: 48_000 },
    ]);
  });
});

describe('QUERY and ANNOUNCE', () => {
  it.each(['', 'desk', '//', '/a//b', '/a/**x', '/\u0000', `/${'x'.repeat(1100)}`])(
    '[RT328] refuses ANNOUNCE of a namespace that is the beginning of no address (%j), without effect',
    async (namespace) => {
      const fixture = new RouterFixture();
      const peer = await fixture.join();
      const signals = [{ address: '/desk/1', kind: 'event' as const }];
      peer.send({ type: messageType.announce, namespace, signals }, { type: messageType.query, pattern: '/**' });
      await fixture.settle();
      expect(peer.take()).toMatchObject([
        { type: messageType.error, code: 200 },
        { type: messageType.result, signals: [] },
      ]);
      expect(fixture.router.stats().refusedTotal).toEqual({ 200: 1 });
    },
  );

  it.each(['/', '/desk', '/desk/', '/desk/main', '/desk/*/level'])(
    '[RT328] takes the namespace %s',
    async (namespace) => {
      const fixture = new RouterFixture();
      const peer = await fixture.join();
      peer.send({ type: messageType.announce, namespace, signals: [] });
      await fixture.settle();
      expect(peer.take()).toEqual([{ type: messageType.ack, address: namespace }]);
    },
  );

  it('[RT21] acknowledges ANNOUNCE with its namespace and finds what was announced, and live params', async () => {
    const fixture = new RouterFixture();
    const [announcer, asker] = [await fixture.join(), await fixture.join()];
    announcer.send(
      {
        type: messageType.announce,
        namespace: '/n',
        signals: [
          { address: '/n/go', kind: 'event' },
          { address: '/n/level', kind: 'param', datatype: 'f32' },
        ],
      },
      set('/n/level', 1),
      set('/n/other', 1),
    );
    await fixture.settle();
    expect(announcer.take()[0]).toMatchObject({ type: messageType.ack, address: '/n' });
    asker.send({ type: messageType.query, pattern: '/n/**' }, { type: messageType.query, pattern: '/nothing' });
    await fixture.settle();
    expect(asker.take()).toMatchObject([
      {
        type: messageType.result,
        signals: [
          { address: '/n/go', kind: 'event' },
          { address: '/n/level', kind: 'param', datatype: 'f32' },
          { address: '/n/other', kind: 'param' },
        ],
      },
      { type: messageType.result, signals: [] },
    ]);
  });

  it('[RT350] lists what is heard and was not announced: events, streams and gestures with their kind', async () => {
    const fixture = new RouterFixture();
    const [sender, asker] = [await fixture.join(), await fixture.join()];
    const signals = [{ address: '/n/go', kind: 'event' as const, datatype: 'string' }];
    sender.send(
      { type: messageType.announce, namespace: '/n', signals },
      set('/n/p', 1),
      ...['/n/go', '/n/stop', '/n/stop', '/other'].map((address) => publish('event', address)),
      publish('stream', '/n/go'),
      publish('param', '/n/unkept'),
      { ...publish('event', '/n/pad'), kind: 'gesture', phase: 'start', id: 1 },
    );
    await fixture.settle();
    asker.send({ type: messageType.query, pattern: '/n/*' });
    await fixture.settle();
    expect(asker.take()).toEqual([
      {
        type: messageType.result,
        signals: [
          signals[0],
          { address: '/n/p', kind: 'param' },
          { address: '/n/pad', kind: 'gesture' },
          { address: '/n/go', kind: 'stream' },
          { address: '/n/stop', kind: 'event' },
        ],
      },
    ]);
  });

  it('[RT289] refuses a QUERY with more than 8 `**`', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    for (const count of [8, 9])
      peer.send({ type: messageType.query, pattern: `/${Array<string>(count).fill('**').join('/a/')}` });
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.result }, { code: 202 }]);
  });

  it('[RT21] refuses an ANNOUNCE with one bad address as a whole, and a QUERY with a bad pattern', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    const signals = [
      { address: '/ok', kind: 'param' as const },
      { address: 'bad', kind: 'param' as const },
    ];
    peer.send({ type: messageType.announce, namespace: '/n', signals }, { type: messageType.query, pattern: 'x' });
    peer.send({ type: messageType.query, pattern: '/**' });
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { code: 200, address: 'bad' },
      { code: 202 },
      { type: messageType.result, signals: [] },
    ]);
  });
});

describe('SYNC and PING', () => {
  it('[RT22] gives back t1 with the time of receiving and sending, and answers PING with PONG', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send({ type: messageType.sync, t1: 2n ** 63n }, { type: messageType.ping });
    await fixture.settle();
    const now = BigInt(fixture.clock.nowMicros());
    expect(peer.take()).toMatchObject([
      { type: messageType.sync, t1: 2n ** 63n, t2: now, t3: now },
      { type: messageType.pong },
    ]);
  });
});
