import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { createBackoff, type Backoff } from '../retry/backoff.ts';
import type { Defer } from '../router/delivery/turn.ts';

/** How long a change waits for others while nobody waits for it. After a crash params are at most this much older, and the
 *  time the disk takes. */
export const flushInterval = millis(200);
const retryCap = millis(10_000);
/** who wait for one batch; more are told that the disk is too slow */
const waitersMax = 65_536;
const ending = 'Flyrail is ending.';

type Waiter = (failure: string | undefined) => void;

export interface GroupFlushOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly defer: Defer;
  /** Writes all that there is to write when it is called. It rejects when it could not; what it has not written is then to
   *  be written by the next call. */
  readonly write: (how: { readonly inTurns: boolean }) => Promise<void>;
  /** once, when it begins to fail */
  readonly onFailing: (reason: string) => void;
  /** once, when it works again */
  readonly onMended: () => void;
}

/** Writes in batches, one at a time. What nobody waits for is written within `flushInterval`. Once somebody waits, a batch
 *  begins at the end of the turn, or when the one under way is on disk; all who came until then share it. */
export class GroupFlush {
  readonly #options: GroupFlushOptions;
  readonly #backoff: Backoff;
  #isDirty = false;
  #isClosed = false;
  #hasEnded = false;
  #isWriting = false;
  #isHurried = false;
  #isFailing = false;
  #timer: Cancel | undefined;
  #isDue = false;
  #writing: Promise<void> | undefined;
  /** for the batch under way */
  #served: Waiter[] = [];
  /** for the next */
  #waiting: Waiter[] = [];

  constructor(options: GroupFlushOptions) {
    this.#options = options;
    this.#backoff = createBackoff({ random: options.random, first: flushInterval, cap: retryCap });
  }

  /** Whether something waits for the next batch. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** There is something to write. */
  mark(): void {
    if (this.#isDirty) return;
    this.#isDirty = true;
    this.#plan();
  }

  /** Runs when all that was marked until now is on disk, at once where it is already, or with why it is not. */
  whenDone(run: Waiter): void {
    if (!this.#isDirty) {
      if (this.#isWriting) this.#served.push(run);
      else run(undefined);
      return;
    }
    if (this.#hasEnded) return run(ending);
    if (this.#waiting.length >= waitersMax) return run('the disk is too slow');
    this.#waiting.push(run);
    this.hurry();
  }

  /** Writes at the end of the turn rather than within the interval. Where the disk fails, within the interval: a batch
   *  costs what it costs, also in vain. */
  hurry(): void {
    if (this.#isWriting) this.#isHurried = true;
    if (!this.#isDirty || this.#isDue || this.#isWriting || this.#isClosed) return;
    this.#isDue = true;
    this.#timer?.();
    this.#timer = undefined;
    if (this.#isFailing) this.#timer = this.#options.clock.after(flushInterval, () => this.#begin());
    else this.#options.defer(() => this.#begin());
  }

  /** Writes what is not written yet. Never rejects; nothing is written afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.();
    this.#timer = undefined;
    await this.#writing;
    if (this.#isDirty) await this.#run({ inTurns: false });
    this.#hasEnded = true;
    for (const run of this.#waiting.splice(0)) run(ending);
  }

  #plan(): void {
    if (this.#timer || this.#isDue || this.#writing || this.#isClosed) return;
    const wait: Millis = this.#isFailing ? this.#backoff.next() : flushInterval;
    this.#timer = this.#options.clock.after(wait, () => this.#begin());
  }

  #begin(): void {
    this.#isDue = false;
    this.#timer?.();
    this.#timer = undefined;
    if (this.#isClosed || this.#writing) return;
    this.#writing = this.#run({ inTurns: true }).finally(() => {
      this.#writing = undefined;
      this.#goOn();
    });
  }

  #goOn(): void {
    if (!this.#isDirty || this.#isClosed) return;
    if (this.#waiting.length === 0 && !this.#isHurried) this.#plan();
    else if (this.#isFailing) this.hurry();
    else this.#begin();
  }

  async #run(how: { readonly inTurns: boolean }): Promise<void> {
    this.#isDirty = false;
    this.#isWriting = true;
    this.#isHurried = false;
    this.#served = this.#waiting;
    this.#waiting = [];
    let failure: string | undefined;
    try {
      await this.#options.write(how);
      this.#mended();
    } catch (error) {
      failure = messageOf(error);
      this.#isDirty = true;
      this.#failed(failure);
    }
    this.#isWriting = false;
    for (const run of this.#served.splice(0)) run(failure);
  }

  #mended(): void {
    this.#backoff.reset();
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#options.onMended();
  }

  #failed(reason: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.onFailing(reason);
  }
}
