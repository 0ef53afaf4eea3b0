import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { SacnBridge } from '../../../src-main/bridges/sacn/sacn-bridge.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { SacnBridge as SacnBridgeSettings } from '../../../src-main/contract/show.ts';
import type { Signal } from '../../../src-main/contract/signal.ts';
import { readSacnPacket } from '../../../src-main/core/dmx/sacn-packet.ts';
import { dropped, RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { sacnSettings } from '../bridge-settings.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('what an sACN output sends beyond levels', () => {
  it('[SA26] lets all universes leave before one sync packet, of universes that change together and apart', async () => {
    const { bridge, clock, left } = await connect({ syncUniverse: 7962 });
    bridge.apply([level(1, 1), level(3, 1)]);
    await clock.advanceAsync(0);
    await until('the first frame', () => left.length === 3);
    expect(left).toEqual(['1: 1 of 7962', '3: 1 of 7962', 'sync 7962 0']);
    await clock.advanceAsync(5);
    bridge.apply([level(1, 2)]);
    await clock.advanceAsync(10);
    bridge.apply([level(3, 2)]);
    await clock.advanceAsync(8);
    await until('the second frame', () => left.length === 6);
    expect(left.slice(3)).toEqual(['1: 2 of 7962', '3: 2 of 7962', 'sync 7962 1']);
  });

  it('[SA25] changes preview, sync and slot priorities while it runs, with no packet lost', async () => {
    const { bridge, clock, left, given } = await connect();
    bridge.apply([level(1, 9)]);
    await until('the frame', () => left.length === 1);
    const slotPriorities = [
      { universe: 1, first: 1, last: 512, priority: 90 },
      { universe: 1, first: 1, last: 1, priority: 0 },
    ];
    expect(bridge.change(sacnSettings({ ...given, slotPriorities, preview: true }), () => [], dropped)).toBe(true);
    await clock.advanceAsync(23);
    await until('the change', () => left.length === 3);
    expect(left).toEqual(['1: 9', '1 priorities: 0 90 preview', '1: 9 preview']);
    expect(bridge.change(sacnSettings({ ...given, syncUniverse: 5 }), () => [], dropped)).toBe(true);
    await clock.advanceAsync(46);
    await until('the sync', () => left.includes('sync 5 0'));
    expect(left.slice(3, 5)).toEqual(['1: 9 of 5', 'sync 5 0']);
  });
});

/** A started output that sends by unicast to a socket of the test, which tells what it got in words. */
async function connect(some: Partial<SacnBridgeSettings['settings']> = {}) {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const left: string[] = [];
  socket.on('message', (bytes) => {
    const packet = readSacnPacket(bytes);
    if (typeof packet === 'string') return left.push(packet);
    if (packet.kind === 'sync') return left.push(`sync ${packet.universe} ${packet.sequence}`);
    const [first, second] = packet.slots;
    const what = packet.startCode === 0xdd ? ` priorities: ${first} ${second}` : `: ${first}`;
    const sync = packet.syncUniverse === 0 ? '' : ` of ${packet.syncUniverse}`;
    return left.push(`${packet.universe}${what}${sync}${packet.isPreview ? ' preview' : ''}`);
  });
  const clock = new SimulatedClock();
  const { port } = socket.address();
  const whole = sacnSettings({ mode: 'unicast', unicastTo: ['127.0.0.1'], networkCard: '', port, ...some });
  const bridge = new SacnBridge(whole, { clock, log: silentLog, networkCards: () => [] });
  await bridge.start(new RecordingHost());
  closers.push(async () => {
    const stopped = bridge.stop();
    await clock.advanceAsync(1000);
    await stopped;
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  });
  return { bridge, clock, left, given: whole.settings };
}

function level(universe: number, value: number): Signal {
  return { kind: 'param', address: parseAddress(`/sacn/${universe}/1`), value: { type: 'i32', value } };
}
