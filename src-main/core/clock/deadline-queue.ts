import { InputError, LimitError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';

/** Proof of a place in the queue; good for `cancel` only. */
export interface DeadlineHandle {
  readonly deadline: Micros;
}

/** What is to happen at instants of the server's clock. It knows no time of its own: whoever owns it asks with the present.
 *  When the clock jumps ahead, all that is due by then comes out at the next asking, still in order; when it jumps back,
 *  what has come out does not come again and the rest waits longer. */
export interface DeadlineQueue<T> {
  /** @throws InputError 'bad-number' unless the deadline is whole; LimitError 'too-many-items' when full */
  add(deadline: Micros, item: T): DeadlineHandle;
  /** @returns false when it has come out, was cancelled, or is not of this queue */
  cancel(handle: DeadlineHandle): boolean;
  /** Takes out what is due, by deadline, and in the order of adding where deadlines are equal.
   *  @param most so many at once, that a cascade can be spread over turns, or that one item may still cancel the next
   *  @param addedBefore as `addedTotal` was: nothing comes out from the first one on that was added since */
  takeDue(now: Micros, most?: number, addedBefore?: number): T[];
  /** the earliest deadline */
  next(): Micros | undefined;
  readonly size: number;
  readonly addedTotal: number;
}

export interface DeadlineQueueOptions {
  /** further ones are refused */
  readonly itemsMax: number;
}

interface Entry<T> extends DeadlineHandle {
  readonly item: T;
  /** of adding, for those of one instant */
  readonly order: number;
  /** in the heap; wrong once it has left */
  place: number;
}

/** A binary heap: adding, taking and cancelling cost the logarithm of its size. */
export function createDeadlineQueue<T>({ itemsMax }: DeadlineQueueOptions): DeadlineQueue<T> {
  const heap: Entry<T>[] = [];
  let order = 0;

  return {
    add: (deadline, item) => {
      if (!Number.isSafeInteger(deadline))
        throw new InputError('bad-number', `A deadline is a whole number of microseconds, got ${deadline}`);
      if (heap.length >= itemsMax)
        throw new LimitError('too-many-items', `At most ${itemsMax} things can be scheduled at once.`, { itemsMax });
      const entry: Entry<T> = { deadline, item, order: order++, place: heap.length };
      rise(heap, entry);
      return entry;
    },
    cancel: (handle) => {
      const { place } = handle as Entry<T>;
      if (heap[place] !== handle) return false;
      remove(heap, place);
      return true;
    },
    takeDue: (now, most = Infinity, addedBefore = Infinity) => {
      const due: T[] = [];
      for (let first = heap[0]; first && first.deadline <= now && due.length < most; first = heap[0]) {
        if (first.order >= addedBefore) break;
        remove(heap, 0);
        due.push(first.item);
      }
      return due;
    },
    next: () => heap[0]?.deadline,
    get size() {
      return heap.length;
    },
    get addedTotal() {
      return order;
    },
  };
}

/** The last entry takes the empty place and finds its own from there. */
function remove<T>(heap: Entry<T>[], place: number): void {
  const last = heap.pop();
  if (!last || last.place === place) return;
  last.place = place;
  sink(heap, last);
  rise(heap, last);
}

function rise<T>(heap: Entry<T>[], entry: Entry<T>): void {
  while (entry.place > 0) {
    const above = heap[(entry.place - 1) >> 1];
    if (!above || isBefore(above, entry)) break;
    swapInto(heap, entry, above);
  }
  heap[entry.place] = entry;
}

function sink<T>(heap: Entry<T>[], entry: Entry<T>): void {
  for (;;) {
    const left = heap[2 * entry.place + 1];
    const right = heap[2 * entry.place + 2];
    const below = left && right && isBefore(right, left) ? right : left;
    if (!below || isBefore(entry, below)) break;
    swapInto(heap, entry, below);
  }
  heap[entry.place] = entry;
}

/** `other` moves to the place of `entry`, which goes on from the place of `other`. */
function swapInto<T>(heap: Entry<T>[], entry: Entry<T>, other: Entry<T>): void {
  const { place } = other;
  other.place = entry.place;
  heap[other.place] = other;
  entry.place = place;
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.order < b.order);
}
