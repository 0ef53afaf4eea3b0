import type { DeviceStatus } from '../../contract/device.ts';
import { microsToMillis, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { Refusals } from './refusals.ts';

type Totals = Pick<DeviceStatus, 'seenAt' | 'inTotal' | 'outTotal' | 'refusedTotal' | 'refused'>;

/** What went through a bridge in both directions and what did not, as its status tells it. */
export class TrafficTally {
  readonly #clock: Clock;
  readonly #refusals: Refusals;
  #seenAt: Millis | null = null;
  #inTotal = 0;
  #outTotal = 0;
  #shedTotal = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#refusals = new Refusals(clock);
  }

  /** Something came from the other side, whatever becomes of it. */
  saw(): void {
    this.#seenAt = microsToMillis(this.#clock.nowMicros());
  }

  /** @param count what of it is for the router */
  took(count: number): void {
    this.#inTotal += count;
  }

  /** The other side has one more. */
  sent(): void {
    this.#outTotal++;
    this.saw();
  }

  /** One did not go through.
   *  @param address or whatever it is known by
   *  @param why a clause: `the bridge only takes` */
  refuse(address: string, why: string): void {
    this.#refusals.add(address, why);
  }

  /** Some did not go through, of which nobody is told one by one. */
  shed(count = 1): void {
    this.#shedTotal += count;
  }

  get inTotal(): number {
    return this.#inTotal;
  }

  get outTotal(): number {
    return this.#outTotal;
  }

  /** the last refusal while it is recent */
  get refused(): DeviceStatus['refused'] {
    return this.#refusals.shown().refused;
  }

  /** the last refusal, however long ago, as a sentence behind others; empty when there was none */
  get refusal(): string {
    return this.#refusals.words();
  }

  /** for a status, `refused` only while it is recent */
  get totals(): Totals {
    return {
      seenAt: this.#seenAt,
      inTotal: this.#inTotal,
      outTotal: this.#outTotal,
      refusedTotal: this.#refusals.total + this.#shedTotal,
      ...this.#refusals.shown(),
    };
  }
}
