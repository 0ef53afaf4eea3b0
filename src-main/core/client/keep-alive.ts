import type { Cancel } from '../../contract/message-link.ts';
import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

export interface KeepAliveOptions {
  readonly clock: Clock;
  readonly quietMs: Millis;
  readonly silentMs: Millis;
  readonly ping: () => void;
  readonly onDead: () => void;
}

/** Finds a peer that is gone without a word: asks when nothing was heard for a while, and gives up when nothing comes. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #heardAt: Micros;
  #cancel: Cancel;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#heardAt = options.clock.nowMicros();
    this.#cancel = this.#listen(options.quietMs);
  }

  /** Something came, whatever it was. */
  heard(): void {
    this.#heardAt = this.#options.clock.nowMicros();
  }

  stop(): void {
    this.#cancel();
  }

  // Hearing costs no timer: the one that runs looks back when it is due.
  #listen(wait: Millis): Cancel {
    const { clock, quietMs } = this.#options;
    return clock.after(wait, () => {
      const left = this.#quietLeft();
      this.#cancel = left <= 0 ? this.#ask() : this.#listen(Math.min(left, quietMs) as Millis);
    });
  }

  #ask(): Cancel {
    const { clock, silentMs, ping, onDead } = this.#options;
    const askedAt = clock.nowMicros();
    ping();
    return clock.after(silentMs, () => {
      if (this.#heardAt < askedAt) onDead();
      else this.#cancel = this.#listen(Math.max(0, this.#quietLeft()) as Millis);
    });
  }

  /** in milliseconds */
  #quietLeft(): number {
    const { clock, quietMs } = this.#options;
    return quietMs - (clock.nowMicros() - this.#heardAt) / 1000;
  }
}
