import { cutText } from '../../contract/cut-text.ts';
import { refusalShown, type DeviceStatus } from '../../contract/device.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** How much of an address stands in a sentence. */
const addressLengthMax = 60;

/** Signals of which an output could send nothing: how many, and the newest with why. Pure. */
export class Refusals {
  readonly #clock: Clock;
  #total = 0;
  #newest: { readonly address: string; readonly why: string; readonly at: Micros } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get total(): number {
    return this.#total;
  }

  /** @param why a clause, or a sentence: `the value is no level` */
  add(address: string, why: string): void {
    this.#total++;
    this.#newest = { address, why: why.replace(/\.$/, ''), at: this.#clock.nowMicros() };
  }

  /** The newest, however old: ` Refused: /a/b: the value is no level.`; empty while there is none. */
  words(): string {
    return this.#newest ? ` Refused: ${cutText(this.#newest.address, addressLengthMax)}: ${this.#newest.why}.` : '';
  }

  /** The newest for as long as a status tells it. */
  shown(): Pick<DeviceStatus, 'refused'> {
    const newest = this.#newest;
    if (!newest || this.#clock.nowMicros() - newest.at > refusalShown * 1000) return {};
    return { refused: { address: newest.address, why: newest.why } };
  }
}
