import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import type { Signal } from '../../../src-main/contract/signal.ts';
import { buildArtDmx, buildArtSync } from '../../../src-main/core/dmx/artnet/art-dmx.ts';
import { buildArtPoll } from '../../../src-main/core/dmx/artnet/art-poll.ts';
import { readArtPollReply } from '../../../src-main/core/dmx/artnet/art-poll-reply.ts';
import { UdpSockets } from '../../udp-sockets.ts';
import { until } from '../../until.ts';
import { ArtnetStage } from './artnet-stage.ts';

describe('the Art-Net port that bridges share', () => {
  let stage: ArtnetStage;
  beforeEach(async () => {
    stage = await ArtnetStage.open();
  });
  afterEach(() => stage.close());

  /** Lets simulated time pass until it is so. */
  const pass = (what: string, isSo: () => boolean): Promise<void> =>
    until(what, () => {
      stage.clock.advance(50);
      return isSo();
    });

  it('[AN5] answers as one node for all bridges, with every port of theirs', async () => {
    const peer = await stage.peer('127.0.0.2');
    await stage.bridge({ universes: [{ first: 0, last: 1 }], nodeName: 'One' });
    await stage.bridge({ universes: [], receive: [{ first: 30, last: 37 }], nodeName: 'Two' });
    await peer.send(buildArtPoll());
    await pass('the answers', () => peer.of('poll-reply').length === 4);
    expect(
      peer
        .of('poll-reply')
        .map(({ bindIndex, shortName, universes, inputs }) => [bindIndex, shortName, universes, inputs]),
    ).toEqual([
      [1, 'One', [], [0, 1]],
      [2, 'Two', [30, 31], []],
      [3, 'Two', [32, 33, 34, 35], []],
      [4, 'Two', [36, 37], []],
    ]);
    expect(peer.of('poll-reply')[0]).toMatchObject({ address: '127.0.0.1', port: 6454, longName: 'One Dimmers' });
  });

  it('[AN6] answers once, half a second later by this chance, and a targeted poll with what is in its range', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ universes: [], receive: [{ first: 0, last: 40 }] });
    const targeted = Uint8Array.from([...buildArtPoll(), 0, 35, 0, 33, 0, 0, 0, 0]);
    targeted[12] = 0x2c;
    for (let i = 0; i < 3; i++) await peer.send(targeted);
    // What is sent after them is heard after them.
    await peer.send(dmx(0, 1));
    await until('all three', () => bridge.status().inTotal === 1);
    expect(stage.clock.waiting).toBeGreaterThan(1);
    await stage.clock.advanceAsync(499);
    expect(peer.of('poll-reply')).toEqual([]);
    await stage.clock.advanceAsync(1);
    await until('the answer', () => peer.of('poll-reply').length > 0);
    await stage.clock.advanceAsync(1000);
    await peer.send(buildArtPoll());
    await pass('the whole answer', () => peer.of('poll-reply').length > 10);
    expect(
      peer
        .of('poll-reply')
        .slice(0, 2)
        .map(({ universes }) => universes),
    ).toEqual([
      [32, 33, 34, 35],
      [0, 1, 2, 3],
    ]);
  });

  it('[AN6] answers all that one controller asks while it waits, though it asked for less first', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ universes: [], receive: [{ first: 0, last: 3 }] });
    const nothing = Uint8Array.from([...buildArtPoll(), 0, 99, 0, 98, 0, 0, 0, 0]);
    nothing[12] = 0x20;
    await peer.send(nothing);
    await peer.send(buildArtPoll());
    await peer.send(dmx(0, 1));
    await until('both', () => bridge.status().inTotal === 1);
    await stage.clock.advanceAsync(500);
    await until('the answer', () => peer.of('poll-reply').length > 0);
    expect(peer.of('poll-reply').map(({ universes }) => universes)).toEqual([[0, 1, 2, 3]]);
  });

  it('[AN31] tells who wants to know when a source comes or ports do, until it asks no more', async () => {
    const [told, other] = [await stage.peer('127.0.0.2'), await stage.peer('127.0.0.3')];
    const { bridge, settings } = await stage.bridge({ universes: [], receive: [{ first: 0, last: 1 }] });
    const poll = buildArtPoll();
    await other.send(poll);
    poll[12] = 0x02;
    await told.send(poll);
    const answers = (peer: typeof told): number => peer.of('poll-reply').length;
    await pass('both answers', () => answers(told) === 1 && answers(other) === 1);
    await stage.clock.advanceAsync(2000);
    expect(answers(told)).toBe(1);
    await other.send(dmx(0, 5));
    await until('the source', () => bridge.status().inTotal === 1);
    await pass('that the port has a source', () => answers(told) === 2);
    const next = { ...settings, settings: { ...settings.settings, receive: [{ first: 0, last: 2 }] } };
    expect(
      bridge.change(
        next,
        () => [],
        () => undefined,
      ),
    ).toBe(true);
    await pass('that there is another port', () => answers(told) === 3);
    expect(told.of('poll-reply').at(-1)?.universes).toEqual([0, 1, 2]);
    await pass('that the source is gone', () => answers(told) === 4);
    await stage.clock.advanceAsync(31_000);
    await other.send(dmx(1, 5));
    await until('another source', () => bridge.status().inTotal === 2);
    await stage.clock.advanceAsync(5000);
    // What is asked for anew is answered behind whatever was sent.
    await other.send(buildArtPoll());
    await pass('the answer to the other', () => answers(other) === 2);
    expect(answers(told)).toBe(4);
  });

  it('[AN19] tells a controller of what is for its network alone, and lets it set no other', async () => {
    stage.cards = [
      { name: 'foh', address: '127.0.0.1', netmask: '255.255.255.0', broadcast: '127.0.0.255' },
      { name: 'stage', address: '127.0.1.1', netmask: '255.255.255.0', broadcast: '127.0.1.255' },
    ];
    const peer = await stage.peer('127.0.1.2');
    await stage.bridge({ universes: [], receive: [{ first: 7, last: 7 }], networkCard: 'foh' });
    await stage.bridge({ universes: [], receive: [{ first: 8, last: 8 }], networkCard: 'stage' });
    await peer.send(buildArtPoll());
    await pass('the answer', () => peer.of('poll-reply').length > 0);
    await stage.clock.advanceAsync(1000);
    expect(peer.of('poll-reply').map(({ bindIndex, universes }) => [bindIndex, universes])).toEqual([[1, [8]]]);
  });

  it('[AN6] answers nobody outside the networks of this machine', async () => {
    const [peer, outside] = [await stage.peer('127.0.0.2'), await stage.peer('127.9.0.2')];
    stage.cards = [{ name: 'eth0', address: '127.0.0.1', netmask: '255.255.0.0', broadcast: '127.0.255.255' }];
    await stage.bridge();
    await outside.send(buildArtPoll());
    await peer.send(buildArtPoll());
    await pass('the answer inside', () => peer.of('poll-reply').length > 0);
    await stage.clock.advanceAsync(2000);
    expect(outside.of('poll-reply')).toEqual([]);
  });

  it('[AN24] hears one socket for all bridges, each its own port addresses, and opens it anew after the last', async () => {
    const sockets = new UdpSockets();
    const peer = await stage.peer('127.0.0.2');
    const before = sockets.open.length;
    const one = await stage.bridge({ universes: [], receive: [{ first: 0, last: 0 }] });
    const two = await stage.bridge({ universes: [], receive: [{ first: 1, last: 1 }] });
    expect(sockets.open.length - before).toBe(1);
    await peer.send(dmx(0, 5));
    await peer.send(dmx(1, 6));
    await until('both', () => one.host.published.length > 0 && two.host.published.length > 0);
    expect([first(one.host.published), first(two.host.published)]).toEqual(['/artnet/0/1=5', '/artnet/1/1=6']);
    await one.bridge.stop();
    await peer.send(dmx(1, 7));
    await until('the other', () => two.bridge.status().inTotal === 2);
    await two.bridge.stop();
    expect(sockets.open.length - before).toBe(0);
    const three = await stage.bridge({ universes: [], receive: [{ first: 1, last: 1 }] });
    await peer.send(dmx(1, 8));
    await until('it again', () => three.bridge.status().inTotal === 1);
    sockets.release();
  });

  it('[AN24] tells every bridge that the socket died, and opens a new one for the first that comes back', async () => {
    const sockets = new UdpSockets();
    const [one, two] = [await stage.bridge(), await stage.bridge()];
    sockets.open[0]?.emit('error', new Error('gone'));
    expect([one.host.faults.length, two.host.faults.length]).toEqual([1, 1]);
    const peer = await stage.peer('127.0.0.2');
    const next = await stage.bridge({ universes: [], receive: [{ first: 1, last: 1 }] });
    await peer.send(dmx(1, 8));
    await until('it', () => next.bridge.status().inTotal === 1);
    sockets.release();
  });

  it('[AN2] counts what cannot be read, and does nothing', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge, host } = await stage.bridge({ receive: [{ first: 7, last: 7 }] });
    const odd = dmx(7, 1);
    odd[17] = 3;
    for (const bytes of [new Uint8Array(0), new Uint8Array(600), odd]) await peer.send(bytes);
    await peer.send(Uint8Array.from([...dmx(7, 1).subarray(0, 8), 0x00, 0x51, 0, 14, 0, 0]));
    await peer.send(dmx(7, 4));
    await until('the good one', () => bridge.status().inTotal === 1);
    expect([bridge.status().refusedTotal, bridge.status().state, first(host.published)]).toEqual([
      3,
      'connected',
      '/artnet/7/1=4',
    ]);
  });

  it('[AN25] does not hear what it broadcasts itself, nor takes itself for a node', async () => {
    const peer = await stage.peer('127.0.0.2');
    const sender = await stage.bridge({ send: 'broadcast', sync: true });
    const asker = await stage.bridge({ send: 'subscribers', universes: [{ first: 4, last: 4 }] });
    const receiver = await stage.bridge({ universes: [], receive: [{ first: 5, last: 5 }] });
    sender.bridge.apply([level(0, 1)]);
    asker.bridge.apply([level(4, 1)]);
    await pass('answers of itself', () => peer.of('dmx').length > 2);
    await stage.clock.advanceAsync(6000);
    await peer.send(dmx(5, 9));
    await until('the one of another', () => receiver.bridge.status().inTotal === 1);
    expect([sender.host.published, asker.host.published]).toEqual([[], []]);
    expect(asker.bridge.status().reason).toMatch(/^No node asks for port address 4 \(0\.0\.4\)\./);
  });

  it('[AN25] does not hold what another program of this machine sends for syncs of its own', async () => {
    const { bridge, host } = await stage.bridge({ send: 'broadcast', sync: true, receive: [{ first: 5, last: 5 }] });
    const neighbour = await stage.peer('127.0.0.1');
    // What is sent to the machine's own address is for the neighbour alone; this is heard by both.
    await neighbour.sendToAll(dmx(5, 1));
    await until('it', () => host.published.length > 0);
    bridge.apply([level(0, 1)]);
    await pass('a sync', () => neighbour.of('sync').length > 0);
    await neighbour.sendToAll(dmx(5, 3));
    await until('it at once', () => first(host.published.slice(-1)) === '/artnet/5/1=3');
  });

  it('[AN9] answers an ArtAddress, and merges the port as it says', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge, host } = await stage.bridge({ universes: [], receive: [{ first: 14, last: 18 }] });
    const address = new Uint8Array(107);
    address.set(buildArtPoll());
    address.set([0x00, 0x60], 8);
    address[13] = 2;
    address[106] = 0x11; // LTP for the second port of the second page: 17
    await peer.send(address);
    await pass('the answer', () => peer.of('poll-reply').length === 2);
    for (const [from, value] of [
      [peer, 200],
      [await stage.peer('127.0.0.3'), 90],
    ] as const)
      await from.send(dmx(17, value));
    await until('both', () => bridge.status().inTotal === 2);
    await peer.send(dmx(17, 100));
    await until('the change', () => host.published.some(({ value }) => value.type === 'i32' && value.value === 100));
  });

  it('[AN32] answers an ArtInput that would switch its ports off, and goes on with them', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { bridge } = await stage.bridge({ universes: [{ first: 0, last: 1 }], send: 'hosts', hosts: ['127.0.0.2'] });
    const input = new Uint8Array(20);
    input.set(buildArtPoll());
    input.set([0x00, 0x70], 8);
    input.set([0, 1, 0, 2, 1, 1], 12); // of the first page: two inputs, both disabled
    await peer.send(input);
    await pass('the answer', () => peer.of('poll-reply').length === 1);
    expect(peer.of('poll-reply')[0]).toMatchObject({ bindIndex: 1, inputs: [0, 1] });
    bridge.apply([{ kind: 'param', address: parseAddress('/artnet/0/1'), value: { type: 'i32', value: 7 } }]);
    await pass('the frame', () => peer.of('dmx').some(({ levels }) => levels[0] === 7));
  });

  it('[AN11] holds what a controller sends between its syncs', async () => {
    const peer = await stage.peer('127.0.0.2');
    const { host } = await stage.bridge({ universes: [], receive: [{ first: 0, last: 1 }] });
    for (const bytes of [dmx(0, 1), dmx(1, 1), buildArtSync(), dmx(0, 2), dmx(1, 3), buildArtSync()])
      await peer.send(bytes);
    await until('the sync', () => host.published.length === 1026);
    expect(host.batches[2]?.map((signal) => first([signal]))).toEqual(['/artnet/0/1=2', '/artnet/1/1=3']);
  });

  it('[AN26] lets discovery hear answers on the port that bridges have open', async () => {
    const peer = await stage.peer('127.0.0.2');
    expect(stage.ports.tap(stage.port, () => undefined)).toBeUndefined();
    await stage.bridge();
    const heard: string[] = [];
    const tap = stage.ports.tap(stage.port, (bytes, { address }) =>
      heard.push(`${address} ${readArtPollReply(bytes)?.longName}`),
    );
    tap?.send(buildArtPoll(), { address: peer.address, port: stage.port }, () => undefined);
    await until('the poll', () => peer.of('poll').length > 0);
    await peer.reply([1]);
    await until('the answer', () => heard.length > 0);
    expect(heard).toEqual(['127.0.0.2 Rack 127.0.0.2']);
    await tap?.close();
    await peer.reply([1]);
    await peer.send(buildArtPoll());
    await pass('what comes after it', () => peer.of('poll-reply').length > 0);
    expect(heard).toHaveLength(1);
  });
});

function dmx(portAddress: number, value: number): Uint8Array {
  const levels = new Uint8Array(512);
  levels[0] = value;
  return buildArtDmx({ portAddress, sequence: 0, physical: 0, levels });
}

function first(signals: readonly Signal[]): string {
  const [signal] = signals;
  return `${signal?.address}=${signal?.value.type === 'i32' ? signal.value.value : '?'}`;
}

function level(portAddress: number, value: number): Signal {
  return { kind: 'param', address: parseAddress(`/artnet/${portAddress}/1`), value: { type: 'i32', value } };
}
