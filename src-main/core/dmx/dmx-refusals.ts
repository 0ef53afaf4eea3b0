import type { Address } from '../../contract/address.ts';
import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { cutText } from '../../contract/cut-text.ts';

/** Why a signal was not sent whole. */
export type DmxRefusal = keyof typeof sentences;

/** What an output could not send: how much, when, and the newest in words. */
export class DmxRefusals {
  readonly #clock: Clock;
  #total = 0;
  #at: Micros | undefined;
  #last: { readonly address: Address; readonly why: DmxRefusal } | undefined;
  #unsent: { readonly address: Address; readonly why: keyof typeof causes; readonly at: Micros } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get total(): number {
    return this.#total;
  }

  /** The newest as a sentence; undefined while there is none. */
  get last(): string | undefined {
    return this.#last && `${cutText(this.#last.address, 60)} ${sentences[this.#last.why]}.`;
  }

  isWithin(time: Millis): boolean {
    return this.#at !== undefined && this.#clock.nowMicros() - this.#at <= time * 1000;
  }

  /** The newest signal within this time of which nothing could be sent, and why, as a clause: `the value is no level`. */
  unsentWithin(time: Millis): { readonly address: Address; readonly why: string } | undefined {
    const unsent = this.#unsent;
    if (!unsent || this.#clock.nowMicros() - unsent.at > time * 1000) return undefined;
    return { address: unsent.address, why: causes[unsent.why] };
  }

  /** A signal came.
   *  @param why undefined: it was sent whole */
  note(address: Address, why: DmxRefusal | undefined): void {
    // Whoever sends there now is not the one whose signal could not be sent.
    if (this.#unsent?.address === address) this.#unsent = undefined;
    if (!why) return;
    const at = this.#clock.nowMicros();
    this.#total++;
    this.#at = at;
    this.#last = { address, why };
    if (why === 'no-slot' || why === 'no-level') this.#unsent = { address, why, at };
  }
}

const sentences = {
  stopped: 'came after the output was stopped',
  'no-slot': 'is not a universe and a slot 1-512',
  'no-level': 'got a value that is no level',
  clipped: 'got more levels than there are slots after it',
  'beyond-full':
    'got a float beyond 1, which is full: where levels 0-255 are sent as floats, the bridge has to be told so',
} as const;

/** Why nothing of a signal was sent, for one who sees the address beside it. */
const causes = {
  'no-slot': 'the address is not a universe and a slot 1-512',
  'no-level': 'the value is no level',
} as const;
