import { LimitError } from '../contract/errors.ts';

/** Runs tasks one after the other, in the order they came; a task that fails does not hold up the next.
 *  @param waitingMax tasks that may wait or run; more are refused with LimitError 'too-many-items' */
export class SerialQueue {
  readonly #waitingMax: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  async run<T>(task: () => T | Promise<T>): Promise<T> {
    if (this.#waiting >= this.#waitingMax) {
      throw new LimitError('too-many-items', `At most ${this.#waitingMax} commands may wait for the disk. Try again.`);
    }
    this.#waiting++;
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      this.#waiting--;
    }
  }
}
