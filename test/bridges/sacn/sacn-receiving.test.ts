import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { DataPackets } from '../../../src-main/bridges/sacn/data-packets.ts';
import { SacnBridge } from '../../../src-main/bridges/sacn/sacn-bridge.ts';
import { multicastGroup } from '../../../src-main/bridges/sacn/sacn-network.ts';
import { lookAroundMs } from '../../../src-main/bridges/sacn/sacn-receiving.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { NetworkCard } from '../../../src-main/contract/device.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type { SacnBridge as SacnBridgeSettings } from '../../../src-main/contract/show.ts';
import { text } from '../../../src-main/contract/signal.ts';
import { buildSyncPacket } from '../../../src-main/core/dmx/sacn-sync.ts';
import type { DeskInput, DmxDesk } from '../../../src-main/ports/dmx-desk.ts';
import { describeBridge, dropped, RecordingHost } from '../../conformance/bridge.ts';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { UdpSockets } from '../../udp-sockets.ts';
import { until } from '../../until.ts';
import { sacnSettings } from '../bridge-settings.ts';

const loopback: NetworkCard = { name: 'lo', address: '127.0.0.1', family: 'IPv4', loopback: true };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const suitePort = 47_601;
let suiteCards: readonly NetworkCard[] = [loopback];
const both = (some: Partial<SacnBridgeSettings['settings']> = {}): SacnBridgeSettings =>
  sacnSettings({ receive: [{ first: 7, last: 40 }], port: suitePort, ...some });
describeBridge('SacnBridge that receives too', {
  prefix: '/sacn',
  make: (clock) => new SacnBridge(both(), { clock, log: silentLog, networkCards: () => suiteCards }),
  breakWorld: () => {
    suiteCards = [];
    return Promise.resolve(() => {
      suiteCards = [loopback];
      return Promise.resolve();
    });
  },
  takesOver: both({ merge: 'ltp', publish: 'frames', settleMs: 0 }),
  remakes: [both({ port: suitePort + 1 }), both({ prefix: '/other' })],
  sends: { kind: 'param', address: parseAddress('/sacn/1/1'), value: { type: 'i32', value: 255 } },
  refuses: { kind: 'param', address: parseAddress('/sacn/1/1'), value: text('full') },
});

describe('an sACN bridge that receives', () => {
  it('[SA40] publishes what comes by multicast and to this machine alone, as slots', async () => {
    const { desk, level, bridge } = await connect();
    desk.say('a', 5, [10, 20]);
    await until('the first universe', () => level('/sacn/5/2') === 20);
    desk.say('a', 6, [30], { to: '127.0.0.1' });
    await until('the second universe', () => level('/sacn/6/1') === 30);
    desk.say('a', 7, [9]);
    desk.say('a', 5, [11, 20]);
    await until('the change', () => level('/sacn/5/1') === 11);
    expect(level('/sacn/7/1')).toBeUndefined();
    expect(bridge.status()).toMatchObject({ state: 'connected', inTotal: 3, outTotal: 0, url: 'hears U 5-6 on lo' });
    expect(bridge.status().seenAt).toBeGreaterThan(0);
  });

  it('[SA40] merges by the rule that is set, and by the other one where it is set', async () => {
    const { desk, level } = await connect({ merge: 'ltp', mergeOther: [{ first: 6, last: 6 }] });
    for (const universe of [5, 6]) {
      desk.say('a', universe, [10]);
      await until('the first source', () => level(`/sacn/${universe}/1`) === 10);
      desk.say('b', universe, [200]);
      desk.say('a', universe, [11]);
    }
    await until('HTP', () => level('/sacn/6/1') === 200);
    await until('LTP', () => level('/sacn/5/1') === 11);
  });

  it('[SA40] listens first, publishes whole frames where that is set, and lets many signals through', async () => {
    const { desk, host, bridge, clock } = await connect({ settleMs: 1500, publish: 'frames' });
    desk.say('a', 5, [10]);
    await until('the packet', () => bridge.status().inTotal === 1);
    expect(host.published).toEqual([]);
    clock.advance(1500);
    expect(host.published.map(({ address, value }) => [address, value.type])).toEqual([['/sacn/5/1', 'array']]);
    expect(bridge.bringsMax).toBe(2 * 512 * 50);
  });

  it('[SA41] says what it receives, what was no sACN, and whose levels stand still', async () => {
    const { desk, bridge, clock, level } = await connect();
    expect(bridge.status().reason).toBe('Listens; nobody sends.');
    desk.say('a', 5, [10], { syncUniverse: 9 });
    desk.say('b', 5, [10]);
    await until('both', () => bridge.status().inTotal === 2);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: 'Receives 1 universe from 2 sources.' });
    desk.raw(Buffer.from('hello'), '127.0.0.1');
    await until('what is no sACN', () => bridge.status().refusedTotal === 1);
    expect(bridge.status().reason).toBe('Receives 1 universe from 2 sources. 1 packet at this port was not sACN.');
    // The sync universe is another group, joined because the source asks for it.
    desk.raw(Buffer.from(buildSyncPacket(cids.a, 0, 9)), multicastGroup(9));
    await until('the sync packet to hold levels', () => {
      desk.say('a', 5, [50], { syncUniverse: 9 });
      return bridge.status().inTotal > 5;
    });
    for (let i = 0; i < 5; i++) {
      clock.advance(600);
      const before = bridge.status().inTotal;
      desk.say('a', 5, [60 + i], { syncUniverse: 9 });
      desk.say('b', 5, [10]);
      await until('both again', () => bridge.status().inTotal >= before + 2);
    }
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason: 'Desk a stopped sending sync packets: its levels stand still.',
    });
    desk.raw(Buffer.from(buildSyncPacket(cids.a, 1, 9)), multicastGroup(9));
    await until('it goes on', () => level('/sacn/5/1') === 64);
    expect(bridge.status().state).toBe('connected');
  });

  it('[SA54] is late while the last source of a universe is silent, with who it was, and not when it said goodbye', async () => {
    const { desk, bridge, clock } = await connect();
    desk.say('a', 5, [10]);
    desk.say('b', 6, [10]);
    await until('both', () => bridge.status().inTotal === 2);
    desk.end('b', 6);
    await until('the goodbye', () => bridge.status().inTotal === 3);
    clock.advance(12_000);
    expect(bridge.status()).toMatchObject({
      state: 'late',
      reason: 'Desk a fell silent 12 s ago: the levels of universe 5 stay.',
    });
    desk.say('b', 6, [10]);
    await until('the other universe', () => bridge.status().inTotal === 4);
    expect(bridge.status()).toMatchObject({
      state: 'late',
      reason: 'Desk a fell silent 12 s ago: the levels of universe 5 stay. Receives 1 universe from 1 source.',
    });
    desk.say('b', 5, [10]);
    await until('somebody else', () => bridge.status().inTotal === 5);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: 'Receives 2 universes from 1 source.' });
  });

  it('[SA55] says who sends preview, beside what is received', async () => {
    const { desk, bridge } = await connect();
    desk.say('a', 5, [10], { preview: true });
    await until('the preview', () => bridge.status().reason !== 'Listens; nobody sends.');
    expect(bridge.status().reason).toBe('Desk a sends universe 5 as preview, which is not taken.');
    desk.say('b', 6, [10]);
    await until('the other', () => bridge.status().inTotal === 1);
    expect(bridge.status().reason).toBe(
      'Receives 1 universe from 1 source. Desk a sends universe 5 as preview, which is not taken.',
    );
  });

  it('[SA42] takes universes over and gives them up while it runs, with their groups', async () => {
    const sockets = new UdpSockets();
    const { desk, bridge, level, given } = await connect();
    const universes = [{ first: 1, last: 1, priority: 100 }];
    const settings = { ...given, universes, receive: [{ first: 6, last: 7 }] };
    expect(bridge.change(sacnSettings(settings), () => [], dropped)).toBe(true);
    desk.say('a', 7, [7]);
    await until('the universe that came', () => level('/sacn/7/1') === 7);
    desk.say('a', 5, [5]);
    desk.say('a', 6, [6]);
    await until('the one that stayed', () => level('/sacn/6/1') === 6);
    expect(level('/sacn/5/1')).toBeUndefined();
    expect(bridge.status().url).toBe('U 1, hears U 6-7 on lo');
    expect(bridge.change(sacnSettings({ ...settings, receive: [] }), () => [], dropped)).toBe(true);
    expect(bridge.status()).toMatchObject({ reason: 'Ready. A universe is sent from its first value on.' });
    // The port is let go: what is sent to this machine alone is for others.
    await until('the port to be closed', () => !sockets.open.some((socket) => socket.address().port === given.port));
    sockets.release();
  });

  it('[SA43] does not start while somebody has the port for himself, with words', async () => {
    const port = await freeUdpPort();
    const holder = createSocket('udp4').bind(port, '0.0.0.0');
    await once(holder, 'listening');
    closers.push(() => closed(holder));
    const sockets = new UdpSockets();
    await expect(connect({}, { port })).rejects.toThrow(UnavailableError);
    expect(sockets.open).toEqual([]);
    sockets.release();
  });

  it('[SA43] opens a port later that it is asked for while it runs, and again when it died', async () => {
    const port = await freeUdpPort();
    const holder = createSocket('udp4').bind(port, '0.0.0.0');
    await once(holder, 'listening');
    const universes = [{ first: 1, last: 1, priority: 100 }];
    const { bridge, given, desk, level, clock, host } = await connect({ universes, receive: [] }, { port });
    const sockets = new UdpSockets();
    bridge.change(sacnSettings({ ...given, receive: [{ first: 5, last: 5 }] }), () => [], dropped);
    await until('the trouble', () => bridge.status().state === 'trouble');
    expect(bridge.status().reason).toContain(`UDP port ${port} is used by another program`);
    await closed(holder);
    await untilHeard(5);
    sockets.open.find((socket) => socket.address().port === port)?.emit('error', new Error('it died'));
    expect(bridge.status().state).toBe('trouble');
    await untilHeard(6);
    expect(host.faults).toEqual([]);
    sockets.release();

    async function untilHeard(wanted: number): Promise<void> {
      await until('the port to be open', () => {
        clock.advance(lookAroundMs);
        desk.say('a', 5, [wanted]);
        return level('/sacn/5/1') === wanted;
      });
      expect(bridge.status().state).toBe('connected');
    }
  });

  it('[SA44] says how many universes cannot be heard while no card is there, and hears them when one is', async () => {
    let cards: readonly NetworkCard[] = [{ ...loopback, address: '198.51.100.7' }];
    const { bridge, desk, level, clock } = await connect({ networkCard: '' }, { networkCards: () => cards });
    await until('the trouble', () => bridge.status().state === 'trouble');
    expect(bridge.status().reason).toBe('2 of its universes cannot be heard by multicast; it tries again.');
    cards = [loopback];
    clock.advance(lookAroundMs);
    desk.say('a', 5, [5]);
    await until('the level', () => level('/sacn/5/1') === 5);
    expect(bridge.status().state).toBe('connected');
  });

  it('[SA51] keeps the networks of two cards apart, though both come in by one port', async () => {
    const card = (name: string, address: string): NetworkCard => ({
      ...{ name, address, family: 'IPv4', netmask: '255.255.255.255', loopback: false },
    });
    const world = {
      port: await freeUdpPort(),
      networkCards: () => [card('foh', '127.0.0.1'), card('stage', '127.0.0.2')],
    };
    const foh = await connect({ networkCard: 'foh' }, world);
    const stage = await connect({ networkCard: 'stage' }, world);
    const stageDesk = await openConsole(world.port, '127.0.0.2');
    await until('both levels', () => {
      foh.desk.say('a', 5, [11]);
      stageDesk.say('b', 5, [22]);
      return foh.level('/sacn/5/1') === 11 && stage.level('/sacn/5/1') === 22;
    });
    const heard = [foh, stage].map(({ host }) => new Set(host.published.map(({ value }) => value)).size);
    expect([foh, stage].map(({ bridge }) => bridge.status().reason)).toEqual(
      [1, 2].map(() => 'Receives 1 universe from 1 source.'),
    );
    expect(heard).toEqual([2, 2]);
  });

  it('[SA46] tells the desk what is received, until it stops', async () => {
    const inputs: DeskInput[] = [];
    const told: DmxDesk = {
      join: () => ({
        finish: (_universe, asked) => asked,
        reach: (one) => [one],
        wanted: () => [],
        leave: () => undefined,
      }),
      hear: (_bridgeId, input) => {
        inputs.push(input);
        return () => inputs.splice(inputs.indexOf(input), 1);
      },
    };
    const { desk, bridge, clock } = await connect({}, { desk: told });
    desk.say('a', 5, [10]);
    await until('the source', () => inputs[0]?.heard(5) !== undefined);
    expect(inputs[0]?.universes()).toEqual([5]);
    expect(inputs[0]?.heard(5)?.sources).toMatchObject([{ id: cids.a, name: 'Desk a', priority: 100 }]);
    const stopped = bridge.stop();
    await clock.advanceAsync(1000);
    await stopped;
    expect(inputs).toEqual([]);
  });

  it('[SA48] shares its port with another bridge of this machine', async () => {
    const port = await freeUdpPort();
    const [one, other] = [
      await connect({ receive: [{ first: 5, last: 5 }] }, { port }),
      await connect({ receive: [{ first: 5, last: 6 }] }, { port }),
    ];
    one.desk.say('a', 5, [5], { to: '127.0.0.1' });
    await until('both', () => one.level('/sacn/5/1') === 5 && other.level('/sacn/5/1') === 5);
    one.desk.say('a', 6, [6]);
    await until('the other', () => other.level('/sacn/6/1') === 6);
    expect(one.bridge.status().inTotal).toBe(1);
  });
});

const cids = { a: '5e1f2f9a-7f4e-4f0b-9d55-0123456789aa', b: '5e1f2f9a-7f4e-4f0b-9d55-0123456789bb' };

interface World {
  readonly port?: number;
  readonly networkCards?: () => readonly NetworkCard[];
  readonly desk?: DmxDesk;
}

/** A started bridge that receives the universes 5 and 6 on loopback, and a console that sends to it. */
async function connect(some: Partial<SacnBridgeSettings['settings']> = {}, world: World = {}) {
  const port = world.port ?? (await freeUdpPort());
  const clock = new SimulatedClock();
  const whole = sacnSettings({ universes: [], receive: [{ first: 5, last: 6 }], settleMs: 0, port, ...some });
  const { networkCards = () => [loopback], desk } = world;
  const bridge = new SacnBridge(whole, { clock, log: silentLog, networkCards, desk });
  const host = new RecordingHost();
  await bridge.start(host);
  closers.push(async () => {
    const stopped = bridge.stop();
    await clock.advanceAsync(1000);
    await stopped;
  });
  const level = (address: string): number | undefined => {
    const value = host.published.findLast((signal) => signal.address === address)?.value;
    return value?.type === 'i32' ? value.value : undefined;
  };
  return { bridge, host, clock, level, given: whole.settings, desk: await openConsole(port) };
}

async function openConsole(port: number, address = '127.0.0.1') {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  closers.push(() => closed(socket));
  const packets = new Map<string, DataPackets>();
  const raw = (bytes: Uint8Array, to: string): void => socket.send(bytes, port, to);
  return {
    raw,
    end: (who: keyof typeof cids, universe: number) => {
      const packet = packets.get(`${who} ${universe}`)?.terminated();
      if (packet) raw(packet, multicastGroup(universe));
    },
    say: (
      who: keyof typeof cids,
      universe: number,
      levels: readonly number[],
      { to = multicastGroup(universe), syncUniverse = 0, preview = false } = {},
    ) => {
      const manner = { cid: cids[who], sourceName: `Desk ${who}`, priority: 100, preview, syncUniverse };
      const key = `${who} ${universe}`;
      const made = packets.get(key) ?? new DataPackets(manner, universe);
      packets.set(key, made);
      made.describe(manner);
      const slots = new Uint8Array(512);
      slots.set(levels);
      const packet = made.next(slots);
      // A console whose levels stand still without sync packets.
      packet[112] = (packet[112] ?? 0) & ~0x20;
      raw(packet, to);
    },
  };
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}
