import type { Cancel } from '../../src-main/contract/message-link.ts';
import { micros, millisToMicros, type Micros, type Millis } from '../../src-main/contract/units.ts';
import type { Clock } from '../../src-main/ports/clock.ts';

/** The clock of one machine for as long as a process on it lives: it may go ahead of the world or behind it, and all its
 *  timers die with the process. */
export class LifeClock implements Clock {
  readonly #world: Clock;
  readonly #timers = new Set<Cancel>();
  #aheadMicros: number;
  #latest = 0;
  #isAlive = true;

  constructor(world: Clock, aheadMicros: number) {
    this.#world = world;
    this.#aheadMicros = aheadMicros;
  }

  /** Timers not yet run. */
  get waiting(): number {
    return this.#timers.size;
  }

  nowMicros(): Micros {
    this.#latest = Math.max(this.#latest, this.#world.nowMicros() + this.#aheadMicros);
    return micros(this.#latest);
  }

  after(delay: Millis, run: () => void): Cancel {
    return this.#plan(this.#world.nowMicros() + Math.max(0, millisToMicros(delay)), run);
  }

  at(deadline: Micros, run: () => void): Cancel {
    return this.#plan(deadline - this.#aheadMicros, run);
  }

  /** The machine's clock was set. Where it was put back it stands still until the time is reached again. */
  step(micros: number): void {
    this.#aheadMicros += micros;
  }

  stop(): void {
    this.#isAlive = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #plan(at: number, run: () => void): Cancel {
    if (!this.#isAlive) return () => undefined;
    const cancelTimer = this.#world.at(micros(at), () => {
      this.#timers.delete(cancel);
      run();
    });
    const cancel = (): void => {
      this.#timers.delete(cancel);
      cancelTimer();
    };
    this.#timers.add(cancel);
    return cancel;
  }
}
