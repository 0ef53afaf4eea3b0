import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { frameFor } from '../../../src-main/core/protocol/framing.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { bytesOfFrame, type PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import type { QuicSession } from '../../../src-main/transports/quic/quic-session.ts';
import type { QuicStream } from '../../../src-main/transports/quic/quic-stream.ts';
import { shapeFrame } from '../../conformance/shape-frame.ts';
import { until } from '../../until.ts';
import { dialRaw, makeQuic, openQuic, ping } from './quic-fixture.ts';

const hello = encodeFrame({ type: messageType.hello, version: 1, name: 'desk', features: [] }).slice();
const get = encodeFrame({ type: messageType.get, address: '/desk/level' }).slice();
const sampleOf = (value: number): Uint8Array => {
  const address = '/desk/meter';
  return encodeFrame({ type: messageType.publish, kind: 'stream', address, value: WireValue.of(f64(value)) }).slice();
};
const sample = sampleOf(1);
const event = encodeFrame({
  type: messageType.publish,
  kind: 'event',
  address: '/desk/go',
  value: WireValue.of(f64(1)),
}).slice();
const pong = encodeFrame({ type: messageType.pong }).slice();

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** All that comes on a stream, as hex. */
function bytesOf(stream: QuicStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('hex');
}

describe('streams of a QUIC connection', () => {
  it('[TP44] carry frames one behind the other, joined or split', async () => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    const stream = peer.stream();
    const got = bytesOf(stream);
    stream.write(Buffer.concat([hello, get, ping]));
    await until('three frames', () => door.heard.length === 3);
    for (const byte of get) {
      stream.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until('the fourth', () => door.heard.length === 4);
    expect(door.heard).toEqual([hello, get, ping, get].map(hex));
    expect(door.accepted[0]?.send(get)).toBe(true);
    await until('the answer', () => got() === hex(get));
  });

  it('[TP45] are read and answered behind lengths where they begin with 0', async () => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    const stream = peer.stream();
    const got = bytesOf(stream);
    const bytes = Buffer.concat([frameFor('length32', hello), frameFor('length32', get)]);
    stream.write(bytes.subarray(0, 7));
    await until('the connection', () => door.accepted.length === 1);
    stream.write(bytes.subarray(7));
    await until('both', () => door.heard.length === 2);
    expect(door.heard).toEqual([hello, get].map(hex));
    const [connection] = door.accepted;
    expect(connection?.framing).toBe('length32');
    connection?.send(frameFor('length32', get));
    await until('the answer', () => got() === hex(frameFor('length32', get)));
  });

  it.each([
    ['bytes of another protocol', Buffer.from('GET / HTTP/1.1\r\n'), 'A frame begins with 0x53, got 0x47.'],
    ['a length that no frame has', Buffer.of(0, 1, 1, 1), 'A frame has 4 to 65547 bytes, this one claims 65793.'],
    ['a frame, then what is none', Buffer.from([...ping, 0xff]), 'A frame begins with 0x53, got 0xff.'],
  ])('[TP24] end alone with ERROR 100 for %s, and are counted', async (_what, bytes, words) => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    const [good, bad] = [peer.stream(), peer.stream()];
    good.write(ping);
    const got = bytesOf(bad);
    let isOver = false;
    bad.on('end', () => (isOver = true));
    bad.write(bytes);
    await until('the end', () => isOver);
    const told = Buffer.from(got(), 'hex').subarray(bytes[0] === 0 ? 4 : 0);
    expect(decodeFrame(told).message).toMatchObject({ type: messageType.error, code: 100, message: words });
    expect(door.transport.refused().frame).toBe(1);
    const before = door.heard.length;
    good.write(get);
    await until('the other to be heard', () => door.heard.length === before + 1);
    expect(peer.end()).toBeUndefined();
  });

  it('[TP46] are so many at once, each a connection of its own; the next may begin when one has ended', async () => {
    const door = await openQuic({ limits: { streamsMax: 2 } });
    const peer = await dialRaw(door.port);
    const streams = [peer.stream(), peer.stream()];
    for (const stream of streams) stream.write(ping);
    await until('both', () => door.accepted.length === 2);
    expect(new Set(door.accepted.map((each) => each.peer)).size).toBe(2);
    const { connection } = peer.session;
    expect(connection.peerStreamsLeftBidi()).toBe(0);
    streams[0]?.resume().end();
    await until('room for one', () => connection.peerStreamsLeftBidi() === 1);
    expect(door.closed).toEqual(['closed by the peer']);
    peer.stream().write(ping);
    await until('the third', () => door.accepted.length === 3);
  });
});

describe('streams that are given up', () => {
  it.each<[string, (session: QuicSession, stream: QuicStream) => void]>([
    ['the connection is closed', (session) => session.close('done')],
    ['they are reset', (_session, stream) => stream.destroy()],
    ['they end', ({ connection }) => connection.streamSend(0, new Uint8Array(0), true)],
  ])('[TP55] before anything came on them harm nobody, where %s', async (_what, giveUp) => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    const stream = peer.stream();
    peer.session.connection.streamSend(0, new Uint8Array(0), false);
    peer.session.start();
    giveUp(peer.session, stream);
    peer.session.start();
    const next = await dialRaw(door.port);
    next.stream().write(ping);
    await until('the next', () => door.heard.length === 1);
    expect(door.accepted.length).toBe(1);
  });

  it('[TP4] take nothing more, also by datagram', async () => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    peer.stream().write(ping);
    await until('the connection', () => door.accepted.length === 1);
    peer.session.sendDatagram(ping);
    await until('the answer', () => peer.datagrams.length === 1);
    const [connection] = door.accepted;
    expect(connection?.send(sample)).toBe(true);
    connection?.close('enough');
    expect(connection?.send(sample)).toBe(false);
  });
});

describe('datagrams of a QUIC connection', () => {
  it('[TP53] carry samples to who has shown to read them, and nothing else', async () => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    const stream = peer.stream();
    const got = bytesOf(stream);
    stream.write(hello);
    await until('the connection', () => door.accepted.length === 1);
    const [connection] = door.accepted;
    connection?.send(sample);
    await until('the sample on the stream', () => got() === hex(sample));
    peer.session.sendDatagram(ping);
    await until('the answer', () => peer.datagrams.length === 1);
    connection?.send(sample);
    connection?.send(event);
    const large = shapeFrame(Uint8Array.from({ length: 2000 }, (_, at) => sample[at] ?? 0));
    connection?.send(large);
    await until('all', () => peer.datagrams.length === 2 && got().endsWith(hex(large)));
    expect(peer.datagrams).toEqual([pong, sample].map(hex));
    expect(got()).toBe([sample, event, large].map(hex).join(''));
    peer.session.sendDatagram(sample);
    await until('the other way', () => door.heard.length === 2);
    expect(door.heard).toEqual([hello, sample].map(hex));
  });

  it('[TP53] arrive each with bytes of its own, which those that come later leave alone', async () => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    peer.stream().write(ping);
    await until('the connection', () => door.accepted.length === 1);
    const kept: PlacedFrame[] = [];
    door.accepted[0]?.onFrame((frame) => kept.push(frame));
    const samples = Array.from({ length: 40 }, (_, value) => sampleOf(value));
    for (const each of samples) peer.session.sendDatagram(each);
    await until('all', () => kept.length === samples.length);
    expect(kept.map((frame) => hex(bytesOfFrame(frame)))).toEqual(samples.map(hex));
  });

  it('[TP53] are used between our own ends, and lost while reading is paused', async () => {
    const door = await openQuic();
    const client = await makeQuic().dial(door.listening.url);
    const came: string[] = [];
    client.onFrame(({ slab, start, end }) => came.push(hex(slab.subarray(start, end))));
    client.send(hello);
    await until('the connection', () => door.accepted.length === 1);
    door.accepted[0]?.pauseReading();
    await until('a sample to be lost', () => {
      client.send(sample);
      return door.transport.refused().datagram > 0;
    });
    door.accepted[0]?.resumeReading();
    await until('one to be heard', () => {
      client.send(sample);
      return door.heard.includes(hex(sample));
    });
    client.close();
  });

  it.each([
    ['what no frame begins with', Buffer.from('GET / HTTP/1.1')],
    ['nothing', Buffer.alloc(0)],
    ['a frame that must arrive', event],
    [
      'a sample that asks for an answer',
      encodeFrame(
        { type: messageType.publish, kind: 'stream', address: '/a', value: WireValue.of(f64(1)) },
        { qos: 'confirm' },
      ).slice(),
    ],
    ['two frames', Buffer.concat([sample, sample])],
    ['half a frame', sample.subarray(0, 9)],
  ])('[TP54] are left out and counted when they are %s', async (_what, datagram) => {
    const door = await openQuic();
    const peer = await dialRaw(door.port);
    peer.session.sendDatagram(sample);
    await until('one too early', () => door.transport.refused().datagram === 1);
    peer.stream().write(ping);
    await until('the connection', () => door.accepted.length === 1);
    peer.session.sendDatagram(datagram);
    await until('the count', () => door.transport.refused().datagram === 2);
    expect([door.heard, door.closed, peer.datagrams]).toEqual([[hex(ping)], [], []]);
  });
});
