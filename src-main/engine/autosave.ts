import type { Cancel } from '../contract/message-link.ts';
import { millis, type Millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** How long after a failed autosave the next one is tried. */
export const autosaveRetryMs = 10_000;

/** Calls `save` after so much quiet, and again after a failure until one succeeds or nothing is asked any more. */
export class Autosave {
  readonly #clock: Clock;
  /** settles with whether the next try may come by itself */
  readonly #save: () => Promise<'done' | 'again'>;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, save: () => Promise<'done' | 'again'>) {
    this.#clock = clock;
    this.#save = save;
  }

  /** Begins the quiet anew.
   *  @param quietSeconds 0 for no autosave */
  touch(quietSeconds: number): void {
    this.stop();
    if (quietSeconds > 0) this.#after(millis(quietSeconds * 1000));
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #after(delay: Millis): void {
    this.#cancel = this.#clock.after(delay, () => {
      const mine = this.#cancel;
      void this.#save().then((outcome) => {
        // Unless an edit has begun the quiet anew in the meantime.
        if (outcome === 'again' && this.#cancel === mine) this.#after(millis(autosaveRetryMs));
      });
    });
  }
}
