import type { Cancel } from '../../contract/message-link.ts';

/** A bound on what is under way at once, for all who share it: first come, first served. */
export class CallSlots {
  readonly #max: number;
  #taken = 0;
  readonly #asking = new Set<() => void>();

  /** @param max 1 or more */
  constructor(max: number) {
    this.#max = max;
  }

  /** @param run with a slot of its own, at once or as soon as one is free; it gives the slot back once
   *  @returns lets go of a slot that was not given yet */
  ask(run: (giveBack: () => void) => void): Cancel {
    const begin = (): void => {
      let isGiven = true;
      this.#taken++;
      run(() => {
        if (isGiven) this.#giveBack();
        isGiven = false;
      });
    };
    if (this.#taken < this.#max) {
      begin();
      return () => undefined;
    }
    this.#asking.add(begin);
    return () => this.#asking.delete(begin);
  }

  #giveBack(): void {
    this.#taken--;
    for (const begin of this.#asking) {
      this.#asking.delete(begin);
      begin();
      return;
    }
  }
}
