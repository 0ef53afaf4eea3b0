import type { Address } from '../../contract/address.ts';
import { sameValue, type Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { NewestMap } from '../bounds/newest-map.ts';

/** Addresses that are remembered; past that those heard longest ago are forgotten, and count as new. */
export const changedValuesMax = 10_000;

/** Tells what changed where somebody is asked again and again, and what he said before he heard of us. */
export class ChangedValues {
  readonly #clock: Pick<Clock, 'nowMicros'>;
  readonly #last = new NewestMap<Address, Value>(changedValuesMax);
  readonly #givenAt = new NewestMap<Address, Micros>(changedValuesMax);

  constructor(clock: Pick<Clock, 'nowMicros'>) {
    this.#clock = clock;
  }

  /** What an answer says of an address. first: nothing was known of it. past: it was given another value since the answer was
   *  asked for. */
  look(address: Address, value: Value, askedAt: Micros): 'first' | 'changed' | 'same' | 'past' {
    if ((this.#givenAt.get(address) ?? -1) >= askedAt) return 'past';
    const last = this.#last.get(address);
    if (last && sameValue(last, value)) return 'same';
    this.#last.set(address, value);
    return last ? 'changed' : 'first';
  }

  /** The other side is given a value for this address, or is about to be: what it says next is news.
   *  @returns whether it had said something of it */
  give(address: Address): boolean {
    this.#givenAt.set(address, this.#clock.nowMicros());
    const isKnown = this.#last.has(address);
    this.#last.delete(address);
    return isKnown;
  }

  /** Whether it said this value last. */
  holds(address: Address, value: Value): boolean {
    const last = this.#last.get(address);
    return last !== undefined && sameValue(last, value);
  }

  /** Whatever it says next is news. */
  forget(): void {
    this.#last.clear();
  }
}
