import { describe, expect, it } from 'vitest';
import { buildArtPoll } from '../../../../src-main/core/dmx/artnet/art-poll.ts';
import {
  buildArtPollReply,
  isOtherArtnet,
  readArtPollReply,
  type ReplyPort,
} from '../../../../src-main/core/dmx/artnet/art-poll-reply.ts';
import { seededChance, wholeNumber } from '../../../seeded-chance.ts';

/** As a node with two outputs and an input sends it, field by field. */
function reply(change: (bytes: Buffer) => void = () => undefined, length = 239): Uint8Array {
  const bytes = Buffer.alloc(239);
  bytes.write('Art-Net\0', 0, 'latin1');
  bytes.writeUInt16LE(0x2100, 8);
  bytes.set([10, 0, 0, 9], 10);
  bytes.writeUInt16LE(6454, 14);
  bytes[18] = 0x01; // net 1
  bytes[19] = 0x02; // subnet 2
  bytes.write('Dimmer\0', 26, 'latin1');
  bytes.write('Dimmer rack left\0', 44, 'latin1');
  bytes.writeUInt16BE(3, 172);
  bytes.set([0x80, 0x40, 0x80, 0x80], 174);
  bytes.set([0x3, 0x4, 0xf, 0x0], 190);
  bytes.set([0, 0x0a, 1, 2, 3, 0xff], 201);
  bytes[211] = 2;
  change(bytes);
  return bytes.subarray(0, length);
}

describe('Art-Net polls', () => {
  it('[DC27] are fourteen bytes that ask for a reply to the poll alone', () => {
    expect(Buffer.from(buildArtPoll()).toString('hex')).toBe('4172742d4e657400' + '0020' + '000e' + '00' + '00');
  });

  it('[DC28] are answered with name, place and what is put out', () => {
    expect(readArtPollReply(reply())).toEqual({
      address: '10.0.0.9',
      port: 6454,
      shortName: 'Dimmer',
      longName: 'Dimmer rack left',
      bindIndex: 2,
      report: '',
      mac: '00:0a:01:02:03:ff',
      universes: [0x123, 0x12f],
      inputs: [0x120],
    });
  });

  it('[AN34] tell the firmware of a node, where it counts it', () => {
    expect(readArtPollReply(reply((bytes) => bytes.set([2, 11], 16)))?.firmware).toBe('2.11');
    expect(readArtPollReply(reply())?.firmware).toBeUndefined();
  });

  it('[DC28] may be answered by old nodes, which say less', () => {
    expect(readArtPollReply(reply(undefined, 207))).toMatchObject({ bindIndex: 0, mac: '00:0a:01:02:03:ff' });
    expect(readArtPollReply(reply(undefined, 194))).toMatchObject({ bindIndex: 0, mac: undefined });
    expect(readArtPollReply(reply((bytes) => bytes.fill(0, 201, 207)))?.mac).toBeUndefined();
  });

  it('[DC28] take nothing else for an answer, and never throw', () => {
    for (let cut = 0; cut < 194; cut++) expect(readArtPollReply(reply(undefined, cut))).toBeUndefined();
    expect(readArtPollReply(buildArtPoll())).toBeUndefined();
    expect(readArtPollReply(reply((bytes) => bytes.writeUInt16LE(0x5000, 8)))).toBeUndefined();
    expect(readArtPollReply(reply((bytes) => bytes.write('ArtNet')))).toBeUndefined();
    const many = readArtPollReply(reply((bytes) => bytes.writeUInt16BE(65_535, 172)));
    expect(many?.universes).toEqual([0x123, 0x12f, 0x120]);
    const seed = 6454;
    const chance = seededChance(seed);
    for (let run = 0; run < 3000; run++) {
      const bytes = reply((all) => {
        for (let i = 10; i < all.length; i++) all[i] = wholeNumber(chance, 0, 255);
      });
      const read = readArtPollReply(bytes);
      expect(Math.max(0, ...(read?.universes ?? [])), `seed ${seed}, run ${run}`).toBeLessThanOrEqual(32_767);
    }
  });

  it('[AN5] say of each port what it is, on 239 bytes, and are read again as they were meant', () => {
    const port = { isActive: false, isMerging: false, isLtp: false };
    const ports: ReplyPort[] = [
      { ...port, portAddress: 0x7ff0, way: 'out', isActive: true, isMerging: true, isLtp: true },
      { ...port, portAddress: 0x7fff, way: 'out' },
      { ...port, portAddress: 0x7ff7, way: 'in', isActive: true },
    ];
    const page = { address: '10.0.0.7', shortName: 'Flyrail of the opera', longName: 'Röck', bindIndex: 255 };
    const bytes = buildArtPollReply({ ...page, report: '#0001 [0012] runs', ports });
    expect([bytes.length, isOtherArtnet(bytes)]).toEqual([239, false]);
    expect(readArtPollReply(bytes)).toEqual({
      ...{ address: '10.0.0.7', port: 6454, shortName: 'Flyrail of the op', longName: 'R?ck', bindIndex: 255 },
      ...{ report: '#0001 [0012] runs', mac: undefined, universes: [0x7ff0, 0x7fff], inputs: [0x7ff7] },
    });
    const at = (first: number, length: number) => [...bytes.subarray(first, first + length)];
    expect([at(174, 4), at(178, 4), at(182, 4)]).toEqual([
      [0x80, 0x80, 0x40, 0],
      [0, 0, 0x80, 0],
      [0x8a, 0, 0, 0],
    ]);
    expect([bytes[200], bytes[212]]).toEqual([0, 8]);
  });
});
