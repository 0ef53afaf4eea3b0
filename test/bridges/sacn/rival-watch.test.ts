import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { DataPackets } from '../../../src-main/bridges/sacn/data-packets.ts';
import { RivalWatch } from '../../../src-main/bridges/sacn/rival-watch.ts';
import { SacnBridge } from '../../../src-main/bridges/sacn/sacn-bridge.ts';
import { multicastGroup } from '../../../src-main/bridges/sacn/sacn-network.ts';
import { lookAroundMs } from '../../../src-main/bridges/sacn/sacn-receiving.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { NetworkCard } from '../../../src-main/contract/device.ts';
import { dropped, RecordingHost } from '../../conformance/bridge.ts';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { UdpSockets } from '../../udp-sockets.ts';
import { until } from '../../until.ts';
import { sacnSettings } from '../bridge-settings.ts';

const loopback: NetworkCard = { name: 'lo', address: '127.0.0.1', family: 'IPv4', loopback: true };
const networkCards = () => [loopback];
const own = '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('RivalWatch', () => {
  it('[SA45] hears who else sends the universes that it follows, and not ourselves', async () => {
    const { port, say, clock, ownPort } = await network();
    const sockets = new UdpSockets();
    const watch = new RivalWatch({ clock, networkCards, networkCard: 'lo', port, cid: own.toUpperCase(), ownPort });
    watch.follow([1, 2]);
    await until('both', () => {
      for (const universe of [1, 2, 3]) say(1, universe, 90);
      say(0, 1, 200);
      return watch.rivals.length === 2;
    });
    expect(watch.rivals).toEqual([1, 2].map((universe) => ({ universe, name: 'Desk 1', priority: 90 })));
    expect(watch.heard.heard(1)?.sources).toMatchObject([{ name: 'Desk 1', levels: { length: 512 } }]);
    expect(watch.heard.heard(1)?.winnerOf(1)).toBeUndefined();
    expect(watch.twins).toEqual([]);
    watch.follow([2]);
    expect(watch.rivals).toEqual([{ universe: 2, name: 'Desk 1', priority: 90 }]);
    clock.advance(2500);
    expect(watch.rivals).toEqual([]);
    await watch.close();
    watch.follow([1]);
    expect([sockets.open, clock.waiting]).toEqual([[], 0]);
    sockets.release();
  });

  it('[SA51] does not tell of who sends on the network of another card', async () => {
    const { port, say, clock, ownPort } = await network();
    const card = (name: string, address: string): NetworkCard => ({
      ...{ name, address, family: 'IPv4', netmask: '255.255.255.255', loopback: false },
    });
    const cards = () => [card('foh', '127.0.0.1'), card('stage', '127.0.0.2')];
    const watchOn = (networkCard: string) =>
      new RivalWatch({ clock, networkCards: cards, networkCard, port, cid: own, ownPort });
    const [foh, stage] = [watchOn('foh'), watchOn('stage')];
    for (const watch of [foh, stage]) watch.follow([1]);
    await until('the one whose card it is', () => {
      say(1, 1, 90);
      return foh.rivals.length === 1;
    });
    expect(stage.rivals).toEqual([]);
    await Promise.all([foh.close(), stage.close()]);
  });

  it('[SA45] follows 128 universes at most, takes no port from anybody, and harms nobody where it cannot listen', async () => {
    const { clock, port } = await network();
    const holder = createSocket('udp4').bind(port, multicastGroup(1));
    await once(holder, 'listening');
    const watch = new RivalWatch({ clock, networkCards, networkCard: 'lo', port, cid: own, ownPort: () => 1 });
    const sockets = new UdpSockets();
    watch.follow(Array.from({ length: 140 }, (_, i) => i + 1));
    await until('all but one', () => sockets.open.length === 127);
    expect(watch.rivals).toEqual([]);
    await watch.close();
    expect(sockets.open).toEqual([]);
    sockets.release();
    await new Promise<void>((resolve) => holder.close(() => resolve()));
  });
});

describe('an sACN output', () => {
  it('[SA50] says who sends its universes under its own component identifier, until that ends', async () => {
    const { say, clock, port } = await network();
    const universes = [{ first: 1, last: 4, priority: 100 }];
    const bridge = new SacnBridge(sacnSettings({ universes, watch: true, port }), {
      clock,
      log: silentLog,
      networkCards,
    });
    await bridge.start(new RecordingHost());
    closers.push(async () => {
      const stopped = bridge.stop();
      await clock.advanceAsync(1000);
      await stopped;
    });
    for (const universe of [1, 2])
      bridge.apply([{ kind: 'param', address: parseAddress(`/sacn/${universe}/1`), value: { type: 'i32', value: 1 } }]);
    clock.advance(lookAroundMs);
    await until('the twin', () => {
      for (const universe of [2, 1]) say(0, universe, 90);
      return bridge.status().reason.includes('1 more');
    });
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason:
        '127.0.0.1 sends universe 1 and 1 more too, with the component identifier (CID) of this bridge: receivers drop ' +
        'packets of either. Delete one of the two bridges and add it anew: it gets its own.',
    });
    clock.advance(2500);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: 'Sends 2 universes.' });
  });

  it('[SA45] names who sends its universes too, with what comes of it, as trouble unless its own priority is higher', async () => {
    const { say, clock, port } = await network();
    const universes = [{ first: 1, last: 4, priority: 100 }];
    const settings = { universes, watch: true, port };
    const bridge = new SacnBridge(sacnSettings(settings), { clock, log: silentLog, networkCards });
    await bridge.start(new RecordingHost());
    closers.push(async () => {
      const stopped = bridge.stop();
      await clock.advanceAsync(1000);
      await stopped;
    });
    for (let universe = 1; universe <= 4; universe++)
      bridge.apply([{ kind: 'param', address: parseAddress(`/sacn/${universe}/1`), value: { type: 'i32', value: 1 } }]);
    clock.advance(lookAroundMs);
    await untilSaid([[1, 1, 90]], 'Desk 1 sends universe 1 too, at priority 90: receivers follow Flyrail.');
    expect(bridge.status().state).toBe('connected');
    clock.advance(2500);
    expect(bridge.status().reason).toBe('Sends 4 universes.');
    await untilSaid([[1, 2, 100]], 'Desk 1 sends universe 2 too, at the same priority: receivers merge both.');
    expect(bridge.status().state).toBe('trouble');
    clock.advance(2500);
    await untilSaid(
      [1, 2, 3, 4].map((universe) => [2, universe, 150]),
      ' more.',
    );
    expect(bridge.status().reason).toContain('Desk 2 sends universe 1 too, at priority 150: receivers follow it.');
    expect(bridge.change(sacnSettings({ ...settings, watch: false }), () => [], dropped)).toBe(true);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: 'Sends 4 universes.' });

    async function untilSaid(said: readonly (readonly number[])[], words: string): Promise<void> {
      await until(words, () => {
        for (const [desk = 0, universe = 0, priority = 0] of said) say(desk, universe, priority);
        return bridge.status().reason.includes(words);
      });
    }
  });
});

/** A network of loopback alone, with consoles by number; number 0 has our own component identifier. */
async function network() {
  const port = await freeUdpPort();
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  closers.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  const packets = new Map<string, DataPackets>();
  return {
    port,
    ownPort: () => socket.address().port,
    clock: new SimulatedClock(),
    say: (desk: number, universe: number, priority: number) => {
      const cid = desk === 0 ? own : own.replace(/..$/, `0${desk}`);
      const manner = { cid, sourceName: `Desk ${desk}`, priority, preview: false, syncUniverse: 0 };
      const made = packets.get(`${desk} ${universe}`) ?? new DataPackets(manner, universe);
      packets.set(`${desk} ${universe}`, made);
      made.describe(manner);
      socket.send(made.next(new Uint8Array(512)), port, multicastGroup(universe));
    },
  };
}
