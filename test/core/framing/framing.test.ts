import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createFrameReader,
  encodeFrame,
  frameFault,
  headOf,
  type Framing,
} from '../../../src-main/core/framing/framing.ts';
import type { FrameFault } from '../../../src-main/core/framing/frame-reader.ts';
import { seededChance, wholeNumber } from '../../seeded-chance.ts';

const none = new Uint8Array();
const sized = { by: 'length', lengthBytes: 1, order: 'big', countsItself: false, leavesOutBytes: 0 } as const;
const framings: readonly (readonly [string, Framing])[] = [
  ['any line end', { by: 'delimiter', delimiter: none }],
  ['CR LF', { by: 'delimiter', delimiter: Uint8Array.of(13, 10) }],
  ['a mark that begins as it ends', { by: 'delimiter', delimiter: Uint8Array.of(1, 1, 2) }],
  ['a size of 6', { by: 'fixed', sizeBytes: 6, start: none }],
  ['a size of 6 behind 7E', { by: 'fixed', sizeBytes: 6, start: Uint8Array.of(0x7e) }],
  ['a length', { ...sized, start: none }],
  ['a length of 2 bytes behind AA 55', { ...sized, start: Uint8Array.of(0xaa, 0x55), lengthBytes: 2, order: 'little' }],
  ['a length of 4 bytes that counts itself', { ...sized, start: none, lengthBytes: 4, countsItself: true }],
  ['a length that leaves 2 out', { ...sized, start: Uint8Array.of(2), leavesOutBytes: 2 }],
  ['silence', { by: 'gap' }],
  ['COBS', { by: 'cobs' }],
  ['SLIP', { by: 'slip' }],
];
const bytesMax = 600;

interface Seen {
  readonly frames: Uint8Array[];
  readonly faults: FrameFault[];
}

/** @param chunks undefined for silence */
function read(framing: Framing, chunks: readonly (Uint8Array | undefined)[], isGood = true): Seen {
  const seen: Seen = { frames: [], faults: [] };
  const reader = createFrameReader(
    framing,
    { bytesMax, hasPauses: true },
    {
      onFrame: (frame, headBytes) => {
        seen.frames.push(Uint8Array.from(frame.subarray(headBytes)));
        return isGood;
      },
      onFault: (why) => seen.faults.push(why),
    },
  );
  for (const chunk of chunks) {
    if (chunk) reader.read(chunk);
    else reader.pause();
  }
  return seen;
}

function streamOf(framing: Framing, message: Uint8Array): Uint8Array {
  const stream = encodeFrame(framing, Buffer.concat([headOf(framing, message.length), message]));
  const isLine = framing.by === 'delimiter' && framing.delimiter.length === 0;
  return isLine ? Buffer.concat([stream, Buffer.from([13, 10])]) : stream;
}

/** Messages that the framing can carry. */
function messageOf(framing: Framing): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0, 1, 2, 10, 13, 0x7e, 0xc0, 0xdb, 0xdc, 0xdd),
  );
  if (framing.by === 'fixed')
    return fc
      .array(byte, { minLength: 6 - framing.start.length, maxLength: 6 - framing.start.length })
      .map((rest) => Uint8Array.of(...framing.start, ...rest));
  const size = framing.by === 'length' && framing.lengthBytes === 1 ? 250 : 400;
  return fc
    .oneof(
      fc.array(byte, { minLength: 2, maxLength: size }),
      fc.array(fc.constant(7), { minLength: 2, maxLength: size }),
    )
    .map((bytes) => Uint8Array.from(bytes))
    .filter((bytes) => frameFault(framing, bytes) === undefined)
    .filter((bytes) => framing.by !== 'delimiter' || !/[\r\n\x01]/.test(Buffer.from(bytes).toString('latin1')));
}

function cut(stream: Uint8Array, sizes: Iterator<number>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length;) {
    const size = Number(sizes.next().value);
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe.each(framings)('messages told apart by %s', (_name, framing) => {
  it('[SL1] come out as they went in, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(messageOf(framing), { maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        (messages, sizes) => {
          const chunks = messages.flatMap((message) => [
            ...cut(streamOf(framing, message), sizes),
            ...(framing.by === 'gap' ? [undefined] : []),
          ]);
          expect(read(framing, chunks)).toEqual({ frames: messages, faults: [] });
        },
      ),
      { seed: 20261123, numRuns: 200 },
    );
  });

  const seeds = Array.from({ length: 12 }, (_each, i) => 1123 + i);
  it.each(seeds)('[SL2] are found again after garbage, and garbage is bounded (seed %i)', (seed) => {
    const chance = seededChance(seed);
    const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => wholeNumber(chance, 0, 255));
    const chunks: (Uint8Array | undefined)[] = [];
    for (let i = 0; i < 200; i++) chunks.push(noise(wholeNumber(chance, 1, 300)));
    const { frames } = read(framing, chunks);
    expect(frames.every(({ length }) => length <= bytesMax)).toBe(true);
    // Silence, and a mark, a message or two that end whatever the garbage had begun.
    const good = Buffer.from([0x7e, 0xaa, 3, 4, 5, 6]);
    const mark = { delimiter: markOf(framing), cobs: [0], slip: [0xc0], fixed: [], length: [], gap: [] }[framing.by];
    const tail = [undefined, Uint8Array.from(mark), streamOf(framing, good), undefined];
    const after = read(framing, [...chunks, ...tail]);
    expect(Buffer.from(after.frames.at(-1) ?? none).toString('hex')).toBe(good.toString('hex'));
  });
});

function markOf(framing: Framing): readonly number[] {
  if (framing.by !== 'delimiter') return [];
  return framing.delimiter.length > 0 ? [...framing.delimiter] : [10];
}

describe('what is no message', () => {
  const line: Framing = { by: 'delimiter', delimiter: none };
  const long = new Uint8Array(5000).fill(65);

  it.each<[string, Framing, (Uint8Array | undefined)[], FrameFault[]]>([
    ['a line without an end', line, [long, Uint8Array.of(10)], ['too-long']],
    ['two of them', line, [long, Uint8Array.of(10), long, Uint8Array.of(10)], ['too-long', 'too-long']],
    ['a SLIP frame without an end', { by: 'slip' }, [Uint8Array.of(0xc0), long, Uint8Array.of(0xc0)], ['too-long']],
    ['an escape that means nothing', { by: 'slip' }, [Uint8Array.of(0xc0, 1, 0xdb, 1, 0xc0)], ['malformed']],
    ['a COBS frame without an end', { by: 'cobs' }, [long, Uint8Array.of(0)], ['too-long']],
    ['a COBS code beyond the frame', { by: 'cobs' }, [Uint8Array.of(9, 1, 2, 0)], ['malformed']],
    ['what comes without a pause', { by: 'gap' }, [long, long, undefined], ['too-long']],
    ['half a message', { by: 'fixed', sizeBytes: 4, start: none }, [Uint8Array.of(1, 2), undefined], ['cut-short']],
    [
      'noise before a beginning',
      { by: 'fixed', sizeBytes: 2, start: Uint8Array.of(0x7e) },
      [Uint8Array.of(1, 2), Uint8Array.of(3, 0x7e, 4), Uint8Array.of(5)],
      ['skipped', 'skipped'],
    ],
    [
      'a length that is too large',
      { ...sized, start: none, lengthBytes: 2 },
      [Uint8Array.of(255, 255, 1)],
      ['too-long'],
    ],
    [
      'a length smaller than itself',
      { ...sized, start: none, lengthBytes: 2, countsItself: true },
      [Uint8Array.of(0, 1)],
      ['bad-length'],
    ],
  ])('[SL3] is told by why, once: %s', (_name, framing, chunks, faults) => {
    expect(read(framing, chunks).faults).toEqual(faults);
  });

  it('[SL2] is passed over to the next beginning where a message was none after all', () => {
    // The first 7E is noise, and the message that it seems to begin swallows the true beginning.
    const stream = Uint8Array.of(0x7e, 0x7e, 1, 2, 3);
    const framing: Framing = { by: 'fixed', sizeBytes: 4, start: Uint8Array.of(0x7e) };
    const found = read(framing, [stream], false).frames.map((frame) => [...frame]);
    expect(found).toEqual([
      [0x7e, 0x7e, 1, 2],
      [0x7e, 1, 2, 3],
    ]);
  });

  it('[SL2] with a length and no beginning is passed over up to the next silence', () => {
    const framing: Framing = { ...sized, start: none, lengthBytes: 2 };
    const seen = read(framing, [
      Uint8Array.of(255, 255, 0, 1, 9),
      Uint8Array.of(0, 1, 9),
      undefined,
      Uint8Array.of(0, 1, 7),
    ]);
    expect(seen.frames.map((frame) => [...frame])).toEqual([[7]]);
    expect(seen.faults).toEqual(['too-long']);
  });
});

describe('a message that is sent', () => {
  it('[SL13] is refused where it holds what ends one, or is longer than its length can say', () => {
    const mark: Framing = { by: 'delimiter', delimiter: Uint8Array.of(13, 10) };
    expect(frameFault(mark, Buffer.from('a\r\nb'))).toBe('it holds what ends a message');
    expect(frameFault(mark, Buffer.from('a\rb\n'))).toBeUndefined();
    const short: Framing = { ...sized, start: Uint8Array.of(2) };
    expect(frameFault(short, new Uint8Array(2 + 255))).toBeUndefined();
    expect(frameFault(short, new Uint8Array(2 + 256))).toBe('it is longer than its length can say');
  });
});
