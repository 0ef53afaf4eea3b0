import type { Cancel } from '../../contract/message-link.ts';
import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** A clock that remembers what it showed last. Whoever stamps many small things in a row takes that: looking at the clock
 *  for each of them would cost a tenth of what they do. */
export class LookedClock implements Clock {
  readonly #clock: Clock;
  #seen: Micros;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#seen = clock.nowMicros();
  }

  /** The time of the last look, whoever looked: at or before now, and never before a time that was given out already. */
  get seen(): Micros {
    return this.#seen;
  }

  nowMicros(): Micros {
    return (this.#seen = this.#clock.nowMicros());
  }

  after(delay: Millis, run: () => void): Cancel {
    return this.#clock.after(delay, run);
  }

  at(deadline: Micros, run: () => void): Cancel {
    return this.#clock.at(deadline, run);
  }
}
