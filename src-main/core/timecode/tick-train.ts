import type { Cancel } from '../../contract/message-link.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { Spread, type SpreadFigures } from './spread.ts';

/** This many ticks behind it lets those go that were missed: a machine that slept does not make up for the night. */
const behindMax = 24;

/** Ticks evenly for ever: each is timed from the first, so that none of them adds its lateness to the next. */
export class TickTrain {
  readonly #clock: Clock;
  readonly #onTick: () => void;
  readonly #lateness = new Spread(1024);
  #periodMicros = 0;
  #dueAt = 0;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, onTick: () => void) {
    this.#clock = clock;
    this.#onTick = onTick;
  }

  get isRunning(): boolean {
    return this.#cancel !== undefined;
  }

  /** The first tick comes after one period. While it runs, the next tick keeps its part of the way. */
  setPeriod(periodMicros: number): void {
    const now = this.#clock.nowMicros();
    const left = this.isRunning ? Math.max(0, (this.#dueAt - now) / this.#periodMicros) : 1;
    this.#periodMicros = periodMicros;
    this.#wait(now + left * periodMicros);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** how late ticks were, in milliseconds */
  lateness(): SpreadFigures | undefined {
    return this.#lateness.figures();
  }

  #wait(dueAt: number): void {
    this.#cancel?.();
    this.#dueAt = dueAt;
    this.#cancel = this.#clock.at(micros(dueAt), () => this.#tick());
  }

  #tick(): void {
    const now: Micros = this.#clock.nowMicros();
    this.#lateness.add(Math.max(0, now - this.#dueAt) / 1000);
    const isFarBehind = now - this.#dueAt > behindMax * this.#periodMicros;
    this.#wait((isFarBehind ? now : this.#dueAt) + this.#periodMicros);
    this.#onTick();
  }
}
