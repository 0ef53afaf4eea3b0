import * as fc from 'fast-check';
import { Packet } from 'sacn';
import { describe, expect, it } from 'vitest';
import { DataPackets } from '../../../src-main/bridges/sacn/data-packets.ts';
import { buildDiscoveryPackets } from '../../../src-main/core/dmx/sacn-discovery.ts';
import { readSacnPacket, type SacnData } from '../../../src-main/core/dmx/sacn-packet.ts';
import { readSourceName } from '../../../src-main/core/dmx/sacn-source.ts';
import { buildSyncPacket } from '../../../src-main/core/dmx/sacn-sync.ts';
import captured from '../../fixtures/captures/sacn.json' with { type: 'json' };

const cid = '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab';
const seed = 20261123;

describe('readSacnPacket', () => {
  it('[SA29] reads what olad sent on a real wire', () => {
    const packet = readSacnPacket(Buffer.from(captured['ola-data'], 'hex')) as SacnData;
    expect(packet).toMatchObject({
      kind: 'data',
      cid: '70c7bc65-53a5-4173-80b4-eff3fd8c645c',
      priority: 100,
      syncUniverse: 0,
      sequence: 0,
      isPreview: false,
      isTerminated: false,
      runsWithoutSync: false,
      universe: 2,
      startCode: 0,
    });
    expect(readSourceName(packet.nameBytes)).toBe('vm-OLA Server');
    expect(Buffer.from(packet.slots)).toEqual(Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)));
  });

  it('[SA29] reads what the npm package sacn and its own output make, whatever is in it', () => {
    const arbitrary = fc.record({
      universe: fc.integer({ min: 1, max: 63_999 }),
      priority: fc.integer({ min: 1, max: 200 }),
      sourceName: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }),
      levels: fc.uint8Array({ minLength: 512, maxLength: 512 }),
      preview: fc.boolean(),
      syncUniverse: fc.integer({ min: 0, max: 63_999 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ levels, ...how }) => {
        const own = readSacnPacket(new DataPackets({ ...how, cid }, how.universe).next(levels)) as SacnData;
        expect(own).toMatchObject({
          cid,
          universe: how.universe,
          priority: how.priority,
          isPreview: how.preview,
          syncUniverse: how.syncUniverse,
        });
        expect(Buffer.from(own.slots)).toEqual(Buffer.from(levels));
        const payload = Object.fromEntries([...levels].map((level, i) => [i + 1, level]));
        const { universe, priority, sourceName } = how;
        const theirs = new Packet({ universe, priority, sourceName, payload, sequence: 9, useRawDmxValues: true });
        const read = readSacnPacket(theirs.buffer) as SacnData;
        expect(read).toMatchObject({ universe, priority, sequence: 9 });
        expect(Buffer.from(read.slots)).toEqual(Buffer.from(levels));
        expect(readSourceName(read.nameBytes)).toBe(sourceName);
      }),
      { seed, numRuns: 40 },
    );
  });

  it('[SA28] reads options, short frames and other start codes', () => {
    expect(read((bytes) => (bytes[112] = 0xe0))).toMatchObject({
      isPreview: true,
      isTerminated: true,
      runsWithoutSync: true,
    });
    expect(read((bytes) => (bytes[125] = 0xdd))).toMatchObject({ startCode: 0xdd });
    const short = shortened(2);
    expect([...(readSacnPacket(short) as SacnData).slots]).toEqual([1, 2]);
    expect([...(readSacnPacket(shortened(0)) as SacnData).slots]).toEqual([]);
    // What lies behind the packet is nobody's concern.
    const padded = Buffer.concat([short, Buffer.alloc(5)]);
    expect([...(readSacnPacket(padded) as SacnData).slots]).toEqual([1, 2]);
  });

  it.each<[string, string, (bytes: Buffer) => unknown]>([
    ['another preamble', 'not-acn', (bytes) => (bytes[1] = 0x11)],
    ['another postamble', 'not-acn', (bytes) => (bytes[3] = 1)],
    ['another identifier', 'not-acn', (bytes) => (bytes[4] = 0x42)],
    ['a root layer without flags', 'bad-length', (bytes) => (bytes[16] = 0x02)],
    ['a root layer longer than the datagram', 'bad-length', (bytes) => bytes.writeUInt16BE(0x7fff, 16)],
    ['another root vector', 'bad-vector', (bytes) => bytes.writeUInt32BE(5, 18)],
    ['another framing vector', 'bad-vector', (bytes) => bytes.writeUInt32BE(3, 40)],
    ['discovery of the draft', 'other-packet', (bytes) => bytes.writeUInt32BE(4, 40)],
    ['a framing layer longer than the datagram', 'bad-length', (bytes) => bytes.writeUInt16BE(0x7fff, 38)],
    ['universe 0', 'bad-universe', (bytes) => bytes.writeUInt16BE(0, 113)],
    ['universe 64000', 'bad-universe', (bytes) => bytes.writeUInt16BE(64_000, 113)],
    ['priority 201', 'bad-priority', (bytes) => (bytes[108] = 201)],
    ['another DMP vector', 'bad-dmp', (bytes) => (bytes[117] = 1)],
    ['another address type', 'bad-dmp', (bytes) => (bytes[118] = 0xa2)],
    ['another first address', 'bad-dmp', (bytes) => (bytes[120] = 1)],
    ['another increment', 'bad-dmp', (bytes) => (bytes[122] = 2)],
    ['no property value', 'bad-dmp', (bytes) => bytes.writeUInt16BE(0, 123)],
    ['514 property values', 'bad-dmp', (bytes) => bytes.writeUInt16BE(514, 123)],
    ['a DMP layer shorter than its values', 'bad-length', (bytes) => bytes.writeUInt16BE(0x7000 + 200, 115)],
  ])('[SA28] tells %s by its fault, %s', (_what, fault, spoil) => {
    expect(read(spoil)).toBe(fault);
  });

  it('[SA36] reads sync packets, each field where table 4-2 has it, and leaves discovery to others', () => {
    const packet = Buffer.from(buildSyncPacket(cid, 7, 7962));
    expect(packet.toString('hex')).toBe(
      [
        '00100000' + '4153432d45312e3137000000', // preamble, postamble, "ASC-E1.17"
        '7021' + '00000008' + '5e1f2f9a7f4e4f0b9d550123456789ab', // length 33 from byte 16, extended, CID
        '700b' + '00000001' + '07' + '1f1a' + '0000', // length 11 from 38, synchronization, sequence, universe, reserved
      ].join(''),
    );
    expect(readSacnPacket(packet)).toEqual({ kind: 'sync', cid, sequence: 7, universe: 7962 });
    expect(readSacnPacket(packet.subarray(0, 48))).toBe('bad-length');
    expect(readSacnPacket(Buffer.from(buildSyncPacket(cid, 7, 0)))).toBe('bad-universe');
    const [discovery = Buffer.alloc(0)] = buildDiscoveryPackets({ cid, sourceName: 'x' }, [1]);
    expect(readSacnPacket(discovery)).toBe('other-packet');
  });

  it('[SA28] takes any bytes, cut and garbled packets among them, and never reads beyond them', () => {
    const garbled = fc
      .tuple(fc.array(fc.tuple(fc.nat(637), fc.nat(255)), { maxLength: 6 }), fc.integer({ min: 0, max: 638 }))
      .map(([changes, length]) => {
        const bytes = Buffer.from(captured['ola-data'], 'hex');
        for (const [at, value] of changes) bytes[at] = value;
        return Uint8Array.from(bytes.subarray(0, length));
      });
    let readTotal = 0;
    fc.assert(
      fc.property(fc.oneof(garbled, fc.uint8Array({ maxLength: 700 })), (bytes) => {
        const packet = readSacnPacket(bytes);
        if (typeof packet === 'string' || packet.kind === 'sync') return;
        readTotal++;
        expect(packet.slots.length).toBeLessThanOrEqual(512);
        expect(packet.slots.byteOffset + packet.slots.length).toBeLessThanOrEqual(bytes.byteOffset + bytes.length);
        expect(packet.universe).toBeGreaterThan(0);
        expect(packet.priority).toBeLessThanOrEqual(200);
      }),
      { seed, numRuns: 5000 },
    );
    expect(readTotal).toBeGreaterThan(10);
  });

  it('[SA37] reads names without control characters, up to the first NUL', () => {
    const name = (text: string): string => readSourceName(Buffer.from(text.padEnd(64, '\0')));
    expect([name('Desk\u0007 1\u001b[31m'), name('a\0b'), name('Bühne')]).toEqual(['Desk 1[31m', 'a', 'Bühne']);
  });
});

function shortened(slots: number): Buffer {
  const bytes = Buffer.from(captured['ola-data'], 'hex').subarray(0, 126 + slots);
  for (let i = 0; i < slots; i++) bytes[126 + i] = i + 1;
  for (const at of [16, 38, 115]) bytes.writeUInt16BE(0x7000 + bytes.length - at, at);
  bytes.writeUInt16BE(slots + 1, 123);
  return bytes;
}

function read(spoil: (bytes: Buffer) => unknown): ReturnType<typeof readSacnPacket> {
  const bytes = Buffer.from(captured['ola-data'], 'hex');
  spoil(bytes);
  return readSacnPacket(bytes);
}
