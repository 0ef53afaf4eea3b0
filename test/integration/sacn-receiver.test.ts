import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Receiver, type Packet } from 'sacn';
import { afterEach, describe, expect, it } from 'vitest';
import { SacnBridge } from '../../src-main/bridges/sacn/sacn-bridge.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import type { SacnBridge as SacnBridgeSettings } from '../../src-main/contract/show.ts';
import { f64, type Signal, type Value } from '../../src-main/contract/signal.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { listNetworkCards } from '../../src-main/platform/network-interfaces.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';
import { dropped, RecordingHost } from '../conformance/bridge.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { until } from '../until.ts';
import { freeUdpPort } from './free-udp-port.ts';

const clock = createSystemClock();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('the receiver of the npm package sacn', () => {
  it.each(['multicast', 'unicast'] as const)('[SA15] follows the levels by %s', async (mode) => {
    const { packets, port } = await listen([1, 3]);
    const bridge = await start({
      mode,
      port,
      unicastTo: ['127.0.0.1'],
      universes: [{ first: 1, last: 3, priority: 120 }],
    });
    bridge.apply([
      level(1, 1, { type: 'i32', value: 255 }),
      level(1, 512, f64(0.5)),
      level(3, 7, { type: 'bool', value: true }),
    ]);
    await until(
      'both universes',
      () => packets.some(({ universe }) => universe === 1) && packets.some(({ universe }) => universe === 3),
    );
    const [first, third] = [1, 3].map((wanted) => packets.find(({ universe }) => universe === wanted));
    expect(first).toMatchObject({ sequence: 0, priority: 120, sourceName: 'Flyrail', options: 0, syncUniverse: 0 });
    expect(first?.cid.toString('hex')).toBe('5e1f2f9a7f4e4f0b9d550123456789ab');
    expect(rawLevels(first)).toEqual({ 1: 255, 512: 128 });
    expect(rawLevels(third)).toEqual({ 7: 255 });
    bridge.apply([level(1, 1, f64(0))]);
    await until('the new level', () => rawLevels(packets.at(-1))[1] === undefined && packets.at(-1)?.universe === 1);
  });

  it('[SA5] hears a changing universe no more than 44 times a second, and in sequence', async () => {
    const { packets, times, port } = await listen([1]);
    const bridge = await start({ port });
    let value = 0;
    let isChanging = true;
    const change = (): void => {
      bridge.apply([level(1, 1, { type: 'i32', value: value++ % 256 })]);
      if (isChanging) clock.after(1 as Millis, change);
    };
    change();
    await until('sixty packets', () => packets.length >= 60, 20_000);
    isChanging = false;
    const seconds = ((times[59] ?? 0) - (times[0] ?? 0)) / 1_000_000;
    // The first packet may be heard late by a turn of a busy event loop; the sender's gaps are checked in FrameSchedule.
    expect(59 / seconds).toBeLessThan(47);
    expect(packets.slice(0, 60).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('[SA18] hears no goodbye and no gap in the universes that stay when universes, priorities and the name change', async () => {
    const { packets, port } = await listen([1, 2, 5]);
    const settings = { port, universes: [{ first: 1, last: 2, priority: 100 }] };
    const bridge = await start(settings);
    bridge.apply([level(1, 1, f64(1)), level(2, 1, f64(1))]);
    const of = (universe: number) => packets.filter((packet) => packet.universe === universe);
    await until('both universes', () => of(1).length > 0 && of(2).length > 0);
    for (let priority = 110; priority <= 114; priority++) {
      const universes = [{ first: 1, last: priority === 114 ? 1 : 8, priority }];
      const next = sacnSettings({ ...settings, universes, sourceName: `Flyrail ${priority}` });
      expect(bridge.change(next, () => [level(5, 1, f64(0.5))], dropped)).toBe(true);
      await until('the priority', () => of(1).at(-1)?.priority === priority);
    }
    await until('the goodbyes', () => packets.filter(({ options }) => options === 0x40).length === 6);
    expect(of(1).at(-1)).toMatchObject({ sourceName: 'Flyrail 114', priority: 114 });
    expect(of(1).map(({ options }) => options)).toEqual(of(1).map(() => 0));
    expect(of(1).map(({ sequence }) => sequence)).toEqual(of(1).map((_packet, i) => i));
    expect(rawLevels(of(5)[0])).toEqual({ 1: 128 });
    for (const universe of [2, 5])
      expect(
        of(universe)
          .slice(-3)
          .map(({ options }) => options),
      ).toEqual([64, 64, 64]);
  });

  it('[SA49] reads the preview flag and the sync universe, as they change while it runs', async () => {
    const { packets, port } = await listen([1]);
    const settings = { port, universes: [{ first: 1, last: 1, priority: 100 }], preview: true, syncUniverse: 7962 };
    const bridge = await start(settings);
    bridge.apply([level(1, 1, f64(1))]);
    await until('the first', () => packets.length > 0);
    expect(packets[0]).toMatchObject({ options: 0xa0, syncUniverse: 7962 });
    const next = sacnSettings({ ...settings, preview: false, syncUniverse: 0 });
    expect(bridge.change(next, () => [], dropped)).toBe(true);
    await until('the change', () => packets.at(-1)?.options === 0 && packets.at(-1)?.syncUniverse === 0);
  });

  it('[SA10] hears three goodbyes in each universe, a DMX frame apart, before the bridge has stopped', async () => {
    const { packets, times, port } = await listen([1, 2]);
    const bridge = await start({ port });
    bridge.apply([level(1, 1, f64(1)), level(2, 1, f64(1))]);
    await until('both universes', () => packets.length >= 2);
    const began = performance.now();
    await bridge.stop();
    const tookMs = performance.now() - began;
    await until('the goodbyes', () => packets.filter(({ options }) => options === 0x40).length === 6);
    const goodbyes = packets
      .map((packet, i) => ({ universe: packet.universe, options: packet.options, at: times[i] ?? 0 }))
      .filter(({ options }) => options === 0x40);
    expect(goodbyes.map(({ universe }) => universe)).toEqual([1, 2, 1, 2, 1, 2]);
    // Three frames of DMX are 45 ms apart; the receiver's event loop may be late for the first.
    expect((goodbyes[4]?.at ?? 0) - (goodbyes[0]?.at ?? 0)).toBeGreaterThan(30_000);
    expect(tookMs).toBeLessThan(1000);
  });
});

describe('universe discovery on the network', () => {
  it('[SA9] names the universes that are sent, to the group of discovery, as soon as the first begins and every ten seconds', async () => {
    const port = await freeUdpPort();
    const heard: Buffer[] = [];
    const socket = createSocket({ type: 'udp4', reuseAddr: true }).bind(port, '239.255.250.214');
    await once(socket, 'listening');
    closers.push(() => closed(socket));
    socket.addMembership('239.255.250.214', '127.0.0.1');
    socket.on('message', (packet) => heard.push(packet));
    const simulated = new SimulatedClock();
    const bridge = await start({ port, syncUniverse: 7962 }, simulated);
    bridge.apply([level(2, 1, f64(1))]);
    await simulated.advanceAsync(0);
    await until('discovery', () => heard.length === 1);
    expect(heard[0]?.readUInt32BE(18)).toBe(8);
    expect(heard[0]?.subarray(118).toString('hex')).toBe('000000021f1a');
    bridge.apply([level(1, 1, f64(1))]);
    simulated.advance(10_000);
    await until('discovery once more', () => heard.length === 2);
    expect(heard[1]?.subarray(118).toString('hex')).toBe('0000000100021f1a');
    const stopped = bridge.stop();
    await simulated.advanceAsync(1000);
    await stopped;
  });
});

async function listen(universes: number[]): Promise<{ packets: Packet[]; times: number[]; port: number }> {
  const port = await freeUdpPort();
  const receiver = new Receiver({ universes, port, iface: '127.0.0.1', reuseAddr: true });
  const packets: Packet[] = [];
  const times: number[] = [];
  const errors: Error[] = [];
  receiver.on('packet', (packet) => {
    packets.push(packet);
    times.push(clock.nowMicros());
  });
  receiver.on('PacketOutOfOrder', (error) => errors.push(error));
  receiver.on('error', (error) => errors.push(error));
  closers.push(async () => {
    await new Promise<void>((resolve) => receiver.close(() => resolve()));
    expect(errors).toEqual([]);
  });
  const { socket } = receiver as unknown as { socket: Socket };
  await once(socket, 'listening');
  return { packets, times, port };
}

async function start(some: Partial<SacnBridgeSettings['settings']>, time: Clock = clock): Promise<SacnBridge> {
  const bridge = new SacnBridge(sacnSettings(some), {
    clock: time,
    log: silentLog,
    networkCards: () => listNetworkCards(),
  });
  await bridge.start(new RecordingHost());
  closers.push(() => bridge.stop());
  return bridge;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

function level(universe: number, slot: number, value: Value): Signal {
  return { kind: 'param', address: parseAddress(`/sacn/${universe}/${slot}`), value };
}

/** The levels above zero by slot, as they were on the wire. */
function rawLevels(packet: Packet | undefined): Record<number, number> {
  const entries = [...(packet?.payloadAsBuffer ?? [])].map((value, i) => [i + 1, value] as const);
  return Object.fromEntries(entries.filter(([, value]) => value > 0));
}
