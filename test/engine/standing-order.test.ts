import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src-main/contract/signal.ts';
import { micros } from '../../src-main/contract/units.ts';
import type { TimedSignal } from '../../src-main/core/router/memory/stream-memory.ts';
import { inOrder, lookMax, wholeOf } from '../../src-main/engine/standing-order.ts';
import { param } from './supervisor-bench.ts';

const at = (address: string, time: number): TimedSignal => ({ signal: param(address, time), at: micros(time) });
const addressesOf = (signals: Iterable<Signal | undefined>): string[] =>
  [...signals].flatMap((signal) => signal?.address ?? []);

describe('the order of what stands', () => {
  it('[SU15] has what was held between what was sent until then and what was sent after, all in the order of time', () => {
    const standing = Object.entries({ '/a': 30, '/b': 10, '/c': 21, '/d': 20, '/e': 0 }).map(([path, time]) =>
      at(path, time),
    );
    const held = [at('/later', 25), at('/held', 20)];
    expect(addressesOf(wholeOf([...standing, ...held]))).toEqual(['/e', '/b', '/d', '/held', '/c', '/later', '/a']);
  });

  it('[SU70] is made a little at a time, also where most is looked at in vain', () => {
    const count = 5 * lookMax + 7;
    const times = Array.from({ length: count }, (_, i) => (i * 7919) % count);
    let looked = 0;
    function* found(): Generator<TimedSignal | undefined> {
      for (const time of times) {
        looked++;
        yield time % 3 > 0 ? undefined : at(`/x/${time}`, time);
      }
    }
    const order = inOrder(found());
    for (let turn = 1; turn <= 5; turn++) {
      expect([order.next().value, looked]).toEqual([undefined, turn * lookMax]);
    }
    const wanted = times.filter((time) => time % 3 === 0).toSorted((left, right) => left - right);
    expect(addressesOf(order)).toEqual(wanted.map((time) => `/x/${time}`));
  });

  it('[SU70] is at once there where little stands, and nothing where nothing does', () => {
    expect(inOrder([at('/a', 1)]).next().value).toMatchObject({ address: '/a' });
    expect(inOrder([])[Symbol.iterator]().next().done).toBe(true);
  });
});
