import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { OwedFrames, owedFrameBytes } from '../../../../src-main/core/router/sessions/owed-frames.ts';
import { SharedRoom } from '../../../../src-main/core/bounds/shared-room.ts';
import { publish } from '../router-fixture.ts';

const frame = (address = '/e'): SharedFrame => new SharedFrame(publish('event', address));
const limits = { owedMax: 1000, owedBytesMax: 1_000_000 };

describe('what a client is owed', () => {
  it('[RT301] are the frames of which it has not said that they arrived, in order', () => {
    const owed = new OwedFrames('count', { ...limits, room: new SharedRoom(1_000_000) });
    const frames = Array.from({ length: 5 }, () => frame());
    for (const each of frames) owed.add(each);
    owed.arrived(2);
    owed.arrived(1);
    expect([owed.last, owed.count]).toEqual([5, 3]);
    expect(owed.fitting(1000)).toEqual(frames.slice(2));
    owed.arrived(5);
    expect([owed.last, owed.count, owed.fitting(1000)]).toEqual([5, 0, []]);
  });

  it('[RT303] are at most so many and so many bytes: the oldest go', () => {
    const room = new SharedRoom(1_000_000);
    const owed = new OwedFrames('count', { owedMax: 3, owedBytesMax: 1_000_000, room });
    const frames = Array.from({ length: 5 }, () => frame());
    for (const each of frames) owed.add(each);
    expect([owed.last, owed.fitting(1000)]).toEqual([5, frames.slice(2)]);
    const short = new OwedFrames('count', { owedMax: 1000, owedBytesMax: 3 * (frame().size + owedFrameBytes), room });
    for (const each of frames) short.add(each);
    expect(short.fitting(1000)).toEqual(frames.slice(2));
  });

  it('[RT303] are less of the client that has most, while the room of all is short, and none after its end', () => {
    const size = frame().size + owedFrameBytes;
    const room = new SharedRoom(10 * size);
    const [one, other] = [0, 1].map(() => new OwedFrames('count', { ...limits, room }));
    if (!one || !other) throw new Error('There are two.');
    for (let i = 0; i < 10; i++) one.add(frame());
    for (let i = 0; i < 5; i++) other.add(frame());
    expect([one.count, other.count]).toEqual([10, 5]);
    one.add(frame());
    expect([one.count, other.count]).toEqual([5, 5]);
    one.close();
    other.close();
    expect(room.taken).toBe(0);
  });

  it('[RT303] leave out what does not fit the next connection, and number the rest anew', () => {
    const room = new SharedRoom(1_000_000);
    const owed = new OwedFrames('count', { ...limits, room });
    const [short, long] = [frame(), frame(`/${'e'.repeat(200)}`)];
    for (const each of [short, long, short]) owed.add(each);
    expect([owed.fitting(100), owed.count, owed.last]).toEqual([[short, short], 2, 3]);
    expect(room.taken).toBe(2 * (short.size + owedFrameBytes));
  });

  it('[RT303] give back all the room that they took, whatever comes when', () => {
    const step = fc.oneof(
      fc.record({ add: fc.nat(80) }),
      fc.record({ arrived: fc.nat(300) }),
      fc.record({ fit: fc.nat(90) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const room = new SharedRoom(15_000);
        const owed = new OwedFrames('count', { owedMax: 40, owedBytesMax: 10_000, room });
        for (const each of steps) {
          if ('add' in each) owed.add(frame(`/${'e'.repeat(each.add + 1)}`));
          else if ('arrived' in each) owed.arrived(each.arrived);
          else owed.fitting(each.fit);
          const sizes = owed.fitting(Infinity).map(({ size }) => size + owedFrameBytes);
          expect(room.taken).toBe(sizes.reduce((sum, size) => sum + size, 0));
          expect(owed.count).toBe(sizes.length);
          expect(owed.count).toBeLessThanOrEqual(Math.min(40, owed.last));
        }
        owed.close();
        expect(room.taken).toBe(0);
      }),
    );
  });
});
