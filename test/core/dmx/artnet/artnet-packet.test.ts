import { describe, expect, it } from 'vitest';
import { buildArtDmx, buildArtSync } from '../../../../src-main/core/dmx/artnet/art-dmx.ts';
import { readArtnetPacket } from '../../../../src-main/core/dmx/artnet/artnet-packet.ts';
import packets from '../../../fixtures/captures/artnet.json' with { type: 'json' };
import { seededChance, wholeNumber } from '../../../seeded-chance.ts';

function captured(name: keyof typeof packets) {
  return readArtnetPacket(Uint8Array.from(Buffer.from(packets[name], 'hex')));
}

const levels = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
const dmx = buildArtDmx({ portAddress: 0x1234, sequence: 7, physical: 1, levels });

function changed(bytes: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [at, byte] of Object.entries(changes)) copy[Number(at)] = byte;
  return copy;
}

describe('readArtnetPacket', () => {
  it('[AN1] reads and makes ArtDmx as it is defined', () => {
    expect(Buffer.from(dmx.subarray(0, 20)).toString('hex')).toBe('4172742d4e6574000050000e0701341202000001');
    expect(readArtnetPacket(dmx)).toEqual({ is: 'dmx', portAddress: 0x1234, sequence: 7, physical: 1, levels });
    const short = buildArtDmx({ portAddress: 0, sequence: 0, physical: 0, levels: Uint8Array.of(1, 255) });
    expect(readArtnetPacket(short)).toMatchObject({ portAddress: 0, levels: Uint8Array.of(1, 255) });
    // What follows the levels is padding; the sixteenth bit of a port address is none.
    const padded = new Uint8Array(600);
    padded.set(short);
    expect(readArtnetPacket(changed(padded, { 15: 0x80 }))).toMatchObject({ portAddress: 0 });
  });

  it('[AN1] reads and makes ArtSync as it is defined', () => {
    expect(Buffer.from(buildArtSync()).toString('hex')).toBe('4172742d4e6574000052000e0000');
    expect(readArtnetPacket(buildArtSync())).toEqual({ is: 'sync' });
    expect(readArtnetPacket(buildArtSync().subarray(0, 13))).toEqual({ is: 'unread' });
  });

  it('[AN1] reads what olad, dmxnet and StupidArtnet sent on a real wire', () => {
    expect(captured('ola-dmx')).toEqual({
      ...{ is: 'dmx', portAddress: 0x125, sequence: 0, physical: 0 },
      levels: Uint8Array.of(9, 8, 7, 0),
    });
    expect(captured('ola-poll')).toMatchObject({ is: 'poll', target: undefined });
    expect(captured('ola-poll-reply')).toMatchObject({
      ...{ is: 'poll-reply', address: '10.80.0.2', port: 6454, shortName: 'Rack', longName: 'Rack left', bindIndex: 0 },
      ...{ universes: [0x12a, 0x120, 0x120, 0x120], inputs: [0x125, 0x120, 0x120, 0x120] },
    });
    expect(captured('dmxnet-dmx')).toMatchObject({
      is: 'dmx',
      portAddress: 0x14,
      sequence: 7,
      levels: { 0: 5 },
    });
    // What StupidArtnet sends is what ours sends of the same.
    expect(captured('stupidartnet-dmx')).toEqual({ is: 'dmx', portAddress: 5, sequence: 0, physical: 0, levels });
    const same = buildArtDmx({ portAddress: 5, sequence: 0, physical: 0, levels });
    expect(Buffer.from(same).toString('hex')).toBe(packets['stupidartnet-dmx']);
    expect(Buffer.from(buildArtSync()).toString('hex')).toBe(packets['stupidartnet-sync']);
  });

  it('[AN2] reads nothing of foreign, old or cut packets, and of lengths that cannot be', () => {
    for (let cut = 0; cut < dmx.length; cut++) expect(readArtnetPacket(dmx.subarray(0, cut)).is).toBe('unread');
    expect(readArtnetPacket(changed(dmx, { 11: 13 })).is).toBe('unread');
    expect(readArtnetPacket(changed(dmx, { 11: 15 })).is).toBe('dmx');
    for (let at = 0; at < 8; at++) expect(readArtnetPacket(changed(dmx, { [at]: 0x2d ^ at ^ 0x80 })).is).toBe('unread');
    for (const length of [0, 513, 514, 65_535])
      expect(readArtnetPacket(changed(dmx, { 16: length >> 8, 17: length & 0xff })).is).toBe('unread');
  });

  it('[AN2] reads an odd number of slots too', () => {
    for (const length of [1, 3, 511]) {
      const packet = readArtnetPacket(changed(dmx, { 16: length >> 8, 17: length & 0xff }).subarray(0, 18 + length));
      expect(packet).toMatchObject({ is: 'dmx', levels: { length } });
    }
  });

  it('[AN3] passes over what is not for a bridge', () => {
    for (const opcode of [0x5100, 0xf800, 0x7000, 0x9700, 0x2300, 0xffff])
      expect(readArtnetPacket(changed(dmx, { 8: opcode & 0xff, 9: opcode >> 8 }))).toEqual({ is: 'other' });
  });

  it('[AN2] reads any bytes without an error, and never a number outside its range', () => {
    const seed = 0x1936;
    const chance = seededChance(seed);
    const counts = new Map<string, number>();
    const codes = [0x20, 0x21, 0x50, 0x52, 0x60, 0x51];
    for (let run = 0; run < 20_000; run++) {
      const bytes = Uint8Array.from(dmx.subarray(0, wholeNumber(chance, 0, dmx.length)));
      for (let i = 10; i < bytes.length; i++) bytes[i] = wholeNumber(chance, 0, 255);
      if (bytes.length > 20) bytes.set([0, codes[wholeNumber(chance, 0, codes.length - 1)] ?? 0], 8);
      // Else no random length would do.
      if (bytes.length > 20 && run % 2 === 0) bytes.set([0, bytes.length - 18], 16);
      const packet = readArtnetPacket(bytes);
      counts.set(packet.is, (counts.get(packet.is) ?? 0) + 1);
      if (packet.is !== 'dmx') continue;
      const { portAddress, levels: read } = packet;
      expect(portAddress <= 32_767 && read.length > 0 && read.length <= 512, `seed ${seed}, run ${run}`).toBe(true);
    }
    for (const is of ['dmx', 'poll', 'poll-reply', 'sync', 'address', 'other', 'unread'])
      expect(counts.get(is) ?? 0, `${is}, seed ${seed}`).toBeGreaterThan(50);
  });
});
