import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { createDeadlineQueue, type DeadlineHandle } from '../../../src-main/core/clock/deadline-queue.ts';

const seed = 20261121;

/** The same by the plainest means: a list that is sorted anew each time. */
class SortedList {
  #entries: { readonly handle: DeadlineHandle; readonly deadline: number; readonly item: number }[] = [];

  add(handle: DeadlineHandle, deadline: number, item: number): void {
    this.#entries.push({ handle, deadline, item });
    this.#entries.sort((a, b) => a.deadline - b.deadline || a.item - b.item);
  }
  cancel(handle: DeadlineHandle): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.handle !== handle);
    return this.#entries.length < before;
  }
  takeDue(now: number, most: number): number[] {
    const due = this.#entries.filter(({ deadline }) => deadline <= now).slice(0, most);
    this.#entries = this.#entries.slice(due.length);
    return due.map(({ item }) => item);
  }
  next(): number | undefined {
    return this.#entries[0]?.deadline;
  }
  get size(): number {
    return this.#entries.length;
  }
}

const instant = fc.integer({ min: 0, max: 40 });
// The queue must grow for its order to be at stake, so that more is added than leaves.
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('add' as const), deadline: instant }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(300) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), now: instant, most: fc.nat(6) }) },
);

describe('createDeadlineQueue', () => {
  it('[CK20] does what a sorted list does, for any history and with the present going to and fro', () => {
    const property = fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const queue = createDeadlineQueue<number>({ itemsMax: 1000 });
      const list = new SortedList();
      const handles: DeadlineHandle[] = [];
      for (const [item, each] of steps.entries()) {
        if (each.do === 'add') {
          const handle = queue.add(micros(each.deadline), item);
          handles.push(handle);
          list.add(handle, each.deadline, item);
        } else if (each.do === 'cancel') {
          const handle = handles[each.which % handles.length];
          if (handle) expect(queue.cancel(handle)).toBe(list.cancel(handle));
        } else {
          expect(queue.takeDue(micros(each.now), each.most)).toEqual(list.takeDue(each.now, each.most));
        }
        expect([queue.next(), queue.size]).toEqual([list.next(), list.size]);
      }
      expect(queue.takeDue(micros(1000))).toEqual(list.takeDue(1000, Infinity));
    });
    fc.assert(property, { seed, numRuns: 300 });
  });

  it('[CK21] gives a thousand of one instant in the order they were added, also in parts', () => {
    const queue = createDeadlineQueue<number>({ itemsMax: 2000 });
    queue.add(micros(6), -1);
    for (let item = 0; item < 1000; item++) queue.add(micros(5), item);
    expect(queue.takeDue(micros(4))).toEqual([]);
    const parts = [300, 300, 300, 300].flatMap((most) => queue.takeDue(micros(5), most));
    expect(parts).toEqual(Array.from({ length: 1000 }, (_, item) => item));
    expect(queue.next()).toBe(6);
  });

  it('[CK22] cancels once, and neither what has come out nor what belongs to another queue', () => {
    const queue = createDeadlineQueue<string>({ itemsMax: 10 });
    const other = createDeadlineQueue<string>({ itemsMax: 10 });
    const first = queue.add(micros(1), 'first');
    const second = queue.add(micros(2), 'second');
    const foreign = other.add(micros(1), 'foreign');
    expect(queue.takeDue(micros(1))).toEqual(['first']);
    expect([queue.cancel(first), queue.cancel(foreign)]).toEqual([false, false]);
    expect([queue.cancel(second), queue.cancel(second)]).toEqual([true, false]);
    expect([queue.size, queue.next(), other.size]).toEqual([0, undefined, 1]);
  });

  it('[CK23] refuses one more than it may hold, and one without a whole deadline, and stays as it was', () => {
    const queue = createDeadlineQueue<string>({ itemsMax: 2 });
    const first = queue.add(micros(1), 'a');
    for (const deadline of [NaN, Infinity, 0.5, 2 ** 53])
      expect(() => queue.add(deadline as Micros, 'x')).toThrow(expect.objectContaining({ code: 'bad-number' }));
    queue.add(micros(1), 'b');
    expect(() => queue.add(micros(1), 'c')).toThrow(expect.objectContaining({ code: 'too-many-items' }));
    expect(queue.size).toBe(2);
    queue.cancel(first);
    queue.add(micros(1), 'd');
    expect(queue.takeDue(micros(1))).toEqual(['b', 'd']);
  });

  it('[CK24] after a jump ahead gives all that is due in order, after a jump back nothing twice', () => {
    const queue = createDeadlineQueue<number>({ itemsMax: 10 });
    for (const deadline of [30, 10, 20, 40]) queue.add(micros(deadline), deadline);
    expect(queue.takeDue(micros(10))).toEqual([10]);
    expect(queue.takeDue(micros(35))).toEqual([20, 30]);
    expect(queue.takeDue(micros(5))).toEqual([]);
    queue.add(micros(15), 15);
    expect(queue.takeDue(micros(35))).toEqual([15]);
    expect(queue.takeDue(micros(40))).toEqual([40]);
  });
});
