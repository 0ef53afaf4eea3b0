import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameFor } from '../../src-main/core/protocol/framing.ts';
import { bytesOfFrame } from '../../src-main/ports/placed-frame.ts';
import { LengthSplitter } from '../../src-main/transports/frame-splitter.ts';

/** Feeds bytes in pieces that end where told. @returns the frames, as text */
function split(bytes: Uint8Array, ends: readonly number[] = []): string[] {
  const frames: string[] = [];
  const splitter = new LengthSplitter((frame) => frames.push(Buffer.from(bytesOfFrame(frame)).toString('hex')));
  let from = 0;
  for (const end of [...ends.toSorted((a, b) => a - b), bytes.length]) {
    // A copy: chunks belong to the splitter.
    splitter.read(Buffer.from(bytes.subarray(from, end)));
    from = end;
  }
  return frames;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('frames behind their lengths', () => {
  it('[TP1] are told apart whatever their size, wherever chunks end', () => {
    const frames = fc.array(fc.uint8Array({ minLength: 4, maxLength: 400 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.array(fc.nat(4000), { maxLength: 12 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map((frame) => frameFor('length32', frame)));
        const ends = cuts.map((cut) => cut % (bytes.length + 1));
        expect(split(bytes, ends)).toEqual(sent.map(hex));
      }),
    );
    const large = Uint8Array.from({ length: 65_547 }, (_, i) => i % 251);
    expect(split(frameFor('length32', large), [1, 3, 4, 5, 4000])).toEqual([hex(large)]);
    const crumbs = frameFor('length32', Uint8Array.of(1, 2, 3, 4));
    expect(split(crumbs, [...crumbs.keys()])).toEqual(['01020304']);
  });

  it.each([
    [0, [0, 0, 0, 0]],
    [3, [0, 0, 0, 3]],
    [65_548, [0, 1, 0, 0x0c]],
    [0x5301_0001, [0x53, 1, 0, 1]],
    [0x4745_5420, [...Buffer.from('GET ')]],
    [0xffff_ffff, [255, 255, 255, 255]],
  ])('[TP24] end with a length of %i, and those before it were read', (size, bytes) => {
    const frames: number[] = [];
    const splitter = new LengthSplitter((frame) => frames.push(frame.end - frame.start));
    const good = frameFor('length32', new Uint8Array(9));
    expect(() => splitter.read(Buffer.from([...good, ...bytes, 1, 2, 3]))).toThrow(
      expect.objectContaining({ code: 'bad-length', message: expect.stringContaining(`claims ${size}.`) as string }),
    );
    expect(frames).toEqual([9]);
  });
});
