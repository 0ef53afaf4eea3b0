import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { UdpSocket } from '../../../src-main/platform/udp-socket.ts';
import type { QuicLimits } from '../../../src-main/transports/quic/quic-limits.ts';
import { oneOf, seededChance, wholeNumber, type Chance } from '../../seeded-chance.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { atEnd, dialRaw, makeQuic, openQuic, ping } from './quic-fixture.ts';
import { openUdpRelay, type UdpRelay } from './udp-relay.ts';

const level = parseAddress('/desk/level');

async function openRouter(limits: Partial<QuicLimits> = {}) {
  const clock = createSystemClock();
  const [random, log] = [createSystemRandom(), silentLog];
  const router = createRouter({ clock, random, log, defer: (run) => setImmediate(run), name: 'Flyrail test' });
  const transport = makeQuic({ limits });
  let accepted = 0;
  const closed: string[] = [];
  const listening = await transport.listen((connection) => {
    accepted++;
    connection.onClose((reason) => closed.push(reason));
    router.accept(connection);
  });
  atEnd(listening.stop);
  const join = (url: string) => {
    const client = createClaspClient({
      dial: () => transport.dial(url),
      clock,
      random,
      log,
      name: 'desk',
      limits: { retryFirstMs: millis(1), retryCapMs: millis(20) },
    });
    atEnd(() => client.close());
    client.connect();
    return client;
  };
  return { router, port: Number(new URL(listening.url).port), join, closed, accepted: () => accepted };
}

async function relayTo(port: number): Promise<UdpRelay> {
  const relay = await openUdpRelay(port);
  atEnd(() => relay.stop());
  return relay;
}

describe('a network that changes under QUIC', () => {
  it('[TP51] costs a client nothing when its address becomes another, in the same session', async () => {
    const { router, port, join, accepted } = await openRouter();
    const relay = await relayTo(port);
    const client = join(`quic://127.0.0.1:${relay.port}`);
    const sessions = new Set<string>();
    client.onState((state) => state.phase === 'open' && sessions.add(state.session));
    const heard: number[] = [];
    client.subscribe(
      parsePattern('/desk/*'),
      ({ signal: { value } }) => value.type === 'f64' && heard.push(value.value),
    );
    await until('the subscription', () => router.stats().subscriptions === 1);
    for (let n = 0; n < 32; n++) {
      if (n > 0) await relay.rebind();
      await client.set(level, f64(n), { qos: 'commit' });
    }
    await until('all', () => heard.length === 32);
    expect(heard).toEqual(Array.from({ length: 32 }, (_, n) => n));
    expect([accepted(), sessions.size <= 1]).toEqual([1, true]);
  });

  it('[TP57] that is gone for long ends the session; what was is there again when it is back', async () => {
    const { router, port, join, closed, accepted } = await openRouter({
      askAfterMs: millis(100),
      idleTimeoutMs: millis(1500),
      dialTimeoutMs: millis(1500),
    });
    const relay = await relayTo(port);
    const client = join(`quic://127.0.0.1:${relay.port}`);
    const heard: number[] = [];
    client.subscribe(
      parsePattern('/desk/*'),
      ({ signal: { value } }) => value.type === 'f64' && heard.push(value.value),
    );
    await until('the subscription', () => router.stats().subscriptions === 1);
    await client.set(level, f64(1), { qos: 'commit' });
    const pass = relay.change;
    relay.change = () => [];
    await until('the client to know', () => client.state().phase !== 'open');
    await until('the router to know', () => closed.length === 1);
    expect(closed).toEqual(['nothing was heard for 1.5 s']);
    const set = client.set(level, f64(2), { qos: 'commit' });
    relay.change = pass;
    await set;
    await until('the value of meanwhile', () => heard.at(-1) === 2);
    expect(accepted()).toBe(2);
  });
});

it('[TP58] a router that died and came back ends what its clients still believe in, at once', async () => {
  const first = await openQuic();
  const relay = await relayTo(first.port);
  const client = await makeQuic().dial(`quic://127.0.0.1:${relay.port}`);
  client.onFrame(() => undefined);
  client.send(ping);
  await until('the connection', () => first.accepted.length === 1);
  let closed = '';
  client.onClose((reason) => (closed = reason));
  const pass = relay.change;
  relay.change = () => [];
  await first.listening.stop();
  // What it said last is on its way to the old one.
  await relay.rebind();
  const second = await openQuic({ port: first.port });
  relay.change = pass;
  client.send(ping);
  await until('the client to know', () => closed !== '', 2000);
  expect([closed, second.accepted.length]).toEqual(['the peer knows the connection no more', 0]);
});

/** A packet as it was, or broken in one of several ways. */
function broken(packet: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(packet);
  switch (oneOf(chance, ['flip', 'cut', 'noise', 'head'] as const)) {
    case 'flip':
      for (let i = wholeNumber(chance, 1, 8); i > 0; i--) {
        const at = wholeNumber(chance, 0, copy.length - 1);
        copy[at] = (copy[at] ?? 0) ^ (1 << wholeNumber(chance, 0, 7));
      }
      return copy;
    case 'cut':
      return copy.subarray(0, wholeNumber(chance, 0, copy.length - 1));
    case 'noise':
      return Buffer.from(Array.from({ length: wholeNumber(chance, 0, 1400) }, () => wholeNumber(chance, 0, 255)));
    default:
      for (let at = 0; at < Math.min(60, copy.length); at++) if (chance() < 0.1) copy[at] = wholeNumber(chance, 0, 255);
      return copy;
  }
}

describe('hostile packets at a QUIC port', () => {
  it.each([1, 2, 3])('[TP55] that break those of a client let it through, and harm nobody (seed %i)', async (seed) => {
    const chance = seededChance(seed);
    const patient = { handshakeTimeoutMs: millis(20_000), dialTimeoutMs: millis(20_000) };
    const door = await openQuic({ limits: patient });
    const bystander = await makeQuic({ limits: patient }).dial(door.listening.url);
    bystander.send(ping);
    let count = 0;
    for (let round = 0; round < 40; round++) {
      const relay = await openUdpRelay(door.port);
      relay.change = (packet) => {
        if (chance() < 0.5) return [packet];
        count++;
        return [broken(packet, chance), packet];
      };
      const client = await makeQuic({ limits: patient }).dial(`quic://127.0.0.1:${relay.port}`);
      client.onFrame(() => undefined);
      const before = door.heard.length;
      for (let i = 0; i < 3; i++) client.send(ping);
      await until(`the frames (seed ${seed}, round ${round})`, () => door.heard.length >= before + 3);
      client.close();
      await relay.stop();
    }
    const before = door.heard.length;
    bystander.send(ping);
    await until('the bystander', () => door.heard.length > before);
    expect(count).toBeGreaterThan(100);
    expect(door.heard.every((frame) => frame === Buffer.from(ping).toString('hex'))).toBe(true);
    expect(door.accepted.length).toBe(41);
    bystander.close();
  });

  it.each([4, 5])('[TP55] from nowhere are counted, open nothing and harm nobody (seed %i)', async (seed) => {
    const chance = seededChance(seed);
    const door = await openQuic();
    const packets: Buffer[] = [];
    const client = await dialRaw(door.port, { passes: (_nth, packet) => packets.push(Buffer.from(packet)) > 0 });
    const stream = client.stream();
    stream.write(ping);
    await until('the client', () => door.heard.length === 1);
    let answers = 0;
    const socket = await UdpSocket.open({
      address: '127.0.0.1',
      port: 0,
      onMessage: () => answers++,
      onError: () => undefined,
    });
    atEnd(() => socket.close());
    const total = 3000;
    for (let i = 0; i < total; i++) {
      const packet = chance() < 0.8 ? broken(oneOf(chance, packets), chance) : oneOf(chance, packets);
      socket.send(packet, { address: '127.0.0.1', port: door.port }, () => undefined);
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    stream.write(ping);
    await until(`the client again (seed ${seed})`, () => door.heard.length === 2);
    const { packet, version, token } = door.transport.refused();
    expect([packet > 100, version > 0, token > 0, answers < total]).toEqual([true, true, true, true]);
    expect([door.accepted.length, door.closed]).toEqual([1, []]);
  });
});
