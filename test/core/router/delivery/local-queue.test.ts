import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { micros } from '../../../../src-main/contract/units.ts';
import type { Delivery } from '../../../../src-main/core/router/delivery/delivery.ts';
import { LocalQueue, type LocalReceiver } from '../../../../src-main/core/router/delivery/local-queue.ts';
import { silentLog } from '../../../silent-log.ts';

const delivery = (n: number): Delivery => ({
  signal: { kind: 'event', address: parseAddress('/a'), value: f64(n) },
  from: 'x',
  fromLocal: true,
  at: micros(n),
});

function setup(limits = { localDeliveriesPerTurnMax: 4, localPendingMax: 8 }): Setup {
  const deferred: (() => void)[] = [];
  const shed: number[] = [];
  const queue = new LocalQueue({
    defer: (run) => deferred.push(run),
    log: silentLog,
    limits,
    onShed: (count) => shed.push(count),
  });
  const seen: number[][] = [];
  const receiver: LocalReceiver = {
    name: 'r',
    run: (deliveries) => seen.push(deliveries.map(({ at }) => at)),
    pending: [],
    isClosed: false,
  };
  return { queue, receiver, seen, deferred, shed };
}
interface Setup {
  readonly queue: LocalQueue;
  readonly receiver: LocalReceiver;
  readonly seen: number[][];
  readonly deferred: (() => void)[];
  readonly shed: number[];
}

describe('queue of local deliveries', () => {
  it('[RT62] hands over at most so many in a turn, the rest in the next, in order', () => {
    const { queue, receiver, seen, deferred } = setup();
    for (let n = 0; n < 6; n++) queue.add(receiver, delivery(n));
    queue.drain();
    expect(seen).toEqual([[0, 1, 2, 3]]);
    queue.add(receiver, delivery(6));
    queue.drain();
    expect(seen).toHaveLength(1);
    deferred.shift()?.();
    expect(seen).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
    ]);
    expect(deferred).toEqual([]);
  });

  it('[RT62] sheds what is past the limit of one receiver', () => {
    const { queue, receiver, seen, deferred, shed } = setup();
    for (let n = 0; n < 11; n++) queue.add(receiver, delivery(n));
    queue.drain();
    deferred.shift()?.();
    expect(seen.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(shed).toEqual([1, 1, 1]);
  });

  it('[RT60] gives a receiver that has ended nothing more, also of what was waiting', () => {
    const { queue, receiver, seen } = setup();
    queue.add(receiver, delivery(1));
    receiver.isClosed = true;
    queue.add(receiver, delivery(2));
    queue.drain();
    expect(seen).toEqual([]);
  });
});
