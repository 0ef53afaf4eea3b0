import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfFrame } from '../../src-main/ports/placed-frame.ts';
import { HeaderSplitter } from '../../src-main/transports/header-splitter.ts';
import { shapeFrame } from '../conformance/shape-frame.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Feeds bytes in pieces that end where told. @returns the frames, as hex */
function split(bytes: Uint8Array, ends: readonly number[] = []): string[] {
  const frames: string[] = [];
  const splitter = new HeaderSplitter((frame) => frames.push(hex(bytesOfFrame(frame))));
  let from = 0;
  for (const end of [...ends.toSorted((a, b) => a - b), bytes.length]) {
    // A copy: chunks belong to the splitter.
    splitter.read(Buffer.from(bytes.subarray(from, end)));
    from = end;
  }
  return frames;
}

describe('frames one behind the other', () => {
  it('[TP44] are told apart whatever their size, wherever chunks end', () => {
    const frame = fc.uint8Array({ minLength: 4, maxLength: 400 }).map(shapeFrame);
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(4000), { maxLength: 12 }),
        (sent, cuts) => {
          const bytes = Buffer.concat(sent);
          const ends = cuts.map((cut) => cut % (bytes.length + 1));
          expect(split(bytes, ends)).toEqual(sent.map(hex));
        },
      ),
    );
    const crumbs = shapeFrame(new Uint8Array(9));
    expect(split(crumbs, [...crumbs.keys()])).toEqual([hex(crumbs)]);
  });

  it('[TP44] are as long as their headers say, with a timestamp or without', () => {
    const timed = Uint8Array.from([0x53, 0x61, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0x41]);
    const plain = Uint8Array.from([0x53, 0x01, 0, 1, 0x41]);
    expect(split(Buffer.concat([timed, plain, timed]), [13])).toEqual([timed, plain, timed].map(hex));
    const largest = shapeFrame(new Uint8Array(65_547).fill(7));
    expect(split(Buffer.concat([largest, plain]), [3, 70, 65_540])).toEqual([largest, plain].map(hex));
  });

  it.each([
    [0x00, 'got 0x00.'],
    [0x47, 'got 0x47.'],
    [0xff, 'got 0xff.'],
  ])('[TP24] end with the byte %i, and those before it were read', (byte, words) => {
    const frames: number[] = [];
    const splitter = new HeaderSplitter((frame) => frames.push(frame.end - frame.start));
    const good = shapeFrame(new Uint8Array(9));
    expect(() => splitter.read(Buffer.from([...good, byte]))).toThrow(
      expect.objectContaining({ code: 'bad-frame', message: expect.stringContaining(words) as string }),
    );
    expect(frames).toEqual([9]);
  });
});
