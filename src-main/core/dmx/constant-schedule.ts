import { micros, type Hertz, type Micros } from '../../contract/units.ts';

/** When one universe's frame goes out next on a line that needs frames all the time: at once when it begins, then at a
 *  constant rate, whether or not it changes. A frame that is late does not delay those after it; one that is late by whole
 *  intervals takes their place. */
export class ConstantSchedule {
  readonly #rate: () => Hertz;
  /** Exact, so that intervals that are no whole microseconds do not drift. */
  #dueAt: number | undefined;

  /** @param rate asked anew for every frame */
  constructor(rate: () => Hertz) {
    this.#rate = rate;
  }

  /** The frame is another one now, or is there for the first time. */
  change(): void {
    this.#dueAt ??= 0;
  }

  /** The frame goes at once, and the others after it. */
  restart(): void {
    if (this.#dueAt !== undefined) this.#dueAt = 0;
  }

  /** The instant from which the frame may go, which may have passed; undefined before the first change. */
  get dueAt(): Micros | undefined {
    return this.#dueAt === undefined ? undefined : micros(Math.ceil(this.#dueAt));
  }

  /** The frame was sent as it is. */
  sent(now: Micros): void {
    const due = this.#dueAt === undefined || this.#dueAt === 0 ? now : this.#dueAt;
    const interval = 1_000_000 / this.#rate();
    const passed = Math.max(1, Math.floor((now - due) / interval) + 1);
    this.#dueAt = due + passed * interval;
  }
}
