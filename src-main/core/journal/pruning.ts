import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';

/** What grows old without being written to is looked at this often. */
const interval = millis(600_000);

export interface PruningOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** written before it looks whether there is too much */
  readonly everyBytes: number;
  /** one small step; @returns whether there is more to do */
  readonly prune: () => Promise<boolean>;
}

/** Prunes step by step, one at a time: after so much was written, at the start, and now and then. */
export class Pruning {
  readonly #options: PruningOptions;
  #timer: Cancel | undefined;
  #isRunning = false;
  #isStopped = false;
  #writtenBytes = 0;

  constructor(options: PruningOptions) {
    this.#options = options;
  }

  start(): void {
    this.#begin();
    this.#plan();
  }

  wrote(sizeBytes: number): void {
    this.#writtenBytes += sizeBytes;
    if (this.#writtenBytes >= this.#options.everyBytes) this.#begin();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
  }

  #begin(): void {
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    this.#writtenBytes = 0;
    void this.#run().finally(() => (this.#isRunning = false));
  }

  #plan(): void {
    this.#timer = this.#options.clock.after(interval, () => {
      this.#begin();
      this.#plan();
    });
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isStopped && (await this.#options.prune()));
    } catch (error) {
      // What cannot be deleted now is tried again after the next write, which says what is wrong with the disk.
      if (!this.#isStopped) this.#options.log.debug('the journal could not be pruned', { reason: messageOf(error) });
    }
  }
}
