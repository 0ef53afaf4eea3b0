import type { Address } from '../contract/address.ts';
import type { Signal } from '../contract/signal.ts';
import { micros, millis, millisToMicros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

const second = millis(1000);
const addressesMax = 4096;

/** How often addresses leave this machine, by any bridge and to any client of a gateway: what goes round leaves somewhere as
 *  often as it comes in, be it by another bridge than the one that it comes in by. */
export class SentRates {
  readonly #clock: Clock;
  #counts = new Map<Address, number>();
  #busiest = 0;
  #before: { readonly counts: ReadonlyMap<Address, number>; readonly busiest: number } = {
    counts: new Map(),
    busiest: 0,
  };
  #windowEnds = micros(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** of the busiest address, in this second or the one before */
  get busiest(): number {
    this.#turn();
    return Math.max(this.#busiest, this.#before.busiest);
  }

  /** These left. Of a second 4096 addresses are known. */
  sent(signals: readonly Signal[]): void {
    this.#turn();
    for (const { address } of signals) {
      const known = this.#counts.get(address);
      if (known === undefined && this.#counts.size >= addressesMax) continue;
      const count = (known ?? 0) + 1;
      this.#counts.set(address, count);
      if (count > this.#busiest) this.#busiest = count;
    }
  }

  /** Whether it left in this second or the one before. */
  wasSent(address: Address): boolean {
    this.#turn();
    return this.#counts.has(address) || this.#before.counts.has(address);
  }

  #turn(): void {
    const now = this.#clock.nowMicros();
    if (now < this.#windowEnds) return;
    const isNext = now - this.#windowEnds < millisToMicros(second);
    this.#before = isNext ? { counts: this.#counts, busiest: this.#busiest } : { counts: new Map(), busiest: 0 };
    this.#counts = new Map();
    this.#busiest = 0;
    this.#windowEnds = micros(now + millisToMicros(second));
  }
}
