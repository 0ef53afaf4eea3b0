import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis, type Millis } from '../../../src-main/contract/units.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { UdpSocket } from '../../../src-main/platform/udp-socket.ts';
import type { Connection, Listening } from '../../../src-main/ports/transport.ts';
import { createUdpDialler } from '../../../src-main/transports/udp/udp-dialler.ts';
import { UdpConnection } from '../../../src-main/transports/udp/udp-connection.ts';
import {
  createUdpTransport,
  type UdpTransport,
  type UdpTransportOptions,
} from '../../../src-main/transports/udp/udp-transport.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { describeTransport } from '../../conformance/transport.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { openLossyRelay } from './lossy-relay.ts';

const hello = encodeFrame({ type: messageType.hello, version: 1, name: 'desk', features: [] }).slice();
const ping = encodeFrame({ type: messageType.ping }).slice();
const pong = encodeFrame({ type: messageType.pong }).slice();
const welcome = encodeFrame({
  type: messageType.welcome,
  version: 1,
  features: [],
  time: 0n,
  session: 's',
  name: 'router',
}).slice();
const dialTimeoutMs = 300 as Millis;

function make(options: Partial<UdpTransportOptions> = {}): UdpTransport {
  const { limits, ...rest } = options;
  return createUdpTransport({
    host: '127.0.0.1',
    port: 0,
    clock: createSystemClock(),
    log: silentLog,
    limits: { dialTimeoutMs, ...limits },
    ...rest,
  });
}

describeTransport('udp', () => ({
  transport: make(),
  closeWords: 'closed by the peer',
  isLossy: true,
  greeting: [hello, ping],
  stall: () => () => undefined,
}));

describeClasp('udp', () => ({
  transport: make(),
  cut: (connection) => {
    if (!(connection instanceof UdpConnection)) throw new Error('not UDP');
    connection.terminate('cut');
  },
}));

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Door {
  readonly transport: UdpTransport;
  readonly listening: Listening;
  readonly accepted: Connection[];
  /** a peer that is not ours, and what it gets */
  peer(): Promise<{ readonly got: Buffer[]; send(bytes: Uint8Array): void }>;
}

async function open(
  options: Partial<UdpTransportOptions> = {},
  accept = (connection: Connection): void => void connection.onFrame(() => undefined),
): Promise<Door> {
  const transport = make(options);
  const accepted: Connection[] = [];
  const listening = await transport.listen((connection) => {
    accept(connection);
    accepted.push(connection);
  });
  ends.push(listening.stop);
  const to = { address: '127.0.0.1', port: Number(new URL(listening.url).port) };
  const peer = async () => {
    const got: Buffer[] = [];
    const onMessage = (bytes: Uint8Array): void => void got.push(Buffer.from(bytes));
    const socket = await UdpSocket.open({ address: '127.0.0.1', port: 0, onMessage, onError: () => undefined });
    ends.push(() => socket.close());
    return { got, send: (bytes: Uint8Array) => socket.send(bytes, to, () => undefined) };
  };
  return { transport, listening, accepted, peer };
}

describe('a UDP door', () => {
  it('[TP27] answers a PING of anybody with a PONG, and takes in who says HELLO', async () => {
    const door = await open();
    const { got, send } = await door.peer();
    send(ping);
    await until('the PONG', () => got.length === 1);
    expect(got[0]).toEqual(Buffer.from(pong));
    expect(door.accepted.length).toBe(0);
    send(hello);
    await until('the session', () => door.accepted.length === 1);
  });

  it('[TP27] tells strangers who have no session with an empty datagram, and counts them', async () => {
    const door = await open();
    const { got, send } = await door.peer();
    send(encodeFrame({ type: messageType.get, address: '/a' }));
    await until('the answer', () => got.length === 1);
    expect(got[0]?.length).toBe(0);
    send(Buffer.from('GET / HTTP/1.1'));
    await until('the other', () => got.length === 2);
    expect([door.accepted.length, door.transport.refused().stranger]).toEqual([0, 2]);
  });

  it('[TP40] begins anew with who says HELLO again later, not with a repetition, nor where it has a request id', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    const { got, send } = await door.peer();
    const timed = encodeFrame({ type: messageType.hello, version: 1, name: 'desk', features: [] }, { timestamp: 7n });
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    const [first] = door.accepted;
    let [closed, heard] = ['', 0];
    first?.onClose((reason) => (closed = reason));
    first?.onFrame(() => heard++);
    send(hello);
    await until('the repetition', () => heard >= 1);
    clock.advance(1000);
    const before = heard;
    send(timed.slice());
    await until('the one with an id', () => heard > before);
    expect([closed, door.accepted.length]).toEqual(['', 1]);
    const asked = got.length;
    send(hello);
    await until('the question', () => got.length > asked);
    clock.advance(1000);
    expect([door.accepted.length, closed]).toEqual([2, 'said HELLO again']);
  });

  it.each([
    ['a HELLO', hello],
    ['a goodbye', new Uint8Array(0)],
  ])('[TP109] leaves the session of who answers, whoever sends %s in its name, and counts it', async (_, forged) => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    const { got, send } = await door.peer();
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    let closed = '';
    door.accepted[0]?.onClose((reason) => (closed = reason));
    let heard = 0;
    door.accepted[0]?.onFrame(() => heard++);
    door.accepted[0]?.send(welcome);
    clock.advance(1000);
    await until('the WELCOME', () => got.length === 1);
    for (let i = 0; i < 3; i++) send(forged);
    await until('one PING', () => got.length === 2);
    expect(got[1]).toEqual(Buffer.from(ping));
    send(pong);
    await until('the answer', () => heard === 1);
    // It may be its own, because it missed the answer to the first.
    if (forged.length > 0) await until('the WELCOME again', () => got[2]?.equals(welcome) === true);
    clock.advance(5000);
    expect([door.accepted.length, closed, door.transport.refused().forged]).toEqual([1, '', 1]);
  });

  it('[TP109] tells who says HELLO that it is here, also while a goodbye in its name is asked about', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    const { got, send } = await door.peer();
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    let heard = 0;
    door.accepted[0]?.onFrame(() => heard++);
    door.accepted[0]?.send(welcome);
    clock.advance(1000);
    send(new Uint8Array(0));
    await until('the question', () => got.length === 2);
    send(pong);
    await until('the answer', () => heard === 1);
    for (let i = 0; i < 3; i++) send(hello);
    await until('the WELCOME again', () => got[2]?.equals(welcome) === true);
    send(pong);
    await until('all that was said', () => heard === 2);
    expect(got).toHaveLength(3);
  });

  it('[TP109] ends a session whose peer said goodbye, or HELLO, and answers nothing for a second', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    const { got, send } = await door.peer();
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    let closed = '';
    door.accepted[0]?.onClose((reason) => (closed = reason));
    send(new Uint8Array(0));
    await until('the question', () => got.length === 1);
    clock.advance(999);
    await until('all questions', () => got.length === 4);
    expect(closed).toBe('');
    clock.advance(1);
    expect([closed, door.transport.refused().forged, clock.waiting]).toEqual(['closed by the peer', 0, 0]);
    send(hello);
    await until('the next session', () => door.accepted.length === 2);
  });

  it('[RT5] answers some garbage of a session, and keeps it however much comes: others may have sent it', async () => {
    const clock = createSystemClock();
    const defer = (run: () => void): void => void setImmediate(run);
    const router = createRouter({ clock, random: createSystemRandom(), log: silentLog, defer, name: 'router' });
    ends.push(() => router.close('the test is over'));
    const door = await open({}, (connection) => router.accept(connection));
    const { got, send } = await door.peer();
    const typesGot = (): readonly number[] => got.map((bytes) => bytes[4] ?? 0);
    send(hello);
    await until('the WELCOME', () => typesGot().includes(messageType.welcome));
    for (let i = 0; i < 100; i++) send(Uint8Array.of(0x53, 1, 0, 1, 0x99));
    send(ping);
    await until('the PONG', () => typesGot().includes(messageType.pong));
    expect(typesGot().filter((type) => type === messageType.error)).toHaveLength(15);
    expect(got.every((bytes) => bytes.length > 0)).toBe(true);
    expect(router.stats().refusedTotal).toEqual({ 101: 100 });
  });

  it.each([
    ['127.0.0.1', ['239.5.0.1'], 'host=0.0.0.0, not 127.0.0.1'],
    ['0.0.0.0', ['ff02::1234'], 'host=::, not 0.0.0.0'],
    ['::1', ['ff02::1234'], 'host=::, not ::1'],
  ])('[TP42] is not opened on %s for the groups %j', async (host, groups, words) => {
    const opened = make({ host, groups }).listen(() => undefined);
    await expect(opened).rejects.toMatchObject({
      code: 'cannot-open-port',
      message: expect.stringContaining(words) as string,
    });
  });

  it('[TP28] sends little to an address that has said one thing only, and the rest once it says more', async () => {
    const door = await open();
    const { got, send } = await door.peer();
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    const [connection] = door.accepted;
    const frame = new Uint8Array(500).fill(1);
    let taken = 0;
    while (connection?.send(frame)) taken++;
    expect(taken).toBe(2);
    let drained = 0;
    connection?.onDrain(() => drained++);
    send(ping);
    await until('room', () => drained === 1);
    for (let i = 0; i < 5; i++) expect(connection?.send(frame)).toBe(true);
    await until('all', () => got.length === taken + 5);
  });

  it('[TP16] drops who is silent for two intervals', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock });
    const { got, send } = await door.peer();
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    let closed = '';
    door.accepted[0]?.onClose((reason) => (closed = reason));
    clock.advance(10_000);
    await until('a PING', () => got.some((each) => each.equals(ping)));
    clock.advance(20_000);
    expect(closed).toBe('silent for two ping intervals');
  });

  it('[TP17] takes no more sessions than it may', async () => {
    const door = await open({ limits: { connectionsMax: 2 } });
    for (let i = 0; i < 2; i++) {
      const { send } = await door.peer();
      send(hello);
      await until('the session', () => door.accepted.length === i + 1);
      let heard = 0;
      door.accepted[i]?.onFrame(() => heard++);
      send(pong);
      await until('the answer', () => heard > 0);
    }
    (await door.peer()).send(hello);
    await until('the third to be counted', () => door.transport.refused().full === 1);
    expect(door.accepted.length).toBe(2);
  });

  it('[TP111] where it is full makes room of who said HELLO and nothing since, the oldest first, now and then', async () => {
    const clock = new SimulatedClock();
    const door = await open({ clock, limits: { connectionsMax: 3 } });
    const closed: string[] = [];
    const join = async (name: string): Promise<{ send(bytes: Uint8Array): void; readonly got: Buffer[] }> => {
      const before = door.accepted.length;
      const peer = await door.peer();
      peer.send(hello);
      await until('the session', () => door.accepted.length > before);
      door.accepted[before]?.onClose((reason) => closed.push(`${name}: ${reason}`));
      return peer;
    };
    const first = await join('first');
    let heard = 0;
    door.accepted[0]?.onFrame(() => heard++);
    first.send(pong);
    await until('the answer', () => heard > 0);
    const second = await join('second');
    await join('third');
    await join('fourth');
    expect(closed).toEqual(['second: made room for another']);
    await until('the goodbye', () => second.got.some((bytes) => bytes.length === 0));
    (await door.peer()).send(hello);
    await until('the fifth to be counted', () => door.transport.refused().full === 2);
    expect(door.accepted.length).toBe(4);
    clock.advance(5);
    await join('sixth');
    expect(closed.slice(1)).toEqual(['third: made room for another']);
  });

  it('[TP17] holds few datagrams of one peer while reading is paused, however short they are', async () => {
    const door = await open({ limits: { waitingBytesMax: 10_000 } });
    const { send } = await door.peer();
    send(hello);
    await until('the session', () => door.accepted.length === 1);
    door.accepted[0]?.pauseReading();
    for (let i = 0; i < 100; i++) send(Uint8Array.of(1));
    await until('the rest to be lost', () => door.transport.refused().overrun > 50);
  });

  it('[TP29] keeps frames for other machines within a packet of the network', async () => {
    const { frameBytesFor } = await import('../../../src-main/transports/udp/udp-limits.ts');
    const packetBytesMax = 1500;
    expect(
      ['10.0.0.5', 'fe80::1', '127.0.0.1', '::1'].map((address) => frameBytesFor(address, { packetBytesMax })),
    ).toEqual([1472, 1452, 65_507, 65_507]);
  });

  it('[TP6] gives up dialling in time where nobody answers, and when told to', async () => {
    await expect(make().dial('udp://127.0.0.1:9')).rejects.toMatchObject({
      message: expect.stringContaining('nobody answered') as string,
    });
    await expect(make().dial('udp://127.0.0.1')).rejects.toMatchObject({
      message: expect.stringContaining('expected udp://host:port') as string,
    });
  });

  it('[TP20] gives up at once what has only just begun', async () => {
    const dialler = createUdpDialler({ clock: new SimulatedClock() });
    const dialled = dialler.dial('udp://127.0.0.1:9');
    dialler.abandon();
    await expect(dialled).rejects.toMatchObject({ message: expect.stringContaining('given up') as string });
  });
});

describe('a network that loses, repeats and reorders', () => {
  it.each([1, 2, 3])('[TP33] costs our client nothing that was acknowledged (seed %i)', async (seed) => {
    const clock = createSystemClock();
    const [random, log] = [createSystemRandom(), silentLog];
    const router = createRouter({ clock, random, log, defer: (run) => setImmediate(run), name: 'Flyrail test' });
    const listening = await make().listen((connection) => router.accept(connection));
    ends.push(listening.stop);
    const relay = await openLossyRelay({ address: '127.0.0.1', port: Number(new URL(listening.url).port) }, seed);
    ends.push(relay.stop);
    const join = (name: string) => {
      const client = createClaspClient({
        dial: () => make({ limits: { dialTimeoutMs: millis(2000), probeEveryMs: millis(20) } }).dial(relay.url),
        clock,
        random,
        log,
        name,
        limits: {
          retryFirstMs: millis(1),
          retryCapMs: millis(20),
          resendFirstMs: millis(20),
          resendCapMs: millis(100),
          helloTimeoutMs: millis(300),
        },
      });
      ends.push(() => client.close());
      client.connect();
      return client;
    };
    const [desk, lamp] = [join('desk'), join('lamp')];
    await until('both', () => desk.state().phase === 'open' && lamp.state().phase === 'open', 20_000);
    const events = new Map<number, number>();
    router.openLocal('witness').subscribe(parsePattern('/cue'), (deliveries) => {
      for (const { signal } of deliveries)
        if (signal.value.type === 'f64') events.set(signal.value.value, (events.get(signal.value.value) ?? 0) + 1);
    });
    const values: number[] = [];
    lamp.subscribe(parsePattern('/level'), ({ signal: { value } }) => value.type === 'f64' && values.push(value.value));
    const wanted = Array.from({ length: 100 }, (_, n) => n);
    const [cue, level] = [parseAddress('/cue'), parseAddress('/level')];
    await Promise.all(
      wanted.map((n) => desk.publish({ kind: 'event', address: cue, value: f64(n) }, { qos: 'commit' })),
    );
    for (let n = 0; n < 20; n++) await desk.set(level, f64(n));
    expect([...events.keys()].toSorted((a, b) => a - b)).toEqual(wanted);
    expect([...events.values()].every((times) => times === 1)).toBe(true);
    expect((await lamp.get(level))?.value).toEqual(f64(19));
    expect(relay.counts.lost).toBeGreaterThan(10);
  });
});
