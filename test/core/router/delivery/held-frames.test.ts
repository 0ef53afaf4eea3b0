import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLeftOut, tryLeftOut } from '../../../../src-main/core/protocol/left-out.ts';
import { decodeFrame } from '../../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { RouterCounters } from '../../../../src-main/core/router/counters.ts';
import { HeldFrames, type HeldLimits } from '../../../../src-main/core/router/delivery/held-frames.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { gesture, publish, set } from '../router-fixture.ts';

const addresses = fc.constantFrom('/a', '/b', '/c');
const fingers = fc.constantFrom(1, 2);
const frames = fc.oneof(
  addresses.map((address) => new SharedFrame(publish('event', address))),
  addresses.map((address) => new SharedFrame(publish('stream', address))),
  addresses.map((address) => new SharedFrame(set(address, 1))),
  addresses.map((address) => new SharedFrame(set(address, 1, { lock: true }))),
  addresses.map((address) => new SharedFrame(set(address, 1), { isWhole: true })),
  fc
    .tuple(fc.constantFrom('start' as const, 'end' as const, 'cancel' as const), fingers)
    .map(([phase, id]) => new SharedFrame(gesture(phase, 1, id))),
  fingers.map((id) => new SharedFrame(gesture('move', 1, id))),
  fingers.map((id) => new SharedFrame(gesture('move', 1, id))),
);
const isKept = ({ shedding }: SharedFrame): boolean => shedding === 'keep' || shedding === 'ends-moves';

function hold(limits: Partial<HeldLimits> = {}): { readonly held: HeldFrames; readonly counters: RouterCounters } {
  const counters = new RouterCounters();
  const all = { outboxMessagesMax: 1000, outboxBytesMax: 1_000_000, ...limits };
  return { held: new HeldFrames(all, (reason, count) => counters.drop(reason, count)), counters };
}

/** What waits, without the notice. */
function waiting(held: HeldFrames): readonly SharedFrame[] {
  return held.first(Infinity).filter(({ bytes }) => decodeFrame(bytes).message.type !== messageType.error);
}

describe('frames held for a slow peer', () => {
  it('[TP94] give way to newer values at once where the wire carries little', () => {
    for (const yieldsAtOnce of [false, true]) {
      const { held, counters } = hold({ yieldsAtOnce });
      const newest = [new SharedFrame(set('/a', 3)), new SharedFrame(gesture('move', 3, 1))];
      for (const n of [1, 2])
        for (const frame of [set('/a', n), gesture('move', n, 1)]) held.add(new SharedFrame(frame));
      for (const frame of newest) held.add(frame);
      expect([held.count, counters.dropped.value, counters.dropped.move]).toEqual(yieldsAtOnce ? [2, 2, 2] : [6, 0, 0]);
      expect(waiting(held).slice(-2)).toEqual(newest);
    }
  });

  it('[RT43] keep their order, every frame that must be kept, and the newest value of every param', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 120 }), (given) => {
        const { held, counters } = hold({ outboxBytesMax: 1500 });
        for (const frame of given) held.add(frame);
        const kept = waiting(held);
        expect(kept.length + counters.droppedTotal).toBe(given.length);
        expect(kept.map((frame) => given.indexOf(frame))).toEqual(
          kept.map((frame) => given.indexOf(frame)).sort((a, b) => a - b),
        );
        for (const frame of given.filter(isKept)) expect(kept).toContain(frame);
        for (const address of ['/a', '/b', '/c']) {
          const values = given.filter((frame) => frame.shedding === 'newest-value' && frame.address === address);
          const newest = values.at(-1);
          if (newest) expect(kept).toContain(newest);
        }
        expect(held.sizeBytes).toBe(kept.reduce((sum, { bytes }) => sum + bytes.length, 0));
        expect(held.leftOut).toEqual({
          samples: counters.dropped.sample,
          moves: counters.dropped.move,
          values: counters.dropped.value,
        });
      }),
      { numRuns: 1000, seed: 20_261_121 },
    );
  });

  it('[RT200] give way in this order: samples at once, moves from an eighth of the bounds, values from a quarter', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 200 }), (given) => {
        const { held, counters } = hold({ outboxMessagesMax: 160 });
        for (const frame of given) {
          const before = { count: held.count, ...counters.dropped };
          held.add(frame);
          const { sample, move, value } = counters.dropped;
          if (move > before.move) expect(before.count).toBeGreaterThan(20);
          if (value > before.value) expect(before.count).toBeGreaterThan(40);
          if (frame.shedding === 'newest-sample') expect([move, value]).toEqual([before.move, before.value]);
          if (frame.shedding === 'newest-move' && held.count < 160) expect(sample).toBe(before.sample);
        }
        const samples = waiting(held).filter(({ shedding }) => shedding === 'newest-sample');
        expect(new Set(samples.map(({ address }) => address)).size).toBe(samples.length);
      }),
      { numRuns: 1000, seed: 20_261_122 },
    );
  });

  it('[RT200] keep the last move of each gesture, and none of one for another', () => {
    const { held, counters } = hold({ outboxMessagesMax: 16 });
    const move = (n: number, id = 1): SharedFrame => new SharedFrame(gesture('move', n, id));
    for (let n = 0; n < 3; n++) held.add(move(n));
    const [last, other, next] = [move(3), move(1, 2), move(5)];
    const end = new SharedFrame(gesture('end', 4));
    for (const frame of [move(9), last, move(0, 2), other, end, move(6), next]) held.add(frame);
    expect(waiting(held).slice(3)).toEqual([last, other, end, next]);
    expect(counters.dropped).toMatchObject({ move: 3, sample: 0, value: 0 });
  });

  it('[RT201] lose all samples at the bound, then all moves, and nothing else', () => {
    const { held, counters } = hold({ outboxMessagesMax: 10 });
    for (let n = 0; n < 4; n++) held.add(new SharedFrame(publish('stream', `/s/${n}`)));
    for (let id = 0; id < 4; id++) held.add(new SharedFrame(gesture('move', 1, id)));
    for (let n = 0; n < 3; n++) held.add(new SharedFrame(publish('event', '/e', n)));
    expect([counters.dropped.sample, counters.dropped.move, held.isOver]).toEqual([4, 0, false]);
    for (let n = 0; n < 4; n++) held.add(new SharedFrame(publish('event', '/e', n)));
    expect([counters.dropped.sample, counters.dropped.move, held.isOver]).toEqual([4, 4, false]);
    for (let n = 0; n < 4; n++) held.add(new SharedFrame(publish('event', '/e', n)));
    expect([held.count, held.isOver]).toEqual([11, true]);
  });

  it('[RT43] leave from the front, behind what tells of those left out, and are forgotten when the session ends', () => {
    const { held } = hold({ outboxMessagesMax: 100 });
    const given = [1, 2, 3].map((n) => new SharedFrame(publish('event', `/${n}`)));
    for (let n = 0; n < 3; n++) held.add(new SharedFrame(publish('stream', '/s', n)));
    for (const frame of given) held.add(frame);
    const [notice] = held.first(1);
    const message = decodeFrame(notice!.bytes).message;
    if (message.type !== messageType.error) throw new Error('expected ERROR');
    expect(tryLeftOut(message.message)).toEqual({ samples: 2, moves: 0, values: 0 });
    held.remove(2);
    expect(held.first(1)).toEqual(given.slice(0, 1));
    held.remove(2);
    expect(held.first(1000)).toEqual(given.slice(2));
    held.clear();
    expect([held.count, held.sizeBytes, countLeftOut(held.leftOut)]).toEqual([0, 0, 0]);
  });
});
