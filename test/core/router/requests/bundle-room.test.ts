import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../../src-main/contract/errors.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { BundleRoom, type Waiting } from '../../../../src-main/core/router/requests/bundle-room.ts';
import { RouterFixture, set, type Peer } from '../router-fixture.ts';

const [one, other] = [{ name: 'one' }, { name: 'other' }];
const item = (owner: object, sizeBytes = 1, id?: bigint): Waiting => ({ owner, sizeBytes, id });

/** Enters as many as it is given. */
function fill(room: BundleRoom<Waiting>, owner: object, sizeBytes = 1): Waiting[] {
  const entered: Waiting[] = [];
  try {
    for (;;) {
      const next = item(owner, sizeBytes);
      room.enter(next);
      entered.push(next);
    }
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    return entered;
  }
}

describe('the room that bundles share while they wait', () => {
  it('[RT322] leaves places for others however many one client sends, and gives back what has run', () => {
    const room = new BundleRoom<Waiting>({ scheduledMax: 1000, scheduledBytesMax: 1_000_000 });
    const first = fill(room, one);
    expect([first.length, fill(room, other).length, room.overShareTotal]).toEqual([750, 187, 2]);
    expect(() => room.enter(item(one))).toThrow('750 bundles of this client wait');
    for (const each of first) room.leave(each);
    expect(room.size).toBe(187);
    expect(fill(room, other)).toHaveLength(563);
  });

  it('[RT322] leaves bytes for others too', () => {
    const room = new BundleRoom<Waiting>({ scheduledMax: 1000, scheduledBytesMax: 10_000 });
    expect([fill(room, one, 500).length, fill(room, other, 500).length]).toEqual([15, 3]);
    expect(() => room.enter(item({}, 1001))).toThrow('10000 bytes together');
    room.enter(item({}, 1000));
    expect(() => room.enter(item({}, 1))).toThrow('bytes together');
  });

  it('[RT322] knows those with ids by their owner until they leave', () => {
    const room = new BundleRoom<Waiting>({ scheduledMax: 10, scheduledBytesMax: 100 });
    const known = item(one, 1, 7n);
    room.enter(known);
    expect([room.find(one, 7n), room.find(other, 7n)]).toEqual([known, undefined]);
    room.leave(known);
    expect([room.find(one, 7n), room.size]).toEqual([undefined, 0]);
  });

  it('[RT322] refuses by ERROR 429 and counts who has its share, while another client schedules', async () => {
    const fixture = new RouterFixture({ scheduledMax: 100 });
    const [greedy, modest] = [await fixture.join(), await fixture.join()];
    const schedule = (peer: Peer, count: number): void => {
      const timestamp = BigInt(fixture.clock.nowMicros() + 1_000_000);
      for (let i = 0; i < count; i++) peer.send({ type: messageType.bundle, timestamp, messages: [set('/a', i)] });
    };
    schedule(greedy, 120);
    schedule(modest, 5);
    await fixture.settle();
    expect(greedy.takeOnly(messageType.error)).toMatchObject(Array(45).fill({ code: 429 }));
    expect(modest.takeOnly(messageType.error)).toEqual([]);
    const stats = fixture.router.stats();
    expect(stats).toMatchObject({ scheduled: 80, overShareTotal: 45, refusedTotal: { 429: 45 } });
  });
});
