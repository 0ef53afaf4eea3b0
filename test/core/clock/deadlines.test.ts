import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { Deadlines } from '../../../src-main/core/clock/deadlines.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function bench(more: { itemsMax?: number; perTurnMax?: number } = {}) {
  const clock = new SimulatedClock(0);
  const ran: [at: number, item: string][] = [];
  const deadlines: Deadlines<string> = new Deadlines({
    clock,
    itemsMax: 100,
    perTurnMax: 100,
    ...more,
    run: (item) => void ran.push([clock.nowMicros(), item]),
  });
  return { clock, deadlines, ran };
}

describe('things that happen at their instants', () => {
  it('[CK25] run on one timer for all, each at its time, and leave none behind', () => {
    const { clock, deadlines, ran } = bench();
    for (const at of [3000, 1000, 2000, 1000]) deadlines.add(micros(at), `${at}`);
    expect([clock.waiting, ran.length]).toEqual([1, 0]);
    clock.advance(10);
    expect(ran).toEqual([
      [1000, '1000'],
      [1000, '1000'],
      [2000, '2000'],
      [3000, '3000'],
    ]);
    expect([clock.waiting, deadlines.size]).toEqual([0, 0]);
  });

  it('[CK25] of the past run as soon as possible, never inside the call', () => {
    const { clock, deadlines, ran } = bench();
    clock.advance(5);
    deadlines.add(micros(1), 'past');
    expect(ran).toEqual([]);
    clock.advance(0);
    expect(ran).toEqual([[5000, 'past']]);
  });

  it('[CK25] run a bounded number in one turn, the rest in the next, in their order', () => {
    const { clock, deadlines, ran } = bench({ perTurnMax: 2 });
    for (const item of ['a', 'b', 'c', 'd', 'e']) deadlines.add(micros(1000), item);
    clock.advance(1);
    expect(ran.map(([, item]) => item).join('')).toBe('abcde');
    deadlines.add(micros(1), 'x');
    deadlines.clear();
    expect(clock.waiting).toBe(0);
  });

  it('[CK50] run when they are polled between two pieces of work, once, and what comes up meanwhile in the next turn', () => {
    const clock = new SimulatedClock(0);
    const ran: string[] = [];
    let batches = 0;
    const deadlines: Deadlines<string> = new Deadlines({
      clock,
      itemsMax: 10,
      perTurnMax: 10,
      run: (item) => {
        ran.push(item);
        deadlines.poll();
        if (ran.length < 3) deadlines.add(clock.nowMicros(), `after ${item}`);
      },
      onRan: () => batches++,
    });
    deadlines.poll();
    deadlines.add(micros(1000), 'a');
    deadlines.add(micros(1000), 'b');
    deadlines.poll();
    expect(ran).toEqual([]);
    clock.jump(5);
    deadlines.poll();
    expect([ran, batches]).toEqual([['a', 'b'], 1]);
    expect(clock.waiting).toBe(1);
    clock.advance(0);
    expect(ran).toEqual(['a', 'b', 'after a', 'after b']);
    clock.advance(100);
    expect([ran.length, clock.waiting, deadlines.size]).toEqual([4, 0, 0]);
  });

  it('[CK25] do not stop the others when one fails', () => {
    const clock = new SimulatedClock(0);
    const ran: string[] = [];
    const deadlines: Deadlines<string> = new Deadlines({
      clock,
      itemsMax: 10,
      perTurnMax: 10,
      run: (item) => {
        if (item === 'bad') throw new Error('bad');
        ran.push(item);
      },
    });
    for (const item of ['bad', 'good']) deadlines.add(micros(1), item);
    expect(() => clock.advance(1)).toThrow('bad');
    clock.advance(1);
    expect(ran).toEqual(['good']);
  });

  it('[CK25] run exactly those that were not cancelled, none early, in the order of their time', () => {
    const step = fc.record({ at: fc.nat(50), cancel: fc.option(fc.nat(30)), advance: fc.nat(10) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, deadlines, ran } = bench();
        const handles: ReturnType<typeof deadlines.add>[] = [];
        const left = new Set<string>();
        for (const [i, { at, cancel, advance }] of steps.entries()) {
          handles.push(deadlines.add(micros(at * 1000), `${i}`));
          left.add(`${i}`);
          const handle = cancel === null ? undefined : handles[cancel];
          if (handle && deadlines.cancel(handle)) left.delete(`${cancel}`);
          clock.advance(advance);
        }
        clock.advance(100);
        expect(new Set(ran.map(([, item]) => item))).toEqual(left);
        for (const [at, item] of ran) expect(at).toBeGreaterThanOrEqual((steps[Number(item)]?.at ?? 0) * 1000);
        expect(clock.waiting).toBe(0);
      }),
    );
  });
});
