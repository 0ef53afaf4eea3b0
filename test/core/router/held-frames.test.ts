import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldFrames } from '../../../src-main/core/router/held-frames.ts';
import { SharedFrame } from '../../../src-main/core/router/shared-frame.ts';
import { publish, set } from './router-fixture.ts';

const addresses = fc.constantFrom('/a', '/b', '/c');
const frames = fc.oneof(
  addresses.map((address) => new SharedFrame(publish('event', address))),
  addresses.map((address) => new SharedFrame(publish('stream', address))),
  addresses.map((address) => new SharedFrame(set(address, 1))),
  addresses.map((address) => new SharedFrame(set(address, 1, { lock: true }))),
);

describe('frames held for a slow peer', () => {
  it('[RT43] keep their order, every frame that must be kept, and the newest of every address', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 120 }), (given) => {
        const held = new HeldFrames({ outboxMessagesMax: 1000, outboxBytesMax: 1500 });
        let shed = 0;
        for (const frame of given) shed += held.add(frame);
        const kept = held.first(Infinity);
        expect(kept.length + shed).toBe(given.length);
        expect(kept.map((frame) => given.indexOf(frame))).toEqual(
          kept.map((frame) => given.indexOf(frame)).sort((a, b) => a - b),
        );
        for (const frame of given.filter(({ shedding }) => shedding === 'keep')) expect(kept).toContain(frame);
        for (const address of ['/a', '/b', '/c']) {
          const values = given.filter((frame) => frame.shedding === 'newest-value' && frame.address === address);
          const newest = values.at(-1);
          if (newest) expect(kept).toContain(newest);
        }
        expect(held.sizeBytes).toBe(kept.reduce((sum, { bytes }) => sum + bytes.length, 0));
      }),
      { numRuns: 1000, seed: 20_261_121 },
    );
  });

  it('[RT43] leave from the front, and are forgotten when the session ends', () => {
    const held = new HeldFrames({ outboxMessagesMax: 100, outboxBytesMax: 100_000 });
    const given = [1, 2, 3].map((n) => new SharedFrame(publish('event', `/${n}`)));
    for (const frame of given) held.add(frame);
    expect(held.first(1)).toEqual(given.slice(0, 1));
    held.remove(2);
    expect(held.first(1000)).toEqual(given.slice(2));
    held.clear();
    expect([held.count, held.sizeBytes, held.takeNotice()]).toEqual([0, 0, undefined]);
  });
});
