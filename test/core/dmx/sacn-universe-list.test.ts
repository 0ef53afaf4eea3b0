import { describe, expect, it } from 'vitest';
import { buildDiscoveryPackets } from '../../../src-main/core/dmx/sacn-discovery.ts';
import { readUniverseList } from '../../../src-main/core/dmx/sacn-universe-list.ts';
import { seededChance, wholeNumber } from '../../seeded-chance.ts';

const source = { cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab', sourceName: 'Pult Süd' };

describe('readUniverseList', () => {
  it('[DC29] reads what a source tells of its universes, page by page', () => {
    const universes = Array.from({ length: 513 }, (_, i) => i + 1);
    const pages = buildDiscoveryPackets(source, universes).map(readUniverseList);
    expect(pages).toMatchObject([
      { ...source, page: 0, lastPage: 1, universes: { length: 512 } },
      { ...source, page: 1, lastPage: 1, universes: [513] },
    ]);
    expect(readUniverseList(buildDiscoveryPackets(source, [])[0] ?? new Uint8Array())?.universes).toEqual([]);
  });

  it('[DC29] reads the form of the draft too, as OLA 0.10.9 sent it', () => {
    const captured =
      '001000004153432d45312e3137000000706700000004000102030405060708090a0b0c0d0e0f7051000000044f4c4120536572766572' +
      '00'.repeat(59) +
      'fad600000005';
    expect(readUniverseList(Buffer.from(captured, 'hex'))).toEqual({
      cid: '00010203-0405-0607-0809-0a0b0c0d0e0f',
      sourceName: 'OLA Server',
      page: 0,
      lastPage: 0,
      universes: [5],
    });
    const data = Buffer.from(captured.replace(/fad6/, '0005'), 'hex');
    expect(readUniverseList(data)).toBeUndefined();
  });

  it('[DC29] takes nothing else for one, and never throws', () => {
    const [packet = new Uint8Array()] = buildDiscoveryPackets(source, [1, 2, 63_999]);
    for (let cut = 0; cut < packet.length; cut++) expect(readUniverseList(packet.subarray(0, cut))).toBeUndefined();
    for (const at of [1, 4, 21, 43, 117]) {
      const other = Uint8Array.from(packet);
      other[at] = 0xee;
      expect(readUniverseList(other)).toBeUndefined();
    }
    const outside = buildDiscoveryPackets(source, [0, 64_000, 65_535, 5])[0] ?? new Uint8Array();
    expect(readUniverseList(outside)?.universes).toEqual([5]);
    const seed = 64_214;
    const chance = seededChance(seed);
    for (let run = 0; run < 3000; run++) {
      const bytes = Uint8Array.from(packet);
      for (let i = 0; i < 6; i++) bytes[wholeNumber(chance, 0, bytes.length - 1)] = wholeNumber(chance, 0, 255);
      expect(readUniverseList(bytes)?.universes.length ?? 0, `seed ${seed}, run ${run}`).toBeLessThanOrEqual(3);
    }
  });
});
