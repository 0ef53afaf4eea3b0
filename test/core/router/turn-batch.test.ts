import { describe, expect, it } from 'vitest';
import { SharedFrame } from '../../../src-main/core/router/shared-frame.ts';
import { joinFrames, TurnBatch } from '../../../src-main/core/router/turn-batch.ts';
import { publish } from './router-fixture.ts';

const frames = [1, 2, 3].map((n) => new SharedFrame(publish('event', `/${n}`)));

describe('batch of a turn', () => {
  it('[RT40] is one place for all who got the same frames in a row', () => {
    const root = new TurnBatch();
    const [first, second] = frames;
    if (!first || !second) throw new Error('no frames');
    const here = root.with(first).with(second);
    expect(root.with(first).with(second)).toBe(here);
    expect(here.frames()).toEqual([first, second]);
    expect(here.bytesFor('websocket')).toBe(here.bytesFor('websocket'));
    expect(root.with(second).frames()).toEqual([second]);
    expect(here.frames()).toEqual([first, second]);
  });

  it('[RT40] joins frames byte for byte in each framing', () => {
    for (const framing of ['websocket', 'length32'] as const) {
      const apart = frames.flatMap((frame) => [...frame.bytesFor(framing)]);
      expect([...joinFrames(frames, framing)]).toEqual(apart);
    }
  });
});
