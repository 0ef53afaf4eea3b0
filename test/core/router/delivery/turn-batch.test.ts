import { describe, expect, it } from 'vitest';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { joinFrames, TurnBatch } from '../../../../src-main/core/router/delivery/turn-batch.ts';
import { publish } from '../router-fixture.ts';

const frames = [1, 2, 3].map((n) => new SharedFrame(publish('event', `/${n}`)));

describe('batch of a turn', () => {
  it('[RT40] is one list for all who got the same frames in a row', () => {
    const root = new TurnBatch();
    const [first, second, third] = frames;
    if (!first || !second || !third) throw new Error('no frames');
    for (let peer = 0; peer < 3; peer++) expect(root.with(0, first).with(1, second)).toBe(root);
    expect(root.frames(2)).toEqual([first, second]);
    expect(root.bytesFor('websocket', 2)).toBe(root.bytesFor('websocket', 2));
    expect(root.bytesFor('websocket', 1)).toEqual(first.bytesFor('websocket'));
    const apart = root.with(1, third);
    expect(root.with(1, third)).toBe(apart);
    expect(apart.frames(2)).toEqual([first, third]);
    expect(apart.with(2, second).frames(3)).toEqual([first, third, second]);
    expect(root.with(0, second).frames(1)).toEqual([second]);
    expect(root.frames(2)).toEqual([first, second]);
  });

  it('[RT40] joins frames byte for byte in each framing', () => {
    for (const framing of ['websocket', 'length32'] as const) {
      const apart = frames.flatMap((frame) => [...frame.bytesFor(framing)]);
      expect([...joinFrames(frames, framing)]).toEqual(apart);
    }
  });
});
