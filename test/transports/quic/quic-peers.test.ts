import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import type { QuicSession } from '../../../src-main/transports/quic/quic-session.ts';
import { makeAuthority } from '../../../src-main/platform/certificate-maker.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createQuicDialler } from '../../../src-main/transports/quic/quic-dialler.ts';
import { UdpSocket } from '../../../src-main/platform/udp-socket.ts';
import { until } from '../../until.ts';
import { atEnd, dialRaw, makeQuic, openQuic, ping } from './quic-fixture.ts';

/** A socket that speaks no QUIC, and what it gets. */
async function stranger(port: number): Promise<{ readonly got: Buffer[]; send(bytes: Uint8Array): void }> {
  const got: Buffer[] = [];
  const socket = await UdpSocket.open({
    address: '127.0.0.1',
    port: 0,
    onMessage: (bytes) => got.push(Buffer.from(bytes)),
    onError: () => undefined,
  });
  atEnd(() => socket.close());
  return { got, send: (bytes) => socket.send(bytes, { address: '127.0.0.1', port }, () => undefined) };
}

/** The nth packet that a client sends; it does not leave, nor does any other from there on. */
async function recorded(port: number, nth: number): Promise<Buffer> {
  let kept: Buffer | undefined;
  await dialRaw(port, {
    isHeld: true,
    passes: (n, packet) => {
      if (n === nth) kept = Buffer.from(packet);
      return n < nth;
    },
  });
  await until('the packet', () => kept !== undefined);
  return kept ?? Buffer.of();
}

const isRetry = (packet: Buffer): boolean => ((packet[0] ?? 0) & 0xf0) === 0xf0;

describe('a QUIC port', () => {
  it('[TP47] has who wants to connect prove its address first, and keeps nothing until then', async () => {
    const door = await openQuic({ limits: { connectionsMax: 1 } });
    const first = await recorded(door.port, 0);
    const { got, send } = await stranger(door.port);
    for (let sent = 0; sent < 200; sent += 20) {
      for (let i = 0; i < 20; i++) send(first);
      await until('as many answers', () => got.length === sent + 20);
    }
    expect(got.every((packet) => isRetry(packet) && packet.length * 3 < first.length)).toBe(true);
    const connection = await makeQuic().dial(door.listening.url);
    connection.send(ping);
    await until('the one that there may be', () => door.accepted.length === 1);
  });

  it('[TP47] takes no proof of another address, of its own making or from long ago', async () => {
    const door = await openQuic();
    const second = await recorded(door.port, 1);
    const { send, got } = await stranger(door.port);
    send(second);
    await until('the first', () => door.transport.refused().token === 1);
    const late = await openQuic({ limits: { retryTimeoutMs: millis(-1) } });
    await dialRaw(late.port, { isHeld: true });
    await until('the late one', () => late.transport.refused().token > 0);
    expect([door.accepted, late.accepted, got]).toEqual([[], [], []]);
  });

  it.each([
    ['full', { connectionsMax: 1 }, 'too many connections'],
    ['source', { connectionsPerSourceMax: 1 }, 'too many connections from this address'],
  ] as const)('[TP48] refuses who is one too many and says so (%s)', async (why, limits, words) => {
    const door = await openQuic({ limits });
    const first = await dialRaw(door.port);
    const second = await dialRaw(door.port);
    await until('the refusal', () => second.end() !== undefined);
    expect(second.end()).toMatchObject({ reason: `closed by the peer: ${words}`, code: 2 });
    const ours = await makeQuic().dial(door.listening.url);
    let closed = '';
    ours.onClose((reason) => (closed = reason));
    await until('ours to be refused', () => closed !== '');
    expect(closed).toBe(`closed by the peer: ${words}`);
    expect([door.transport.refused()[why], door.transport.refused().handshake]).toEqual([2, 0]);
    first.session.close('done');
    while (door.accepted.length === 0) {
      const next = await dialRaw(door.port);
      next.stream().write(ping);
      await until('an answer', () => next.end() !== undefined || door.accepted.length > 0);
    }
  });

  it.each([
    ['0.0.0.0', ['127.0.0.1', 'localhost']],
    ['::', ['[::1]', '127.0.0.1']],
  ])(
    '[TP23] on all addresses (%s) tells one that can be dialled here, and is reached by others',
    async (host, others) => {
      const door = await openQuic({ host });
      const urls = [door.listening.url, ...others.map((other) => `quic://${other}:${door.port}`)];
      for (const url of urls) (await makeQuic().dial(url)).send(ping);
      await until('all', () => door.heard.length === urls.length);
    },
  );

  it('[TP18] that is in use is an error, and can be opened again once it stopped', async () => {
    const door = await openQuic();
    await expect(openQuic({ port: door.port })).rejects.toMatchObject({ code: 'port-in-use' });
    await door.listening.stop();
    expect((await openQuic({ port: door.port })).port).toBe(door.port);
  });

  it('[CT6] is not opened with a key that is not its own', async () => {
    const [one, two] = [await makeAuthority('one', 0), await makeAuthority('two', 0)];
    const opened = openQuic({ identity: { cert: one.cert, key: two.key } });
    await expect(opened).rejects.toMatchObject({ code: 'cannot-open-port' });
  });

  it('[TP20] that does not answer can be given up', async () => {
    const dialler = createQuicDialler({ clock: createSystemClock() });
    const dialled = dialler.dial('quic://127.0.0.1:9');
    dialler.abandon();
    await expect(dialled).rejects.toMatchObject({ message: expect.stringContaining('given up') as string });
    await expect(dialler.dial('quic://127.0.0.1')).rejects.toMatchObject({
      message: expect.stringContaining('expected quic://host:port') as string,
    });
  });

  it('[TP49] ends a handshake that takes too long, and counts it', async () => {
    const door = await openQuic({ limits: { handshakeTimeoutMs: millis(100) } });
    await dialRaw(door.port, { isHeld: true, passes: (nth) => nth < 2 });
    await until('the count', () => door.transport.refused().handshake === 1);
    expect(door.accepted).toEqual([]);
  });

  it('[TP49] ends a connection on which no stream is open', async () => {
    const door = await openQuic({ limits: { streamlessTimeoutMs: millis(100) } });
    const idle = await dialRaw(door.port);
    await until('the end', () => idle.end() !== undefined);
    const done = await dialRaw(door.port);
    done.stream().end(ping);
    await until('the other end', () => done.end() !== undefined);
    const reason = 'closed by the peer: no stream is open';
    expect([idle.end(), done.end()].map((end) => end?.reason)).toEqual([reason, reason]);
  });

  it('[TP50] asks who is silent, and finds out who is gone', async () => {
    const door = await openQuic({ limits: { askAfterMs: millis(60), idleTimeoutMs: millis(1000) } });
    let isThere = true;
    const peer = await dialRaw(door.port, { passes: () => isThere });
    peer.stream().write(ping);
    await until('the connection', () => door.accepted.length === 1);
    const { connection } = peer.session;
    const before = connection.stats().recv;
    await until('so many questions that it would be gone by now', () => connection.stats().recv > before + 12);
    expect(door.closed).toEqual([]);
    isThere = false;
    await until('the end', () => door.closed.length === 1);
    expect(door.closed).toEqual(['nothing was heard for 1 s']);
  });

  it('[TP52] takes nothing early from who was there before: it gets in, and is heard once', async () => {
    const door = await openQuic();
    const before = await dialRaw(door.port);
    await until('a ticket', () => before.session.connection.session() !== null);
    const ticket = before.session.connection.session() ?? new Uint8Array();
    let wasEarly = false;
    let session: QuicSession | undefined;
    const again = await dialRaw(door.port, {
      configure: (config) => config.enableEarlyData(),
      prepare: (made) => {
        session = made;
        made.connection.setSession(ticket);
      },
      passes: () => {
        wasEarly ||= session?.connection.isInEarlyData() ?? false;
        return true;
      },
    });
    expect([again.session.connection.isResumed(), wasEarly]).toEqual([true, false]);
    again.stream().write(ping);
    await until('the frame', () => door.heard.length === 1);
    expect(door.accepted.length).toBe(1);
  });

  it('[TP58] tells the sender of a short packet with an unknown id that it is of no connection, in fewer bytes', async () => {
    const door = await openQuic();
    const { got, send } = await stranger(door.port);
    const sizes = [1, 20, 21, 22, 40, 1350];
    for (const size of sizes) send(randomBytes(size).fill(0x41, 0, 1));
    await until('the count', () => door.transport.refused().packet === sizes.length);
    await until('the answers', () => got.length === 3);
    expect(got.map(({ length }) => length).sort((a, b) => a - b)).toEqual([21, 39, 43]);
    expect(door.accepted).toEqual([]);
  });

  it('[TP56] tells who speaks another version of QUIC which is spoken, where its packet is long enough', async () => {
    const door = await openQuic();
    const packet = await recorded(door.port, 0);
    packet.writeUInt32BE(0x1a2a3a4a, 1);
    const { got, send } = await stranger(door.port);
    send(packet.subarray(0, 1199));
    send(packet);
    await until('the answer', () => got.length === 1);
    const [answer = Buffer.of()] = got;
    expect([answer.readUInt32BE(1), answer.readUInt32BE(answer.length - 4)]).toEqual([0, 1]);
    expect(door.transport.refused()).toMatchObject({ version: 1, packet: 1 });
  });
});
