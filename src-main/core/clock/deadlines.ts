import type { Cancel } from '../../contract/message-link.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { createDeadlineQueue, type DeadlineHandle, type DeadlineQueue } from './deadline-queue.ts';

export interface DeadlinesOptions<T> {
  readonly clock: Clock;
  /** further ones are refused */
  readonly itemsMax: number;
  /** so many at once; the others that are due follow in the next turn */
  readonly perTurnMax: number;
  readonly run: (item: T) => void;
  /** asked after each: true ends the turn before `perTurnMax` */
  readonly isSpent?: () => boolean;
  /** so many of those that were due as a turn takes have run */
  readonly onRan?: () => void;
}

/** Things that happen at their instants, on one timer for all. */
export class Deadlines<T> {
  readonly #options: DeadlinesOptions<T>;
  readonly #queue: DeadlineQueue<T>;
  #timer: { readonly at: Micros; readonly cancel: Cancel } | undefined;
  #isRunning = false;

  constructor(options: DeadlinesOptions<T>) {
    this.#options = options;
    this.#queue = createDeadlineQueue({ itemsMax: options.itemsMax });
  }

  get size(): number {
    return this.#queue.size;
  }

  /** Never runs inside this call. @throws LimitError 'too-many-items' when full */
  add(deadline: Micros, item: T): DeadlineHandle {
    const handle = this.#queue.add(deadline, item);
    this.#plan();
    return handle;
  }

  /** @returns false when it has happened or was cancelled */
  cancel(handle: DeadlineHandle): boolean {
    const wasThere = this.#queue.cancel(handle);
    if (this.#queue.size === 0) this.#sleep();
    return wasThere;
  }

  /** Looks at the clock between two pieces of work, as the timer cannot come before the turn is over: what is due runs now. */
  poll(): void {
    const at = this.#queue.next();
    if (at === undefined || this.#isRunning || at > this.#options.clock.nowMicros()) return;
    this.#sleep();
    this.#runDue();
  }

  /** Nothing happens any more. */
  clear(): void {
    this.#queue.takeDue(Infinity as Micros);
    this.#sleep();
  }

  #plan(): void {
    const { clock } = this.#options;
    const at = this.#queue.next();
    if (at === undefined || this.#isRunning || (this.#timer && this.#timer.at <= at)) return;
    this.#sleep();
    this.#timer = {
      at,
      cancel: clock.at(at, () => {
        this.#timer = undefined;
        this.#runDue();
      }),
    };
  }

  /** What comes up meanwhile waits for the next turn, that things which lead to each other cannot hold the process. */
  #runDue(): void {
    const { clock, perTurnMax, run, isSpent, onRan } = this.#options;
    const addedBefore = this.#queue.addedTotal;
    this.#isRunning = true;
    try {
      // One by one, so that one may still cancel the next.
      for (let count = 0; count < perTurnMax; count++) {
        const [item] = this.#queue.takeDue(clock.nowMicros(), 1, addedBefore);
        if (item === undefined) break;
        run(item);
        if (isSpent?.()) break;
      }
    } finally {
      this.#isRunning = false;
      if (this.#queue.size === 0) this.#sleep();
      else this.#plan();
    }
    onRan?.();
  }

  #sleep(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
