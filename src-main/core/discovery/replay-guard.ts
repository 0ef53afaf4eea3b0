import { InputError } from '../../contract/errors.ts';
import { micros, millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { SourceShares } from './source-shares.ts';

export const replayLimits = {
  /** how far the time in a request may be from ours, in both directions */
  window: millis(120_000),
  /** keys whose last time is remembered, for twice the window */
  keysMax: 20_000,
} as const;

interface Moment {
  readonly key: string;
  readonly source: string;
  time: Micros;
}

/** Refuses what was signed before, and what comes a second time. Of each key later times only are taken; what is older than
 *  the window, or than this guard itself, was perhaps taken before and forgotten. */
export class ReplayGuard {
  readonly #clock: Clock;
  readonly #since: Micros;
  /** what came first, first */
  readonly #moments = new Map<string, Moment>();
  readonly #shares = new SourceShares<Moment>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.nowMicros();
  }

  get size(): number {
    return this.#moments.size;
  }

  /** @param request whose signature is good
   *  @throws InputError 'stale-signature' with `serverTime` */
  enter({ key, source, time }: { readonly key: string; readonly source: string; readonly time: Micros }): void {
    const now = this.#clock.nowMicros();
    const window = millisToMicros(replayLimits.window);
    if (Math.abs(now - time) > window || time <= this.#since)
      throw stale(now, `expected a time within ${replayLimits.window / 1000} s of the server's, and since it began`);
    const known = this.#moments.get(key);
    if (known && time <= known.time) throw stale(now, 'expected a later time than in the last request of this key');
    if (known) this.#forget(known);
    this.#makeRoom(source, now);
    const moment: Moment = { key, source, time };
    this.#moments.set(key, moment);
    this.#shares.add(source, moment);
  }

  #makeRoom(source: string, now: Micros): void {
    // Entered in the order of arrival: those of the clocks that are ahead are kept a little longer than they need be.
    for (const moment of this.#moments.values()) {
      if (now - moment.time <= 2 * millisToMicros(replayLimits.window)) break;
      this.#forget(moment);
    }
    const goes = this.#moments.size >= replayLimits.keysMax ? this.#shares.givesWay(source) : undefined;
    if (goes) this.#forget(goes);
  }

  #forget(moment: Moment): void {
    this.#moments.delete(moment.key);
    this.#shares.remove(moment.source, moment);
  }
}

function stale(now: Micros, expected: string): InputError {
  return new InputError('stale-signature', `The signature is not of now: ${expected}.`, { serverTime: micros(now) });
}
