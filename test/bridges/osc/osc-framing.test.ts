import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacketSplitter, framePacket, packetBytesMax } from '../../../src-main/bridges/osc/osc-framing.ts';

const framings = ['slip', 'length'] as const;
type Framing = (typeof framings)[number];

function read(framing: Framing, chunks: readonly Uint8Array[]) {
  const packets: Uint8Array[] = [];
  let malformed = 0;
  const splitter = createPacketSplitter(
    framing,
    (packet) => packets.push(Uint8Array.from(packet)),
    () => malformed++,
  );
  for (const chunk of chunks) splitter.read(chunk);
  return { packets, malformed };
}

describe.each(framings)('OSC packets in a stream framed by %s', (framing) => {
  const packet = fc
    .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd)), { maxLength: 40 })
    .map((rest) => Uint8Array.of(0x2f, ...rest));

  it('[OS12] come out as they went in, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 5 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        (all, cuts) => {
          const stream = Buffer.concat(all.map((one) => framePacket(framing, one)));
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < stream.length;) {
            const size = Number(cuts.next().value);
            chunks.push(stream.subarray(at, at + size));
            at += size;
          }
          expect(read(framing, chunks)).toEqual({ packets: all, malformed: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('[OS12] may be as large as a megabyte, in many pieces', () => {
    const large = new Uint8Array(packetBytesMax).fill(0x61);
    large[0] = 0x2f;
    const stream = framePacket(framing, large);
    const chunks = [stream.subarray(0, 5), ...splitEvery(stream.subarray(5), 7)];
    const { packets } = read(framing, chunks);
    expect(packets.map((one) => Buffer.from(one).equals(large))).toEqual([true]);
  });

  it('[OS13] end the connection when one is larger than a megabyte', () => {
    const giant = new Uint8Array(packetBytesMax + 1).fill(0x61);
    expect(() => read(framing, [framePacket(framing, giant)])).toThrow(
      expect.objectContaining({ code: 'frame-too-large' }),
    );
  });

  it('[OS13] of the other framing are told from giants', () => {
    const other = framing === 'slip' ? 'length' : 'slip';
    const stream = framePacket(other, Uint8Array.from(Buffer.from('/a\0\0,\0\0\0')));
    expect(() => read(framing, [stream])).toThrow(expect.objectContaining({ code: 'bad-frame' }));
  });

  it('[OS31] from any bytes neither throw but in words nor keep more than they carried', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), (chunks) => {
        try {
          read(framing, chunks);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(bad-frame|frame-too-large)$/) as string });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('SLIP', () => {
  it('[OS12] has a mark at both ends of a packet, and takes streams with one', () => {
    expect(framePacket('slip', Uint8Array.of(0x2f, 0xc0, 0xdb))).toEqual(
      Uint8Array.of(0xc0, 0x2f, 0xdb, 0xdc, 0xdb, 0xdd, 0xc0),
    );
    expect(read('slip', [Buffer.from('/a\xc0/b\xc0\xc0\xc0/c\xc0', 'latin1')]).packets.map(String)).toEqual(
      ['/a', '/b', '/c'].map((text) => String(Uint8Array.from(Buffer.from(text)))),
    );
  });

  it('[OS31] counts a packet with an escape that is none, and reads the next', () => {
    const { packets, malformed } = read('slip', [Buffer.from('\xc0/a\xdbx\xc0\xc0/b\xdb\xc0\xc0/c\xc0', 'latin1')]);
    expect([packets.length, malformed]).toEqual([1, 2]);
  });
});

function splitEvery(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}
