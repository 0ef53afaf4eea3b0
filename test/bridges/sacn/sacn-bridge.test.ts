import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { lookAgainEvery } from '../../../src-main/platform/unicast-hosts.ts';
import { SacnBridge } from '../../../src-main/bridges/sacn/sacn-bridge.ts';
import { checkCardEveryMs, giveUpAfterMs, multicastGroup } from '../../../src-main/bridges/sacn/sacn-network.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { NetworkCard } from '../../../src-main/contract/device.ts';
import type { SacnBridge as SacnBridgeSettings } from '../../../src-main/contract/show.ts';
import { f64, text, type Signal } from '../../../src-main/contract/signal.ts';
import { findAddress as findSystemAddress, type FindAddress } from '../../../src-main/platform/host-address.ts';
import { describeBridge, dropped, RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { oscSettings, sacnSettings } from '../bridge-settings.ts';

const loopback: NetworkCard = { name: 'lo', address: '127.0.0.1', family: 'IPv4', loopback: true };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

let cards: readonly NetworkCard[] = [loopback];
describeBridge('SacnBridge', {
  prefix: '/sacn',
  make: (clock) =>
    new SacnBridge(sacnSettings({ networkCard: 'lo', port: 9 }), { clock, log: silentLog, networkCards: () => cards }),
  breakWorld: () => {
    cards = [];
    return Promise.resolve(() => {
      cards = [loopback];
      return Promise.resolve();
    });
  },
  takesOver: sacnSettings({
    port: 9,
    sourceName: 'Other',
    floats: 'level',
    universes: [{ first: 1, last: 2, priority: 7 }],
  }),
  remakes: [
    oscSettings(),
    ...[
      { port: 10 },
      { networkCard: '' },
      { mode: 'unicast' as const },
      { cid: randomUUID() },
      { prefix: '/other' },
    ].map((some) => sacnSettings({ port: 9, ...some })),
  ],
  sends: level(1, 1, 255),
  refuses: { kind: 'param', address: parseAddress('/sacn/1/1'), value: text('full') },
});

describe('sACN bridge', () => {
  it('[SA11] sends each universe with the priority of its range, and none outside', async () => {
    const universes = [
      { first: 1, last: 2, priority: 90 },
      { first: 7, last: 7, priority: 0 },
    ];
    const { bridge, received } = await connect({ universes });
    bridge.apply([level(1, 1, 1), level(2, 1, 1), level(3, 1, 1), level(7, 1, 1)]);
    await until('three packets', () => received.length === 3);
    expect(received.map((packet) => [packet.readUInt16BE(113), packet[108]])).toEqual([
      [1, 90],
      [2, 90],
      [7, 0],
    ]);
    expect(bridge.status().outTotal).toBe(3);
  });

  it('[SA16] is in trouble for ten seconds after a refusal, and names it first; then last', async () => {
    const { bridge, clock } = await connect();
    const refusal = 'Refused: /sacn/1/513 is not a universe and a slot 1-512.';
    bridge.apply([level(1, 1, 1), level(1, 513, 1)]);
    await clock.advanceAsync(10_000);
    expect(bridge.status()).toMatchObject({ state: 'trouble', reason: `${refusal} Sends 1 universe.` });
    await clock.advanceAsync(1);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: `Sends 1 universe. ${refusal}` });
  });

  it('[SA10] says goodbye three times in each universe that began, and nothing after', async () => {
    const { bridge, received, clock } = await connect();
    bridge.apply([level(1, 1, 1), level(3, 1, 1)]);
    const stopped = bridge.stop();
    await clock.advanceAsync(100);
    await stopped;
    await until('the goodbyes', () => received.length === 8);
    expect(received.slice(2).map((packet) => [packet.readUInt16BE(113), packet[111], packet[112]])).toEqual(
      [1, 2, 3].flatMap((sequence) => [
        [1, sequence, 0x40],
        [3, sequence, 0x40],
      ]),
    );
    await clock.advanceAsync(10_000);
    expect(received).toHaveLength(8);
    expect(clock.waiting).toBe(0);
  });

  it('[SA18] sends what stays on in sequence when its settings change, and at once as they say now', async () => {
    const { bridge, received, clock, given } = await connect();
    bridge.apply([level(1, 1, 1), level(2, 1, 2)]);
    await clock.advanceAsync(2000);
    await until('both universes at rest', () => received.length === 12);
    const universes = [{ first: 1, last: 8, priority: 90 }];
    expect(bridge.change(sacnSettings({ ...given, universes, sourceName: 'New' }), () => [], dropped)).toBe(true);
    await until('both universes', () => received.length === 14);
    expect(received.slice(12).map(describePacket)).toEqual([
      { universe: 1, sequence: 6, bits: 0, priority: 90, first: 1 },
      { universe: 2, sequence: 6, bits: 0, priority: 90, first: 2 },
    ]);
    expect(bridge.status()).toMatchObject({ state: 'connected', url: 'U 1-8 to 127.0.0.1' });
  });

  it('[SA19] ends universes that its settings leave out, and begins those that come with what is there', async () => {
    const { bridge, received, clock, given } = await connect();
    bridge.apply([level(1, 1, 1), level(2, 1, 2)]);
    await until('both universes', () => received.length === 2);
    const current = [level(1, 1, 9), level(2, 1, 9), level(5, 1, 9)];
    bridge.change(
      sacnSettings({ ...given, universes: [{ first: 2, last: 5, priority: 100 }] }),
      () => current,
      dropped,
    );
    await clock.advanceAsync(3000);
    bridge.apply([level(1, 1, 5)]);
    const of = (universe: number) => received.map(describePacket).filter((packet) => packet.universe === universe);
    await until('both ends', () => of(1).length >= 4 && of(2).length >= 7 && of(5).length >= 7);
    expect(of(1).map(({ bits }) => bits)).toEqual([0, 0x40, 0x40, 0x40]);
    expect(new Set(of(2).map(({ first, bits }) => `${first} ${bits}`))).toEqual(new Set(['2 0']));
    expect(of(2).map(({ sequence }) => sequence)).toEqual(of(2).map((_packet, i) => i));
    expect(of(5)[0]).toMatchObject({ first: 9, sequence: 0 });
    expect(bridge.status().reason).toBe('Sends 2 universes.');
  });

  it('[SA23] ends a universe under the priority and name it was sent with, though the change that ends it has others', async () => {
    const { bridge, received, clock, given } = await connect({ sourceName: 'Old' });
    bridge.apply([level(1, 1, 1), level(2, 1, 2)]);
    const universes = [{ first: 1, last: 1, priority: 90 }];
    bridge.change(sacnSettings({ ...given, universes, sourceName: 'New' }), () => [], dropped);
    await clock.advanceAsync(1000);
    const of = (universe: number) => received.filter((packet) => packet.readUInt16BE(113) === universe);
    const look = (packet: Buffer) => [packet[112], packet[108], packet.toString('utf8', 44, 47)];
    await until('both ends', () => of(2).length === 4 && of(1).length > 4);
    expect(of(2).slice(1).map(look)).toEqual([1, 2, 3].map(() => [0x40, 100, 'Old']));
    expect(of(1).slice(1).map(look)).toContainEqual([0, 90, 'New']);
  });

  it('[SA21] hands over what a universe held that a change leaves out, and begins with it when that comes back', async () => {
    const { bridge, received, given } = await connect();
    bridge.apply([level(1, 1, 1), { kind: 'stream', address: parseAddress('/sacn/2/3'), value: f64(0.8) }]);
    const kept: Signal[] = [];
    const keep = (held: readonly Signal[]): void => void kept.push(...held);
    bridge.change(sacnSettings({ ...given, universes: [{ first: 1, last: 1, priority: 100 }] }), () => [], keep);
    expect(kept).toEqual([expect.objectContaining({ kind: 'param', address: '/sacn/2/1' })]);
    bridge.change(sacnSettings(given), () => kept, keep);
    const ofTwo = () => received.filter((packet) => packet.readUInt16BE(113) === 2);
    await until('the universe again', () => ofTwo().length === 2);
    expect(ofTwo().map((packet) => [packet[111], ...packet.subarray(126, 130)])).toEqual([
      [0, 0, 0, 204, 0],
      [1, 0, 0, 204, 0],
    ]);
    expect(kept).toHaveLength(1);
  });

  it('[SA24] counts on where the instance before it ended', async () => {
    const { bridge, received, clock, host } = await connect();
    bridge.apply([level(1, 1, 1)]);
    const stopped = bridge.stop();
    await clock.advanceAsync(100);
    await stopped;
    await until('the goodbyes', () => received.length === 4);
    const next = await connect({}, findSystemAddress, host);
    next.bridge.apply([level(1, 1, 1), level(2, 1, 1)]);
    await until('both universes', () => next.received.length === 2);
    expect(next.received.map((packet) => packet[111])).toEqual([4, 0]);
  });

  it('[SA16] tells for ten seconds at which address nothing could be shown, and not of what was only clipped', async () => {
    const { bridge, clock } = await connect();
    const array = { type: 'array' as const, value: [f64(1), f64(1)] };
    bridge.apply([{ kind: 'param', address: parseAddress('/sacn/1/512'), value: array }]);
    expect([bridge.status().state, bridge.status().refused]).toEqual(['trouble', undefined]);
    bridge.apply([{ kind: 'param', address: parseAddress('/sacn/1/5'), value: text('full') }]);
    bridge.apply([{ kind: 'param', address: parseAddress('/sacn/1/512'), value: array }]);
    await clock.advanceAsync(10_000);
    expect(bridge.status().refused).toEqual({ address: '/sacn/1/5', why: 'the value is no level' });
    await clock.advanceAsync(1);
    expect(bridge.status().refused).toBeUndefined();
    bridge.apply([level(1, 513, 1)]);
    expect(bridge.status().refused).toEqual({
      address: '/sacn/1/513',
      why: 'the address is not a universe and a slot 1-512',
    });
  });

  it('[SA21] holds the levels of every universe that began, whatever kind of signal set them, for one that follows', async () => {
    const { bridge } = await connect();
    const address = parseAddress('/sacn/2/3');
    bridge.apply([level(1, 2, 7), { kind: 'stream', address, value: f64(0.8) }, level(4, 1, 1)]);
    const { bridge: next, received, given } = await connect({ universes: [{ first: 1, last: 2, priority: 100 }] });
    next.apply(bridge.held());
    await until('both universes', () => received.length === 2);
    expect(received.map((packet) => [...packet.subarray(126, 130)])).toEqual([
      [0, 7, 0, 0],
      [0, 0, 204, 0],
    ]);
    next.change(sacnSettings({ ...given, floats: 'level' }), () => [], dropped);
    expect(next.held().map(({ value }) => value)).toEqual(
      bridge
        .held()
        .slice(0, 2)
        .map(({ value }) => value),
    );
    expect(next.status().refusedTotal).toBe(0);
  });

  it('[SA13] sends to every host of unicast once, and no discovery', async () => {
    const { bridge, received, clock } = await connect({ unicastTo: ['localhost', '127.0.0.1', '127.0.0.1'] });
    bridge.apply([level(1, 1, 1)]);
    await clock.advanceAsync(10);
    await until('both packets', () => received.length === 2);
    await clock.advanceAsync(20_000);
    expect(received.every((packet) => packet.readUInt32BE(18) === 4)).toBe(true);
    expect(bridge.status().url).toBe('U 1-4 to localhost, 127.0.0.1, 127.0.0.1');
  });

  it('[SA13] says that it has nobody to send to', async () => {
    const { bridge } = await connect({ unicastTo: [] });
    bridge.apply([level(1, 1, 1)]);
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason: 'It has no host to send to. Name one.',
      outTotal: 0,
    });
  });

  it('[SA17] sends to the hosts that were found, names the others, and sends to them once they are found', async () => {
    const known = new Map([['near', '127.0.0.1']]);
    const findAddress: FindAddress = (name) => {
      const address = known.get(name);
      return address === undefined ? Promise.reject(new Error('unknown')) : Promise.resolve(address);
    };
    const { bridge, received, clock } = await connect({ unicastTo: ['far', 'near'] }, findAddress);
    bridge.apply([level(1, 1, 1)]);
    await until('the packet to near', () => received.length === 1);
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason: 'Not found: far. Flyrail keeps looking, and sends to the others.',
    });
    known.set('far', '127.0.0.1');
    await clock.advanceAsync(lookAgainEvery);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: 'Sends 1 universe.' });
    const before = received.length;
    await clock.advanceAsync(1000);
    await until('packets to both', () => received.length >= before + 2);
  });

  it('[SA12] refuses to start without its network card, and says what to do', async () => {
    const bridge = make({ mode: 'multicast', networkCard: 'eth7' }, new SimulatedClock());
    await expect(bridge.start(new RecordingHost())).rejects.toMatchObject({
      code: 'no-network-card',
      message: 'The network card eth7 is not there, or has no IPv4 address. Connect it, or choose another one.',
    });
  });

  it('[SA14] notices within two seconds that its network card went, and tells it once', async () => {
    const clock = new SimulatedClock();
    let present: readonly NetworkCard[] = [loopback];
    const bridge = make({ networkCard: '127.0.0.1', mode: 'multicast' }, clock, () => present);
    const host = new RecordingHost();
    await bridge.start(host);
    await clock.advanceAsync(60_000);
    expect(host.faults).toEqual([]);
    present = [{ ...loopback, address: '127.0.0.2' }];
    await clock.advanceAsync(checkCardEveryMs);
    await clock.advanceAsync(60_000);
    expect(host.faults.map(({ code }) => code)).toEqual(['no-network-card']);
    await bridge.stop();
    expect(clock.waiting).toBe(0);
  });

  it('[SA14] is in trouble while nothing leaves, and gives up after three seconds', async () => {
    const { bridge, host, clock } = await connect({ port: 0 });
    bridge.apply([level(1, 1, 1)]);
    expect(bridge.status()).toMatchObject({ state: 'trouble', outTotal: 0, refusedTotal: 1 });
    expect(bridge.status().reason).toMatch(/^Sending to 127.0.0.1:0 failed: /);
    await clock.advanceAsync(giveUpAfterMs - 500);
    expect(host.faults).toEqual([]);
    await clock.advanceAsync(5000);
    expect(host.faults.map(({ code }) => code)).toEqual(['cannot-send']);
  });

  it('[SA14] goes on for the other hosts while one cannot be reached, and says so', async () => {
    // From the loopback card the system refuses any address beyond this machine, so nothing leaves it.
    const { bridge, host, received, clock } = await connect({
      unicastTo: ['198.51.100.1', '127.0.0.1'],
      networkCard: 'lo',
    });
    bridge.apply([level(1, 1, 1)]);
    for (let second = 1; second <= 8; second++) {
      await until(
        `the packet of second ${second}`,
        () => received.length >= second && bridge.status().refusedTotal >= second,
      );
      await clock.advanceAsync(1000);
    }
    expect(bridge.status().state).toBe('trouble');
    expect(host.faults).toEqual([]);
  });

  it('[SA14] is connected again when packets leave again', async () => {
    const { bridge, received, host, clock, given, port } = await connect({ port: 0 });
    bridge.apply([level(1, 1, 1)]);
    given.port = port;
    await clock.advanceAsync(23);
    await until('a packet', () => received.length > 0 && bridge.status().outTotal > 0);
    expect(bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 1 });
    await clock.advanceAsync(10_000);
    expect(host.faults).toEqual([]);
  });

  it('[SA4] sends at its start what it was given before', async () => {
    const clock = new SimulatedClock();
    const bridge = make({ networkCard: 'lo', mode: 'multicast', port: 9 }, clock);
    bridge.apply([level(1, 1, 1)]);
    await bridge.start(new RecordingHost());
    await until('the frame', () => bridge.status().outTotal > 0);
    const stopped = bridge.stop();
    await clock.advanceAsync(100);
    await stopped;
  });

  it('[SA12] finds the group of a universe', () => {
    expect([1, 255, 256, 63_999, 64_214].map(multicastGroup)).toEqual([
      '239.255.0.1',
      '239.255.0.255',
      '239.255.1.0',
      '239.255.249.255',
      '239.255.250.214',
    ]);
  });
});

function make(
  some: Partial<SacnBridgeSettings['settings']>,
  clock: SimulatedClock,
  networkCards = () => [loopback] as readonly NetworkCard[],
) {
  return new SacnBridge(sacnSettings(some), { clock, log: silentLog, networkCards });
}

function level(universe: number, slot: number, value: number): Signal {
  return { kind: 'param', address: parseAddress(`/sacn/${universe}/${slot}`), value: { type: 'i32', value } };
}

function describePacket(packet: Buffer) {
  const [universe, first] = [packet.readUInt16BE(113), packet[126]];
  return { universe, sequence: packet[111], bits: packet[112], priority: packet[108], first };
}

/** A started bridge that sends by unicast to a socket of the test. */
async function connect(
  some: Partial<SacnBridgeSettings['settings']> = {},
  findAddress: FindAddress = findSystemAddress,
  host = new RecordingHost(),
) {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const received: Buffer[] = [];
  socket.on('message', (packet) => received.push(packet));
  const clock = new SimulatedClock();
  const { port } = socket.address();
  const whole = sacnSettings({ mode: 'unicast', unicastTo: ['127.0.0.1'], networkCard: '', port, ...some });
  const bridge = new SacnBridge(whole, { clock, log: silentLog, networkCards: () => [loopback], findAddress });
  await bridge.start(host);
  closers.push(async () => {
    const stopped = bridge.stop();
    await clock.advanceAsync(1000);
    await stopped;
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  });
  return { bridge, received, host, clock, given: whole.settings, port };
}
