import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtnetBridge } from '../../../src-main/bridges/artnet/artnet-bridge.ts';
import { ArtnetPorts } from '../../../src-main/bridges/artnet/artnet-ports.ts';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { text, type Signal } from '../../../src-main/contract/signal.ts';
import { buildArtPoll } from '../../../src-main/core/dmx/artnet/art-poll.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { describeBridge, dropped, RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { artnetSettings, oscSettings } from '../bridge-settings.ts';
import { ArtnetStage, loopback } from './artnet-stage.ts';

const conformancePort = 16_454;
const atPort = { port: conformancePort };

describeBridge('ArtnetBridge', {
  prefix: '/artnet',
  make: (clock) => {
    const artnetPorts = new ArtnetPorts({ clock, random: createSystemRandom(), lanCards: () => [loopback] });
    return new ArtnetBridge(artnetSettings(atPort), { clock, log: silentLog, artnetPorts });
  },
  breakWorld: async () => {
    const taken = createSocket('udp4').bind(conformancePort);
    await once(taken, 'listening');
    return () => new Promise((resolve) => taken.close(() => resolve()));
  },
  takesOver: artnetSettings({
    ...atPort,
    ...{ universes: [{ first: 0, last: 9 }], receive: [{ first: 20, last: 20 }] },
    ...{ floats: 'level', merge: 'ltp', publish: 'frames', sequence: false, sync: true },
  }),
  remakes: [
    oscSettings(),
    ...[
      { port: 16_455 },
      { networkCard: 'lo' },
      { send: 'broadcast' as const },
      { hosts: ['127.0.0.2'] },
      { prefix: '/other' },
      { keepAliveMs: 900 },
      { nodeName: 'Other' },
    ].map((some) => artnetSettings({ ...atPort, ...some })),
  ],
  sends: level(0, 1, 255),
  refuses: { kind: 'param', address: parseAddress('/artnet/0/1'), value: text('full') },
});

describe('Art-Net bridge', () => {
  let stage: ArtnetStage;
  beforeEach(async () => {
    stage = await ArtnetStage.open();
  });
  afterEach(() => stage.close());

  it('[AN14] sends a port address to the nodes that answered that they put it out, and to nobody else', async () => {
    const [taker, other] = [await stage.peer('127.0.0.2'), await stage.peer('127.0.0.3')];
    const { bridge } = await stage.bridge({ send: 'subscribers' });
    bridge.apply([level(1, 1, 9), level(2, 1, 8)]);
    await until('the polls', () => taker.of('poll').length > 0 && other.of('poll').length > 0);
    await Promise.all([taker.reply([1, 7]), other.reply([5])]);
    await until('what stands', () => taker.frames.length > 0);
    expect(taker.frames).toEqual(['1.1=9']);
    bridge.apply([level(1, 1, 10), level(2, 1, 7)]);
    await stage.clock.advanceAsync(25);
    await until('the change', () => taker.frames.includes('1.2=10'));
    expect([other.frames, bridge.status().outTotal]).toEqual([[], taker.frames.length]);
  });

  it('[AN14] asks everybody every 2.5 to 3 s, and nobody while no bridge sends to subscribers', async () => {
    const peer = await stage.peer('127.0.0.2');
    await stage.bridge({ send: 'hosts' });
    await stage.clock.advanceAsync(10_000);
    const { bridge } = await stage.bridge({ send: 'subscribers', universes: [{ first: 9, last: 9 }] });
    await stage.clock.advanceAsync(30_000);
    await until('the polls', () => peer.of('poll').length >= 12);
    expect(peer.of('poll').length).toBe(12);
    await bridge.stop();
    await stage.clock.advanceAsync(30_000);
    await peer.send(buildArtPoll());
    await until('an answer', () => {
      stage.clock.advance(100);
      return peer.of('poll-reply').length > 0;
    });
    expect(peer.of('poll').length).toBe(12);
  });

  it('[AN15] is late when a node that it sends to is silent for four seconds, and sends no more after ten', async () => {
    const node = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ send: 'subscribers' });
    await node.reply([0]);
    await until('the node', () => bridge.status().reason.startsWith('Ready'));
    bridge.apply([level(0, 1, 1)]);
    await until('the frame', () => node.frames.length === 1);
    await stage.clock.advanceAsync(4200);
    expect(bridge.status()).toMatchObject({
      state: 'late',
      reason: 'No ArtPollReply for 4.2 s from Rack 127.0.0.2 (127.0.0.2). It is sent to all the same.',
    });
    await stage.clock.advanceAsync(6800);
    // An answer of the bridge comes after all that it sent before.
    await node.send(buildArtPoll());
    await until('the answer', () => {
      stage.clock.advance(100);
      return node.of('poll-reply').length > 0;
    });
    const [sent, before] = [node.frames.length, node.of('poll').length];
    await stage.clock.advanceAsync(5000);
    // It is asked by itself each second, so that it comes back within two.
    await until('polls', () => node.of('poll').length >= before + 6);
    expect(node.frames.length).toBe(sent);
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason:
        'No node asks for port address 0 (0.0.0). It is sent as soon as one does; old nodes want a host or broadcast.',
    });
    await node.reply([0]);
    await until('what stands', () => node.frames.length > sent);
    expect(bridge.status()).toMatchObject({ state: 'connected', reason: 'Sends 1 port address.' });
  });

  it('[AN16] counts its packets 1 to 255 for each port address, also over a restart, or not at all', async () => {
    const peer = await stage.peer('127.0.0.2');
    const to = { hosts: ['127.0.0.2'] };
    const { bridge, host } = await stage.bridge(to);
    host.counts.set(0, 254);
    bridge.apply([level(0, 1, 1), level(3, 1, 1)]);
    await stage.clock.advanceAsync(25);
    await until('four frames', () => peer.frames.length === 4);
    expect(peer.frames).toEqual(['0.255=1', '3.1=1', '0.1=1', '3.2=1']);
    expect([...host.counts]).toEqual([
      [0, 1],
      [3, 2],
    ]);
    await bridge.stop();
    const { bridge: silent } = await stage.bridge({ ...to, sequence: false });
    silent.apply([level(0, 1, 5)]);
    await until('the frame', () => peer.frames.includes('0.0=5'));
  });

  it('[AN12] sends an unchanged frame again at the pace that is set, and none faster than 44 times a second', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ hosts: ['127.0.0.2'], keepAliveMs: 4000 });
    bridge.apply([level(0, 1, 1)]);
    await stage.clock.advanceAsync(100);
    await until('four frames', () => peer.frames.length === 4);
    await stage.clock.advanceAsync(12_000);
    await until('three more', () => peer.frames.length === 7);
    for (let ms = 0; ms < 1000; ms++) {
      bridge.apply([level(0, 1, ms % 256)]);
      stage.clock.advance(1);
    }
    await until('a second of frames', () => peer.frames.length >= 7 + 43);
    expect(peer.frames.length - 7).toBeLessThanOrEqual(45);
  });

  it('[AN17] sends one ArtSync after all frames of a turn, to everybody or to the named hosts, when it is to', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ hosts: ['127.0.0.2'], sync: true });
    bridge.apply([level(0, 1, 1), level(1, 1, 1), level(2, 1, 1)]);
    await stage.clock.advanceAsync(1);
    await until('the sync', () => peer.heard.some(({ is }) => is === 'sync'));
    expect(peer.heard.map(({ is }) => is)).toEqual(['dmx', 'dmx', 'dmx', 'sync']);
    await bridge.stop();
    const { bridge: toAll } = await stage.bridge({ send: 'broadcast', sync: true });
    peer.heard.length = 0;
    toAll.apply([level(0, 1, 1)]);
    await stage.clock.advanceAsync(1);
    await until('both', () => peer.heard.length === 2);
    expect(peer.heard.map(({ is }) => is)).toEqual(['dmx', 'sync']);
  });

  it('[AN4] takes a slot in the long form, at port address 0 and at the last one', async () => {
    const peer = await stage.peer('127.0.0.2');
    const universes = [
      { first: 0, last: 0 },
      { first: 32_767, last: 32_767 },
    ];
    const { bridge } = await stage.bridge({ hosts: ['127.0.0.2'], universes });
    bridge.apply([at('/artnet/0/0/0/1', 7), at('/artnet/127/15/15/1', 8), at('/artnet/0/0/16/1', 9)]);
    await until('both', () => peer.frames.length === 2);
    expect(peer.frames).toEqual(['0.1=7', '32767.1=8']);
    expect(bridge.status().refused?.address).toBe('/artnet/0/0/16/1');
  });

  it('[AN18] is broken while its network card is away, and sends what stands within half a second of its return', async () => {
    const peer = await stage.peer('127.0.0.2');
    stage.cards = [];
    const { bridge, host } = await stage.bridge({ hosts: ['127.0.0.2'], networkCard: 'lo' });
    bridge.apply([level(0, 1, 7)]);
    expect(bridge.status()).toMatchObject({
      ...{ state: 'broken', outTotal: 0, refusedTotal: 0, url: 'U 0-3 to 127.0.0.1 on lo'.replace('0.1 on', '0.2 on') },
      reason: 'The network card lo is not there, or has no IPv4 address. Flyrail goes on as soon as it is back.',
    });
    stage.cards = [loopback];
    await stage.clock.advanceAsync(500);
    await until('what stands', () => peer.frames.length > 0);
    expect([peer.frames[0], bridge.status().state, host.returns]).toEqual(['0.1=7', 'connected', 1]);
    stage.cards = [];
    await stage.clock.advanceAsync(500);
    expect([bridge.status().state, host.faults]).toEqual(['broken', []]);
  });

  it('[AN18] sends to its nodes at once when its card is back after a long time, without waiting for their answers', async () => {
    const node = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ send: 'subscribers', networkCard: 'lo' });
    bridge.apply([level(0, 1, 7)]);
    await node.reply([0]);
    await until('the frame', () => node.frames.length > 0);
    stage.cards = [];
    await stage.clock.advanceAsync(60_000);
    expect(bridge.status().state).toBe('broken');
    bridge.apply([level(0, 1, 8)]);
    stage.cards = [loopback];
    await stage.clock.advanceAsync(500);
    await until('what changed', () => node.frames.some((frame) => frame.endsWith('=8')));
  });

  it('[AN19] works on the network of its card alone, both ways', async () => {
    const far = { name: 'eth1', address: '127.9.0.1', netmask: '255.255.0.0', broadcast: '127.9.255.255' };
    const near = { ...loopback, name: 'eth0', netmask: '255.255.0.0', broadcast: '127.0.255.255' };
    stage.cards = [near, far];
    const { bridge } = await stage.bridge({ send: 'subscribers', networkCard: 'eth1' });
    const [inside, outside] = [await stage.peer('127.9.0.2'), await stage.peer('127.0.0.2')];
    bridge.apply([level(0, 1, 3)]);
    await Promise.all([outside.reply([0]), inside.reply([0])]);
    await until('the frame', () => inside.frames.length > 0);
    await stage.clock.advanceAsync(2000);
    await until('more frames', () => inside.frames.length > 4);
    expect(outside.frames).toEqual([]);
  });

  it('[AN20] says that it has nobody to send to', async () => {
    const { bridge } = await stage.bridge({ hosts: [] });
    expect(bridge.status()).toMatchObject({ state: 'trouble', reason: 'It has no host to send to. Name one.' });
  });

  it('[AN20] names what it cannot send, and a port that another program keeps to itself', async () => {
    const { bridge } = await stage.bridge();
    bridge.apply([level(0, 513, 1)]);
    expect(bridge.status()).toMatchObject({
      ...{ state: 'trouble', refusedTotal: 1, url: 'U 0-3 to 127.0.0.1' },
      reason: 'Refused: /artnet/0/513 is not a universe and a slot 1-512.',
    });
    const taken = createSocket('udp4').bind(0);
    await once(taken, 'listening');
    const settings = artnetSettings({ port: taken.address().port });
    const blocked = new ArtnetBridge(settings, { clock: stage.clock, log: silentLog, artnetPorts: stage.ports });
    await expect(blocked.start(new RecordingHost())).rejects.toMatchObject({ code: 'port-in-use' });
    await new Promise<void>((resolve) => taken.close(() => resolve()));
  });

  it('[AN21] takes over port addresses that come and go while it runs, and hands over what it held', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge, settings } = await stage.bridge({ hosts: ['127.0.0.2'] });
    bridge.apply([level(0, 1, 1), level(1, 1, 1)]);
    await stage.clock.advanceAsync(2000);
    const kept: Signal[] = [];
    const wider = artnetSettings({ ...settings.settings, universes: [{ first: 1, last: 9 }] });
    expect(
      bridge.change(
        wider,
        () => [level(8, 1, 4)],
        (held) => kept.push(...held),
      ),
    ).toBe(true);
    expect(kept).toMatchObject([{ address: '/artnet/0/1' }]);
    await until('the new one', () => peer.frames.includes('8.1=4'));
    peer.heard.length = 0;
    await stage.clock.advanceAsync(1000);
    await until('those that stay', () => peer.frames.some((frame) => frame.startsWith('1.')));
    expect(peer.frames.filter((frame) => frame.startsWith('0.'))).toEqual([]);
    expect(bridge.change(wider, () => [], dropped)).toBe(true);
  });
});

function level(portAddress: number, slot: number, value: number): Signal {
  return at(`/artnet/${portAddress}/${slot}`, value);
}

function at(address: string, value: number): Signal {
  return { kind: 'param', address: parseAddress(address), value: { type: 'i32', value } };
}
