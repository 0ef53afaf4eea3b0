import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { p2pAnnounceAddress } from '../../../src-main/core/protocol/p2p.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { joinSignalling, offerFrom, type RawSession } from './raw-peer.ts';
import { openSignallingRouter, webRtcOf, type WebRtcOptions } from './webrtc-fixture.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const ping = encodeFrame({ type: messageType.ping }).slice();

async function open(options: WebRtcOptions = {}) {
  const signalling = await openSignallingRouter();
  ends.push(signalling.stop);
  const transport = webRtcOf(signalling, options);
  const accepted: Connection[] = [];
  const got: Buffer[] = [];
  const closed: string[] = [];
  const listening = await transport.listen((connection) => {
    accepted.push(connection);
    connection.onFrame((frame) => got.push(Buffer.from(bytesOfFrame(frame))));
    connection.onClose((reason) => closed.push(reason));
  });
  ends.push(listening.stop);
  const join = async (): Promise<RawSession> => {
    const session = await joinSignalling(signalling.url);
    ends.push(session.close);
    return session;
  };
  const connect = async (labels: readonly string[], session?: RawSession) => {
    const raw = offerFrom(session ?? (await join()), { labels });
    ends.push(raw.close);
    await until('the channels', () => raw.channels.every((channel) => channel.isOpen()));
    return raw;
  };
  return { signalling, transport, listening, accepted, got, closed, join, connect };
}

const offer = (sdp: string, correlationId = 'a') => ({ type: 'offer', correlationId, sdp }) as const;
/** One that the library takes, and to which nobody is. */
const goodOffer = [
  'v=0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:0',
  'a=setup:actpass',
  'a=ice-ufrag:Wb1+',
  'a=ice-pwd:zqk8vq8o3J3hT2y0Zk1lXv/+',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=sctp-port:5000',
].join('\r\n');

describe('the way in over WebRTC', () => {
  it('[TP75] tells its URL, and who it is at the start and to whoever says who he is, now and then', async () => {
    const { signalling, listening, join } = await open({ limits: { announceEveryMs: 50 as never } });
    expect(listening.url).toBe(`webrtc+${signalling.url}`);
    const heard: unknown[] = [];
    const ear = signalling.router.openLocal('ear');
    ear.subscribe(parsePattern(p2pAnnounceAddress), (all) => heard.push(...all.map(({ signal }) => signal.value)));
    const session = await join();
    const value = fromJson({ session_id: session.id, p2p_capable: true });
    for (let i = 0; i < 20; i++) ear.publish([{ kind: 'event', address: p2pAnnounceAddress, value }]);
    const answer = fromJson({ session_id: 'router', p2p_capable: true, features: ['clasp', 'clasp-reliable'] });
    await until('an answer', () => heard.length > 0);
    expect(heard).toEqual([answer]);
  });

  it('[TP76] takes a peer with both channels as one session, and sends it all on the reliable one', async () => {
    const { accepted, got, connect } = await open();
    const raw = await connect(['clasp', 'clasp-reliable']);
    await until('the connection', () => accepted.length > 0);
    raw.channels[0]?.sendMessageBinary(Buffer.of(1));
    raw.channels[1]?.sendMessageBinary(Buffer.of(2));
    await until('both frames', () => got.length === 2);
    expect([accepted.length, accepted[0]?.reliable]).toEqual([1, true]);
    expect(got.map((frame) => frame[0]).sort()).toEqual([1, 2]);
    const onQuick: unknown[] = [];
    raw.channels[0]?.onMessage((message) => onQuick.push(message));
    accepted[0]?.send(ping);
    await until('a frame', () => raw.got.length === 1);
    expect(onQuick).toEqual([]);
  });

  it.each([
    ['clasp', false],
    ['clasp-reliable', true],
  ])('[TP76] takes a peer that has %s alone', async (label, reliable) => {
    const { accepted, got, connect } = await open();
    const raw = await connect([label]);
    await until('the connection', () => accepted.length > 0);
    expect(accepted[0]?.reliable).toBe(reliable);
    raw.channels[0]?.sendMessageBinary(Buffer.of(7));
    accepted[0]?.send(ping);
    await until('both', () => got.length === 1 && raw.got.length === 1);
    expect(accepted[0]?.peer).toMatch(/^webrtc 127\.0\.0\.1:\d+$/);
  });

  it('[TP77] leaves out text and channels of other names, and counts them', async () => {
    const { transport, accepted, got, join } = await open();
    const raw = offerFrom(await join(), { labels: ['clasp-reliable', 'chat'] });
    ends.push(raw.close);
    await until('the connection', () => accepted.length > 0);
    raw.channels[0]?.sendMessage('hello');
    raw.channels[0]?.sendMessageBinary(Buffer.of(1));
    await until('the frame', () => got.length === 1);
    await until('the channel to close', () => raw.closed.includes('chat'));
    expect(transport.refused()).toMatchObject({ text: 1, channel: 1 });
  });

  it('[TP77] ends the connection of a peer that sends more than a frame', async () => {
    const { transport, accepted, closed, join } = await open();
    const sdp = (text: string): string => text.replace(/a=max-message-size:\d+/, 'a=max-message-size:262144');
    const raw = offerFrom(await join(), { labels: ['clasp-reliable'], sdp });
    ends.push(raw.close);
    await until('the connection', () => accepted.length > 0);
    raw.channels[0]?.sendMessageBinary(Buffer.alloc(200_000));
    await until('the end', () => closed.length > 0);
    expect([closed, transport.refused().oversize]).toEqual([['a message larger than a frame'], 1]);
  });

  it('[TP78] says full when much waits for a peer, and goes on when there is room, with nothing lost', async () => {
    const { accepted, connect } = await open({ limits: { queueBytesMax: 256 * 1024 } });
    const raw = await connect(['clasp-reliable']);
    await until('the connection', () => accepted.length > 0);
    const [connection] = accepted;
    const body = Buffer.alloc(60_000, 7);
    let [taken, drained] = [0, 0];
    connection?.onDrain(() => drained++);
    while (connection?.send(body)) taken++;
    expect(taken).toBeLessThan(200);
    await until('room', () => drained > 0);
    expect(connection?.send(body)).toBe(true);
    await until('all', () => raw.got.length === taken + 1);
    expect(raw.got.every((message) => Buffer.compare(message as Buffer, body) === 0)).toBe(true);
  });

  it('[TP87] ends a peer that sends reliably more than may wait, and counts it', async () => {
    const { transport, accepted, closed, connect } = await open({ limits: { waitingBytesMax: 10_000 } });
    const raw = await connect(['clasp-reliable']);
    await until('the connection', () => accepted.length > 0);
    accepted[0]?.pauseReading();
    for (let i = 0; i < 20; i++) raw.channels[0]?.sendMessageBinary(Buffer.alloc(1000));
    await until('the end', () => closed.length > 0);
    expect([closed, transport.refused().overrun]).toEqual([['sent faster than it was read'], 1]);
  });

  it('[TP87] loses what may be lost of a peer that sends more than may wait', async () => {
    const { transport, accepted, got, closed, connect } = await open({ limits: { waitingBytesMax: 10_000 } });
    const raw = await connect(['clasp']);
    await until('the connection', () => accepted.length > 0);
    accepted[0]?.pauseReading();
    for (let i = 0; i < 20; i++) raw.channels[0]?.sendMessageBinary(Buffer.alloc(1000));
    await until('the loss', () => transport.refused().overrun === 13);
    accepted[0]?.resumeReading();
    expect([got.length, closed]).toEqual([7, []]);
  });

  it('[TP79] refuses offers for which there is no room, and gives up those that open nothing in time', async () => {
    const clock = new SimulatedClock();
    const { transport, join } = await open({ clock, limits: { halfOpenPerSessionMax: 2, halfOpenMax: 3 } });
    const [first, second] = [await join(), await join()];
    for (const correlationId of ['a', 'a', 'b', 'c']) first.tell(offer(goodOffer, correlationId));
    await until('answers', () => first.heard.filter(({ type }) => type === 'disconnected').length === 2);
    for (const correlationId of ['a', 'b']) second.tell(offer(goodOffer, correlationId));
    await until('one more', () => second.heard.some(({ type }) => type === 'disconnected'));
    expect(first.heard.flatMap((signal) => ('reason' in signal ? [signal.reason] : []))).toEqual([
      'This offer was made already: a new one has its own correlation_id.',
      'There is no room for more peers now.',
    ]);
    expect(transport.refused()).toMatchObject({ full: 2, signal: 1 });
    clock.advance(10_000);
    await until('the time to run out', () =>
      second.heard.some((each) => 'reason' in each && /in time/.test(each.reason ?? '')),
    );
    first.tell(offer(goodOffer, 'd'));
    await until('room again', () => first.heard.some((each) => each.type === 'answer' && each.correlationId === 'd'));
  });

  it('[TP80] tells what is wrong with an offer, and leaves out what is no signal', async () => {
    const { transport, join } = await open();
    const session = await join();
    session.tellRaw(fromJson({ type: 'offer', correlation_id: 'x', sdp: 'v=0' }));
    session.tellRaw(fromJson({ hello: 1 }));
    session.tell({ type: 'answer', correlationId: 'x', sdp: goodOffer });
    session.tell({ type: 'ice_candidate', correlationId: 'nobody', candidate: 'x' });
    await until('the counts', () => transport.refused().candidate === 1 && session.heard.length > 0);
    expect(transport.refused()).toMatchObject({ signal: 3, candidate: 1 });
    expect(session.heard).toEqual([
      { type: 'disconnected', correlationId: 'x', reason: expect.stringMatching(/^Expected SDP/) as string },
    ]);
  });

  it('[TP81] takes so many candidates of a peer', async () => {
    const { transport, join } = await open({ limits: { candidatesMax: 2 } });
    const session = await join();
    session.tell(offer(goodOffer));
    for (let i = 1; i < 5; i++)
      session.tell({
        type: 'ice_candidate',
        correlationId: 'a',
        candidate: `candidate:1 1 UDP 1 127.0.0.${i} 9 typ host`,
      });
    await until('the counts', () => transport.refused().candidate === 2);
  });

  it('[TP82] gives up a peer that says so, and ends with the peer', async () => {
    const { accepted, closed, join, connect } = await open();
    const session = await join();
    const raw = await connect(['clasp-reliable'], session);
    await until('the connection', () => accepted.length === 1);
    session.tell({ type: 'disconnected', correlationId: 'raw' });
    await until('the end', () => closed.length === 1);
    expect(closed).toEqual(['the peer gave up']);
    await until('the peer to know', () => raw.closed.length === 1);
    const other = await connect(['clasp-reliable']);
    await until('the connection', () => accepted.length === 2);
    other.peer.close();
    await until('the end', () => closed.length === 2);
    expect(closed[1]).toBe('closed by the peer');
  });

  it('[TP83] has all peers on one UDP port, and says when another program has it', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    const signalling = await openSignallingRouter();
    ends.push(signalling.stop);
    const opening = (): Promise<unknown> => webRtcOf(signalling, { port }).listen(() => undefined);
    await expect(opening()).rejects.toMatchObject({ code: 'port-in-use', details: { port } });
    await new Promise<void>((resolve) => socket.close(resolve));
    const { accepted, transport, connect } = await open({ port });
    const peers = await Promise.all([connect(['clasp-reliable']), connect(['clasp-reliable'])]);
    await until('both', () => accepted.length === 2);
    expect(peers.map(({ peer }) => peer.getSelectedCandidatePair()?.remote.port)).toEqual([port, port]);
    expect(transport.refused().stranger).toBe(0);
  });

  it('[TP83] is there once: a second one in a router is refused, and its port free again', async () => {
    const { signalling } = await open();
    const second = webRtcOf(signalling);
    await expect(second.listen(() => undefined)).rejects.toMatchObject({ code: 'cannot-open-port' });
  });

  it('[TP83] open on all addresses is reached on this machine too', async () => {
    const { accepted, connect } = await open({ host: '0.0.0.0' });
    await connect(['clasp-reliable']);
    await until('the connection', () => accepted.length === 1);
  });

  it('[TP86] is dialled by its URL; a router without it says so, and what is dialled can be given up', async () => {
    const signalling = await openSignallingRouter();
    ends.push(signalling.stop);
    const transport = webRtcOf(signalling);
    await expect(transport.dial(`webrtc+${signalling.url}`)).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: expect.stringContaining('the router has no way in over WebRTC') as string,
    });
    for (const url of ['webrtc://127.0.0.1:1', 'ws://127.0.0.1:1', 'nonsense'])
      await expect(transport.dial(url)).rejects.toThrow(/expected webrtc\+ws:/);
  });
});
