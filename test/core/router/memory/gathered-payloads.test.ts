import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeOnSlab } from '../../../../src-main/core/protocol/frame.ts';
import { frameHeaderBytes } from '../../../../src-main/core/protocol/limits.ts';
import type { PlacedFrame } from '../../../../src-main/ports/placed-frame.ts';
import { GatheredPayloads } from '../../../../src-main/core/router/memory/gathered-payloads.ts';
import { chunkFor } from '../../../../src-main/core/router/memory/signal-chunk.ts';
import { publish } from '../router-fixture.ts';

const frameOf = (size: number): PlacedFrame =>
  encodeOnSlab(publish('event', '/e', { type: 'bytes', value: new Uint8Array(size).fill(size) }));
const payloadOf = ({ slab, start, end }: PlacedFrame): Uint8Array => slab.slice(start + frameHeaderBytes, end);

describe('gathered payloads', () => {
  it('[RT162] are those of the frames, side by side or with others between them, over any number of slabs', () => {
    const frame = fc.record({ size: fc.integer({ min: 0, max: 6000 }), isGathered: fc.boolean() });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 200 }), (frames) => {
        const gathered = new GatheredPayloads(64);
        const wanted: Uint8Array[] = [];
        for (const { size, isGathered } of frames) {
          const one = frameOf(size);
          if (!isGathered || !gathered.hasRoomFor(one)) continue;
          expect(gathered.add(one)).toBe(wanted.length);
          wanted.push(payloadOf(one));
        }
        const chunk = chunkFor(gathered.count, gathered.gather());
        gathered.moveTo(chunk);
        expect(wanted.map((_, i) => chunk.bytes.slice(chunk.starts[i], chunk.ends[i]))).toEqual(wanted);
        expect(gathered.count).toBe(0);
      }),
    );
  });

  it('[RT162] have room for one of any size, and for no more than a frame carries', () => {
    const gathered = new GatheredPayloads(1000);
    gathered.add(frameOf(65_000));
    expect(gathered.hasRoomFor(frameOf(400))).toBe(true);
    expect(gathered.hasRoomFor(frameOf(600))).toBe(false);
  });
});
