import * as fc from 'fast-check';
import { Packet } from 'sacn';
import { describe, expect, it } from 'vitest';
import { DataPackets } from '../../../src-main/bridges/sacn/data-packets.ts';
import { readSacnPacket } from '../../../src-main/core/dmx/sacn-packet.ts';
import { cidBytes, fitSourceName, type SacnSource } from '../../../src-main/core/dmx/sacn-source.ts';
import captured from '../../fixtures/captures/sacn.json' with { type: 'json' };

const cid = '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab';

describe('DataPackets', () => {
  it('[SA7] makes the same bytes as the npm package sacn, for any universe, priority, name and levels', () => {
    const name = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 });
    const levels = fc.uint8Array({ minLength: 512, maxLength: 512 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 63_999 }),
        fc.integer({ min: 1, max: 200 }),
        name,
        levels,
        fc.nat(300),
        (universe, priority, sourceName, slots, skip) => {
          const packets = packetsOf({ cid, sourceName }, universe, priority);
          for (let i = 0; i < skip; i++) packets.next(slots);
          const theirs = new Packet({
            universe,
            priority,
            sourceName,
            sequence: skip % 256,
            cid: Buffer.from(cidBytes(cid)),
            payload: Object.fromEntries([...slots].map((level, i) => [i + 1, level])),
            useRawDmxValues: true,
          });
          expect(Buffer.from(packets.next(slots)).equals(theirs.buffer)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('[SA7] makes the same bytes as olad did on a real wire', () => {
    const source = { cid: '70c7bc65-53a5-4173-80b4-eff3fd8c645c', sourceName: 'vm-OLA Server' };
    const levels = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
    expect(Buffer.from(packetsOf(source, 2, 100).next(levels)).toString('hex')).toBe(captured['ola-data']);
  });

  it('[SA7] is read field by field by the npm package sacn', () => {
    const packets = packetsOf({ cid, sourceName: 'Flyrail Zürich' }, 513, 0);
    const levels = new Uint8Array(512);
    levels.set([1, 2, 255], 509);
    const packet = new Packet(Buffer.from(packets.next(levels)));
    expect(packet).toMatchObject({
      universe: 513,
      priority: 0,
      sequence: 0,
      options: 0,
      syncUniverse: 0,
      propertyValueCount: 513,
    });
    expect(packet.cid).toEqual(Buffer.from('5e1f2f9a7f4e4f0b9d550123456789ab', 'hex'));
    expect(packet.payloadAsBuffer?.subarray(509)).toEqual(Buffer.from([1, 2, 255]));
  });

  it('[SA7] counts packets from 0 to 255 and begins again, terminated ones too', () => {
    const packets = packetsOf({ cid, sourceName: 'x' }, 1, 100);
    const levels = new Uint8Array(512);
    const sequences = Array.from({ length: 257 }, () => packets.next(levels)[111]);
    expect(sequences).toEqual([...Array.from({ length: 256 }, (_, i) => i), 0]);
    expect(packets.terminated()[111]).toBe(1);
  });

  it('[SA7] never touches a packet again', () => {
    const packets = packetsOf({ cid, sourceName: 'x' }, 1, 100);
    const first = packets.next(new Uint8Array(512).fill(1));
    const copy = Uint8Array.from(first);
    packets.next(new Uint8Array(512).fill(2));
    expect(first).toEqual(copy);
  });

  it('[SA10] sets the bit of a terminated stream and nothing else', () => {
    const packets = packetsOf({ cid, sourceName: 'x' }, 1, 100);
    const data = packets.next(new Uint8Array(512).fill(9));
    const bye = packets.terminated();
    const different = [...bye.keys()].filter((i) => bye[i] !== data[i]);
    expect(different).toEqual([111, 112]);
    expect(bye[112]).toBe(0x40);
  });
});

describe('what a packet says beyond its levels', () => {
  it('[SA25] sets the preview flag and no other, live, and in the goodbye too', () => {
    const packets = packetsOf({ cid, sourceName: 'x' }, 1, 100);
    packets.describe({ sourceName: 'x', priority: 100, preview: true, syncUniverse: 0 });
    expect([packets.next(new Uint8Array(512))[112], packets.terminated()[112]]).toEqual([0x80, 0xc0]);
    packets.describe({ sourceName: 'x', priority: 100, preview: false, syncUniverse: 0 });
    expect(packets.next(new Uint8Array(512))[112]).toBe(0);
  });

  it('[SA26] names its sync universe, which the npm package sacn reads', () => {
    const packets = packetsOf({ cid, sourceName: 'x' }, 1, 100);
    packets.describe({ sourceName: 'x', priority: 100, preview: false, syncUniverse: 7962 });
    const packet = packets.next(new Uint8Array(512));
    expect(new Packet(Buffer.from(packet)).syncUniverse).toBe(7962);
    expect(readSacnPacket(packet)).toMatchObject({ syncUniverse: 7962, runsWithoutSync: true });
    expect(packets.terminated()[112]).toBe(0x60);
    packets.describe({ sourceName: 'x', priority: 100, preview: false, syncUniverse: 0 });
    expect(packets.next(new Uint8Array(512))[112]).toBe(0);
  });

  it('[SA27] says per-slot priorities with start code 0xDD, in sequence with the levels', () => {
    const packets = packetsOf({ cid, sourceName: 'x' }, 1, 100);
    const priorities = new Uint8Array(512).fill(100, 0, 3);
    const [dd, data] = [packets.priorities(priorities), packets.next(new Uint8Array(512))];
    expect([dd[111], dd[125], dd[126], dd[129], dd.length]).toEqual([0, 0xdd, 100, 0, 638]);
    expect([data[111], data[125]]).toEqual([1, 0]);
  });
});

describe('source names', () => {
  it('[SA8] are cut to 63 bytes of UTF-8, never inside a character, so that a NUL ends them', () => {
    expect(fitSourceName('Flyrail')).toBe('Flyrail');
    expect(fitSourceName('é'.repeat(60))).toBe('é'.repeat(31));
    expect(fitSourceName(`${'a'.repeat(60)}👩‍🚀`)).toBe('a'.repeat(60));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
        const packet = packetsOf({ cid, sourceName: name }, 1, 100).next(new Uint8Array(512));
        const field = Buffer.from(packet.subarray(44, 108));
        expect(field[63]).toBe(0);
        const text = field.toString('utf8', 0, field.indexOf(0));
        expect(name.startsWith(text)).toBe(true);
        expect(field.subarray(field.indexOf(0)).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });
});

function packetsOf(source: SacnSource, universe: number, priority: number): DataPackets {
  return new DataPackets({ ...source, priority, preview: false, syncUniverse: 0 }, universe);
}
