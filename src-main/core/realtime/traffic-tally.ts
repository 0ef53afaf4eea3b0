import { cutText } from '../../contract/cut-text.ts';
import { refusalShown, type DeviceStatus } from '../../contract/device.ts';
import { microsToMillis, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Letters of what a refusal is named by. */
const nameLettersMax = 60;

interface Refusal {
  readonly address: string;
  readonly why: string;
  readonly at: Millis;
}

type Totals = Pick<DeviceStatus, 'seenAt' | 'inTotal' | 'outTotal' | 'refusedTotal' | 'refused'>;

/** What went through a bridge in both directions and what did not, as its status tells it. */
export class TrafficTally {
  readonly #clock: Clock;
  #seenAt: Millis | null = null;
  #inTotal = 0;
  #outTotal = 0;
  #refusedTotal = 0;
  #refused: Refusal | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
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
    this.#refusedTotal++;
    const at = microsToMillis(this.#clock.nowMicros());
    this.#refused = { address: cutText(address, nameLettersMax), why, at };
  }

  /** Some did not go through, of which nobody is told one by one. */
  shed(count = 1): void {
    this.#refusedTotal += count;
  }

  get inTotal(): number {
    return this.#inTotal;
  }

  get outTotal(): number {
    return this.#outTotal;
  }

  /** the last refusal while it is recent */
  get refused(): DeviceStatus['refused'] {
    if (!this.#refused || microsToMillis(this.#clock.nowMicros()) - this.#refused.at > refusalShown) return undefined;
    return { address: this.#refused.address, why: this.#refused.why };
  }

  /** the last refusal, however long ago, as a sentence behind others; empty when there was none */
  get refusal(): string {
    return this.#refused ? ` Refused: ${this.#refused.address}: ${this.#refused.why}.` : '';
  }

  /** for a status, `refused` only while it is recent */
  get totals(): Totals {
    const { refused } = this;
    return {
      seenAt: this.#seenAt,
      inTotal: this.#inTotal,
      outTotal: this.#outTotal,
      refusedTotal: this.#refusedTotal,
      ...(refused && { refused }),
    };
  }
}
