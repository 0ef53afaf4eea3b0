import { describe, expect, it } from 'vitest';
import { UniverseStreams } from '../../../src-main/bridges/sacn/universe-streams.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const dark = new Uint8Array(512);

describe('UniverseStreams', () => {
  it('[SA18] goes by another name and priority from the next packet on, with its count unbroken and no rest of a longer name', () => {
    const { streams, sent, how } = bench();
    streams.send(1, dark);
    Object.assign(how, { sourceName: 'B', priority: 7 });
    streams.describeAnew();
    streams.send(1, dark);
    expect(sent.map(({ name, priority, sequence, bits }) => [name, priority, sequence, bits])).toEqual([
      ['A long name', 100, 0, 0],
      ['B', 7, 1, 0],
    ]);
  });

  it('[SA19] says goodbye three times in the universes that end, a DMX frame apart, while the others go on', () => {
    const { streams, sent, clock } = bench();
    streams.send(1, dark);
    clock.advance(10);
    streams.send(2, dark);
    streams.end([1, 2, 9]);
    clock.advance(12);
    streams.send(3, dark);
    streams.end([3]);
    clock.advance(1000);
    const goodbyes = sent.filter(({ bits }) => bits === 0x40);
    for (const universe of [1, 2, 3]) {
      const own = sent.filter((packet) => packet.universe === universe);
      expect(own.map(({ bits }) => bits)).toEqual([0, 0x40, 0x40, 0x40]);
      for (const [i, { at }] of own.slice(1).entries()) expect(at - (own[i]?.at ?? 0)).toBeGreaterThanOrEqual(22_727);
    }
    expect([goodbyes.length, streams.universes, clock.waiting]).toEqual([9, [], 0]);
  });

  it('[SA20] goes on with its count when a universe comes back before its goodbyes are over', () => {
    const { streams, sent, clock } = bench();
    streams.send(1, dark);
    streams.end([1]);
    clock.advance(30);
    streams.send(1, dark);
    clock.advance(1000);
    streams.send(1, dark);
    expect(sent.map(({ sequence, bits }) => [sequence, bits])).toEqual([
      [0, 0],
      [1, 0x40],
      [2, 0],
      [3, 0],
    ]);
    expect([streams.universes, clock.waiting]).toEqual([[1], 0]);
  });

  it('[SA20] goes on with its count when a universe comes back after its goodbyes, and around the end of it', () => {
    const { streams, sent, clock } = bench();
    for (let i = 0; i < 254; i++) streams.send(1, dark);
    streams.end([1]);
    clock.advance(60_000);
    streams.send(1, dark);
    streams.send(2, dark);
    expect(sent.slice(253).map(({ universe, sequence, bits }) => [universe, sequence, bits])).toEqual([
      [1, 253, 0],
      [1, 254, 0x40],
      [1, 255, 0x40],
      [1, 0, 0x40],
      [1, 1, 0],
      [2, 0, 0],
    ]);
  });

  it('[SA10] has ended all when the last goodbye is on its way, also of those that were ending before', async () => {
    const { streams, sent, clock } = bench();
    await streams.endAll();
    streams.send(1, dark);
    streams.send(2, dark);
    streams.end([1]);
    clock.advance(30);
    let hasEnded = false;
    const ended = streams.endAll().then(() => (hasEnded = true));
    await clock.advanceAsync(50);
    expect(hasEnded).toBe(false);
    await clock.advanceAsync(100);
    await ended;
    expect(sent.filter(({ bits }) => bits === 0x40).map(({ universe }) => universe)).toEqual([1, 1, 2, 1, 2, 2]);
  });
});

function bench() {
  const clock = new SimulatedClock();
  const how = {
    cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab',
    sourceName: 'A long name',
    priority: 100,
    preview: false,
    syncUniverse: 0,
  };
  const sent: { universe: number; sequence: number; bits: number; priority: number; name: string; at: number }[] = [];
  const streams = new UniverseStreams({
    clock,
    describe: () => how,
    send: (universe, packet) => {
      const name = Buffer.from(packet.subarray(44, 108)).toString().replace(/\0+$/, '');
      const [priority = -1, sequence = -1, bits = -1] = [packet[108], packet[111], packet[112]];
      sent.push({ universe, sequence, bits, priority, name, at: clock.nowMicros() });
    },
  });
  return { streams, sent, clock, how };
}
