import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { SignalLane, type Kept } from '../../../../src-main/core/router/memory/signal-lane.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { publish } from '../router-fixture.ts';

const address = parseAddress('/e');
/** Counts from a first number on, as the one over all lanes does. */
function from(first: number): () => number {
  let order = first;
  return () => order++;
}

const all = { mask: 0xff, after: -1, limit: 1e9, bytesMax: 1e9 };

function laneOf(count: number, bytesMax = 1e9, text = 0): SignalLane {
  const lane = new SignalLane({ countMax: 1e9, bytesMax }, 0, from(1));
  for (let n = 1; n <= count; n++) {
    const message = publish('event', '/e', { type: 'string', value: 'x'.repeat(text) });
    lane.add(new SharedFrame(message), { address, bit: 0x02 }, n);
  }
  return lane;
}
const orders = (kept: readonly Kept[]): number[] => kept.map(({ order }) => order);

describe('a half of the memory', () => {
  it('[RT162] gives the newest first, whether or not it is read in between', () => {
    const lane = laneOf(3);
    expect(orders(lane.newest(all, () => true))).toEqual([3, 2, 1]);
    lane.add(new SharedFrame(publish('event', '/e')), { address, bit: 0x02 }, 4);
    expect(orders(lane.newest(all, () => true))).toEqual([4, 3, 2, 1]);
    expect(orders(lane.newest(all, () => false))).toEqual([]);
    expect(lane.missingUpTo).toBe(0);
  });

  it('[RT162] takes signals of any size a frame carries, and forgets the oldest for their bytes', () => {
    const lane = laneOf(40, 1_000_000, 60_000);
    const left = orders(lane.newest(all, () => true));
    expect(left[0]).toBe(40);
    expect(left.length).toBeGreaterThan(10);
    expect(left.length).toBeLessThan(17);
    expect(lane.missingUpTo).toBe(40 - left.length);
  });

  it('[RT162] remembers each as it was, in memory that forgotten ones had before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const lane = new SignalLane({ countMax: 3000, bytesMax: 1e9 }, 0, from(0));
        const texts = Array.from({ length: 8000 }, (_, n) => `${n}${'x'.repeat(sizes[n % sizes.length] ?? 0)}`);
        texts.forEach((value, n) => {
          const frame = new SharedFrame(publish('event', '/e', { type: 'string', value }));
          lane.add(frame, { address, bit: 0x02 }, n);
        });
        const left = lane
          .newest(all, () => true)
          .map(({ bytes, start, end, order }) => {
            return [
              order,
              Buffer.from(bytes.subarray(start, end))
                .toString()
                .includes(texts[order] ?? '?'),
            ];
          });
        expect(left.length).toBeGreaterThan(1900);
        expect(left).toEqual(left.map((_, i) => [7999 - i, true]));
      }),
      { numRuns: 20 },
    );
  });

  it('[RT350] tells each address once for each kind, the last heard in front', () => {
    const lane = new SignalLane({ countMax: 1e9, bytesMax: 1e9 }, 0, from(0));
    const heard = (address: string, kind: 'event' | 'stream', bit: number): void => {
      lane.add(new SharedFrame(publish(kind, address)), { address: parseAddress(address), bit }, 1);
    };
    for (let n = 0; n < 3000; n++) heard('/a', 'event', 0x02);
    heard('/b', 'stream', 0x04);
    for (let n = 0; n < 1500; n++) heard('/c', 'event', 0x02);
    heard('/a', 'stream', 0x04);
    const told = (mask: number): unknown[] =>
      [...lane.heard(mask)].flatMap((one) => (one ? [[one.address, one.bits]] : []));
    expect(told(0x06)).toEqual([
      ['/a', 0x04],
      ['/c', 0x02],
      ['/b', 0x04],
      ['/a', 0x02],
    ]);
    expect(told(0x04)).toEqual([
      ['/a', 0x04],
      ['/b', 0x04],
    ]);
  });

  it('[RT351] tells of what stays while others come and go, and ends where the rest was forgotten', () => {
    const lane = new SignalLane({ countMax: 4096, bytesMax: 1e9 }, 0, from(0));
    const fill = (from: number, count: number): void => {
      for (let n = from; n < from + count; n++) {
        const address = parseAddress(`/${n}`);
        lane.add(new SharedFrame(publish('event', address)), { address, bit: 0x02 }, n);
      }
    };
    fill(0, 4096);
    const reading = lane.heard(0x02);
    const told = Array.from({ length: 100 }, () => reading.next().value?.address);
    fill(4096, 2048);
    for (const one of reading) if (one) told.push(one.address);
    // One chunk of 1024 went, and the second of the new ones is not full yet.
    expect(told).toEqual(
      [3, 2, 1].flatMap((chunk) => Array.from({ length: 1024 }, (_, n) => `/${chunk * 1024 + 1023 - n}`)),
    );
  });
});
