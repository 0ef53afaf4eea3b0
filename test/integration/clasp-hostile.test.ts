import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { until } from '../until.ts';
import { openClaspPort, type ClaspPort, type ClaspPortOptions } from './clasp-port.ts';
import { RawSession } from './raw-session.ts';

describe('hostile peers', () => {
  let port: ClaspPort;
  const sessions: RawSession[] = [];

  const open = async (options: ClaspPortOptions = {}): Promise<void> => void (port = await openClaspPort(options));
  beforeEach(() => open());
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.webSocket.terminate();
    await port.stop();
  });

  async function join(): Promise<RawSession> {
    const session = await RawSession.join(port.url);
    sessions.push(session);
    return session;
  }

  const event = (n: number, address = '/e'): Message => ({
    type: messageType.publish,
    kind: 'event',
    address,
    value: WireValue.of({ type: 'f64', value: n }),
  });

  /** A bystander who must not feel anything. */
  async function stillWorks(bystander: RawSession): Promise<void> {
    const before = bystander.all(messageType.pong).length;
    bystander.send({ type: messageType.ping });
    await bystander.until(messageType.pong, before + 1);
    expect(bystander.closed).toBeUndefined();
  }

  it('[RT81] survives garbage after the greeting: ERROR, counted, at last closed; nobody else feels it', async () => {
    const [bystander, vandal] = [await join(), await join()];
    let seed = 1;
    const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
    for (let i = 0; i < 200 && vandal.closed === undefined; i++) {
      vandal.webSocket.send(Uint8Array.from({ length: Math.floor(random() * 200) }, () => random() * 256));
    }
    expect((await vandal.untilClosed()).reason).toBe('too many bad frames');
    expect(vandal.all(messageType.error).length).toBeGreaterThanOrEqual(16);
    await stillWorks(bystander);
    expect(port.router.stats()).toMatchObject({ sessions: 1, params: 0 });
  });

  it('[RT81] survives every truncation and every flipped byte of every kind of message', async () => {
    const bystander = await join();
    const value = WireValue.of({ type: 'map', value: [['k', { type: 'array', value: [{ type: 'i64', value: 1n }] }]] });
    const messages: Message[] = [
      { type: messageType.set, address: '/a', value, revision: 1n, ttl: { seconds: 1, absolute: false } },
      { type: messageType.publish, kind: 'stream', address: '/s', samples: [1, 2], rate: 9, timestamp: 3n },
      {
        type: messageType.subscribe,
        id: 1,
        pattern: '/a/**',
        types: 3,
        options: { maxRate: 1, epsilon: 1, history: 2 },
      },
      { type: messageType.bundle, messages: [event(1), { type: messageType.set, address: '/b', value }] },
      {
        type: messageType.announce,
        namespace: '/n',
        signals: [{ address: '/n/a', kind: 'param', meta: { unit: 'dB', range: [0, 1] } }],
      },
      { type: messageType.query, pattern: '/**' },
    ];
    for (const frame of messages.map((message) => encodeFrame(message))) {
      const vandal = await join();
      for (let i = 0; i < frame.length; i++) {
        vandal.webSocket.send(frame.subarray(0, i));
        vandal.webSocket.send(frame.with(i, (frame[i] ?? 0) ^ 0xff));
        vandal.send({ type: messageType.ping });
      }
      await vandal.until(messageType.pong, frame.length);
      expect(vandal.closed).toBeUndefined();
    }
    await stillWorks(bystander);
  });

  it('[RT81] closes who begins with garbage, or with another message, without a word', async () => {
    const bystander = await join();
    for (const first of [Buffer.from('GET / HTTP/1.1'), Buffer.from(encodeFrame(event(1))), Buffer.alloc(0)]) {
      const session = await RawSession.connect(port.url);
      session.webSocket.send(first);
      await session.untilClosed();
      expect(session.received).toEqual([]);
    }
    await stillWorks(bystander);
    expect(port.router.stats().sessions).toBe(1);
  });

  it('[RT82] drops upgrades that come byte by byte, while others connect', async () => {
    await port.stop();
    await open({ webSocket: { upgradeTimeoutMs: 300 as never } });
    const dropped = new Set<number>();
    const slow = Array.from({ length: 50 }, (_, i) => {
      const socket = connect(port.port, '127.0.0.1', () => socket.write('GET / HT'));
      socket.on('error', () => undefined).on('close', () => dropped.add(i));
      socket.on('data', () => undefined);
      return socket;
    });
    await stillWorks(await join());
    await until('all slow ones to be dropped', () => dropped.size === slow.length);
  });

  it('[RT82] closes who says no HELLO in time', async () => {
    await port.stop();
    await open({ limits: { helloTimeoutMs: 50 as never } });
    const session = await RawSession.connect(port.url);
    sessions.push(session);
    expect((await session.untilClosed()).reason).toBe('no HELLO in time');
  });

  it('[RT19] takes 1000 of 10 000 subscriptions of one session, refuses the others, and stays quick', async () => {
    const [bystander, greedy] = [await join(), await join()];
    for (let id = 0; id < 10_000; id++) {
      greedy.send({ type: messageType.subscribe, id, pattern: `/**/${id}/*/x*y`, types: 0xff });
    }
    const errors = await greedy.until(messageType.error, 9000, 20_000);
    expect(errors.every(({ code }) => code === 429)).toBe(true);
    expect(port.router.stats().subscriptions).toBe(1000);
    const start = performance.now();
    for (let i = 0; i < 1000; i++) bystander.send(event(i, `/many/${i}/a/x1y`));
    await stillWorks(bystander);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('[RT83] closes a session that floods itself and does not read; the others get theirs, in order', async () => {
    await port.stop();
    await open({ limits: { outboxBytesMax: 2_000_000 } });
    const [flooder, slow, steady] = [await join(), await join(), await join()];
    slow.send({ type: messageType.subscribe, id: 1, pattern: '/flood', types: 0xff });
    steady.send({ type: messageType.subscribe, id: 1, pattern: '/flood', types: 0xff });
    await until('both to subscribe', () => port.router.stats().subscriptions === 2);
    slow.webSocket.pause();
    const body = WireValue.of({ type: 'bytes', value: new Uint8Array(20_000) });
    let sent = 0;
    while (port.router.stats().sessions === 3 && sent < 5000) {
      for (let i = 0; i < 20; i++) {
        flooder.send({
          type: messageType.publish,
          kind: 'event',
          address: '/flood',
          value: body,
          timestamp: BigInt(sent++),
        });
      }
      await steady.until(messageType.publish, sent, 20_000);
    }
    expect(port.router.stats()).toMatchObject({ sessions: 2, refusedTotal: { 503: 1 } });
    expect(steady.all(messageType.publish).map(({ timestamp }) => Number(timestamp))).toEqual(
      Array.from({ length: sent }, (_, i) => i),
    );
    await stillWorks(flooder);
  });

  it('[RT83] keeps a slow session that gets streams: it sees the newest, and is told what it missed', async () => {
    const [source, slow] = [await join(), await join()];
    slow.send({ type: messageType.subscribe, id: 1, pattern: '/**', types: 0xff });
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    slow.webSocket.pause();
    const samples = Array.from({ length: 1000 }, (_, i) => i);
    let last = 0;
    while (port.router.stats().droppedTotal < 500) {
      const before = source.all(messageType.pong).length;
      for (let i = 0; i < 20; i++) {
        source.send({ type: messageType.publish, kind: 'stream', address: '/s', samples, timestamp: BigInt(++last) });
      }
      source.send({ type: messageType.ping });
      await source.until(messageType.pong, before + 1);
    }
    slow.webSocket.resume();
    const [error] = await slow.until(messageType.error, 1, 20_000);
    expect(error).toMatchObject({
      code: 503,
      message: expect.stringMatching(/^You read too slowly: \d+ stream samples/) as string,
    });
    await until('the newest', () => Number(slow.all(messageType.publish).at(-1)?.timestamp) === last);
    expect(port.router.stats().sessions).toBe(2);
  });
});
