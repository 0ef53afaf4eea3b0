import { describe, expect, it } from 'vitest';
import { buildDiscoveryPackets } from '../../../src-main/core/dmx/sacn-discovery.ts';

const source = { cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab', sourceName: 'Flyrail' };

describe('universe discovery', () => {
  it('[SA9] lists universes ascending, each field where table 4-3 has it', () => {
    const [packet, ...more] = buildDiscoveryPackets(source, [513, 1, 63_999]).map((bytes) => Buffer.from(bytes));
    expect(more).toEqual([]);
    expect(packet?.toString('hex')).toBe(
      [
        '00100000' + '4153432d45312e3137000000', // preamble, postamble, "ASC-E1.17"
        '706e' + '00000008' + '5e1f2f9a7f4e4f0b9d550123456789ab', // length 110 from byte 16, extended, CID
        '7058' + '00000002' + '466c797261696c' + '00'.repeat(57) + '00000000', // length 88 from 38, discovery, name, reserved
        '700e' + '00000001' + '00' + '00' + '0001' + '0201' + 'f9ff', // length 14 from 112, list, page 0 of 0, universes
      ].join(''),
    );
  });

  it('[SA9] takes another page after 512 universes, to the last of 63999', () => {
    const pagesOf = (count: number): [number | undefined, number | undefined, number][] =>
      buildDiscoveryPackets(
        source,
        Array.from({ length: count }, (_, i) => i + 1),
      ).map((page) => [page[118], page[119], page.length]);
    expect(pagesOf(0)).toEqual([[0, 0, 120]]);
    expect(pagesOf(512)).toEqual([[0, 0, 1144]]);
    expect(pagesOf(513)).toEqual([
      [0, 1, 1144],
      [1, 1, 122],
    ]);
    expect(pagesOf(63_999)).toHaveLength(125);
  });
});
