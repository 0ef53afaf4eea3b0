import type { Cancel } from '../src-main/contract/message-link.ts';
import { micros, type Micros, type Millis } from '../src-main/contract/units.ts';
import type { Clock } from '../src-main/ports/clock.ts';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that moves only when a test says so. Timers due at the same instant run in the order they were set. */
export class SimulatedClock implements Clock {
  #now: number;
  #order = 0;
  #timers: Timer[] = [];

  constructor(startMicros = 1_700_000_000_000_000) {
    this.#now = startMicros;
  }

  nowMicros(): Micros {
    return micros(this.#now);
  }

  after(delay: Millis, run: () => void): Cancel {
    return this.at(micros(this.#now + Math.max(0, delay) * 1000), run);
  }

  at(deadline: Micros, run: () => void): Cancel {
    const timer: Timer = { due: Math.max(deadline, this.#now), order: this.#order++, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers not yet run. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Runs everything that is due within the next `ms`, in order, also what those timers set up. */
  advance(ms: number): void {
    const end = this.#now + ms * 1000;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
    }
    this.#now = end;
  }

  /** As a machine that slept, or a process that got no time: nothing runs meanwhile, and all is late then. */
  jump(ms: number): void {
    this.#now += ms * 1000;
  }

  /** As `advance`, with a chance for promises to settle after every timer. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#now + ms * 1000;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    let best: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!best || timer.due < best.due || (timer.due === best.due && timer.order < best.order)) best = timer;
    }
    return best;
  }
}

/** Lets every promise that can settle now do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
