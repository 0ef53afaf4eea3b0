import { micros, type Micros } from '../../contract/units.ts';

/** DMX carries at most 44 full frames a second, and no source may send faster. [E1.31 6.6.1, E1.11 table 6] */
export const frameIntervalMicros = Math.ceil(1_000_000 / 44);
/** Unchanged frames that follow a change before the stream slows down. [E1.31 6.6.2] */
export const repeatsAfterChange = 3;
/** The pace while nothing changes: between 800 and 1000 ms, with room for a late timer. [E1.31 6.6.2] */
export const keepAliveMicros = 850_000;

/** When one universe's frame goes out next: at once after rest, at most 44 times a second while it changes, three times
 *  more when it stopped changing, then slowly for ever. */
export class FrameSchedule {
  #changed = false;
  #repeats = 0;
  #sentAt: Micros | undefined;
  readonly #keepAliveMicros: number;

  /** @param keepAlive the pace while nothing changes */
  constructor(keepAlive: number = keepAliveMicros) {
    this.#keepAliveMicros = keepAlive;
  }

  /** The frame is another one now, or is there for the first time. */
  change(): void {
    this.#changed = true;
  }

  /** The instant from which the frame may go, which may have passed; undefined before the first change. */
  get dueAt(): Micros | undefined {
    if (this.#sentAt === undefined) return this.#changed ? micros(0) : undefined;
    const isBusy = this.#changed || this.#repeats > 0;
    return micros(this.#sentAt + (isBusy ? frameIntervalMicros : this.#keepAliveMicros));
  }

  /** The frame was sent as it is. */
  sent(now: Micros): void {
    this.#repeats = this.#changed ? repeatsAfterChange : Math.max(0, this.#repeats - 1);
    this.#changed = false;
    this.#sentAt = now;
  }
}
