import { UnavailableError, type AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { createOffsetFilter, type OffsetEstimate, type OffsetFilter } from '../clock/offset-filter.ts';
import { nextSyncAt } from '../clock/sync-schedule.ts';
import { messageType, type SyncMessage } from '../protocol/messages.ts';
import type { Greeted } from './connector.ts';

/** An answer that takes longer says too little about the clock. */
const answerWithinMs = 2000 as Millis;

interface Waiter {
  readonly resolve: (estimate: OffsetEstimate) => void;
  readonly reject: (error: AppError) => void;
  readonly cancel: Cancel;
}

export interface ClockSyncOptions {
  readonly clock: Clock;
  /** asks again and again, as core/clock paces it; else only when told to */
  readonly keepTime: boolean;
  /** @returns false when it could not be sent */
  readonly send: (message: SyncMessage) => boolean;
}

/** Knows the router's clock by SYNC, and roughly by WELCOME. @see CLASP-WIRE §10 */
export class ClockSync {
  readonly #options: ClockSyncOptions;
  readonly #filter: OffsetFilter = createOffsetFilter();
  /** by the t1 that comes back */
  readonly #waiters = new Map<bigint, Waiter>();
  #lastAt = micros(0);
  #sent = 0;
  #cancelNext: Cancel | undefined;

  constructor(options: ClockSyncOptions) {
    this.#options = options;
  }

  estimate(): OffsetEstimate | undefined {
    return this.#filter.estimate(this.#options.clock.nowMicros());
  }

  /** A session begins. */
  start({ helloAt, welcome: { time } }: Pick<Greeted, 'helloAt' | 'welcome'>): void {
    const now = this.#options.clock.nowMicros();
    // HELLO and WELCOME are an exchange like any other, but with one instant for both of the server's.
    this.#filter.add({ t1: helloAt, t2: time, t3: time, t4: now });
    this.#sent = 0;
    if (this.#options.keepTime) this.#plan(now);
  }

  /** The session is over. */
  stop(): void {
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    const error = new UnavailableError('link-closed', 'The session ended before the router told its time.');
    for (const waiter of this.#waiters.values()) {
      waiter.cancel();
      waiter.reject(error);
    }
    this.#waiters.clear();
  }

  /** Asks once.
   *  @returns the estimate with the answer in it
   *  @throws UnavailableError 'cannot-send' | 'no-answer' | 'link-closed' */
  ask(): Promise<OffsetEstimate> {
    const { clock, send } = this.#options;
    // Instants must differ, for an answer is known by its t1.
    this.#lastAt = micros(Math.max(clock.nowMicros(), this.#lastAt + 1));
    const t1 = BigInt(this.#lastAt);
    this.#sent++;
    return new Promise((resolve, reject) => {
      if (!send({ type: messageType.sync, t1 })) {
        reject(new UnavailableError('cannot-send', 'There is no session with the router, or it takes nothing now.'));
        return;
      }
      const cancel = clock.after(answerWithinMs, () => {
        this.#waiters.delete(t1);
        reject(
          new UnavailableError('no-answer', `The router did not tell its time within ${answerWithinMs / 1000} s.`),
        );
      });
      this.#waiters.set(t1, { resolve, reject, cancel });
    });
  }

  /** An answer came; one that nobody asked for is passed over. */
  heard({ t1, t2, t3 }: SyncMessage): void {
    const waiter = this.#waiters.get(t1);
    if (!waiter || t2 === undefined || t3 === undefined) return;
    this.#waiters.delete(t1);
    waiter.cancel();
    const sample = { t1: micros(Number(t1)), t2, t3, t4: this.#options.clock.nowMicros() };
    if (this.#filter.add(sample) === 'stepped') this.#sent = 0;
    const estimate = this.estimate();
    if (estimate) waiter.resolve(estimate);
    else waiter.reject(new UnavailableError('no-answer', 'The router told a time that cannot be.'));
  }

  #plan(lastAt: Micros): void {
    const { clock } = this.#options;
    const quality = this.estimate()?.quality;
    this.#cancelNext = clock.at(nextSyncAt({ sent: this.#sent, lastAt, quality }), () => {
      const at = clock.nowMicros();
      // What fails is asked again with the next one.
      void this.ask().catch(() => undefined);
      this.#plan(at);
    });
  }
}
