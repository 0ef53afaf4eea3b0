import type { Address } from '../../contract/address.ts';
import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { cutText } from '../../contract/cut-text.ts';

/** Why a signal was not sent whole. */
export type DmxRefusal = keyof typeof sentences;

/** A fader on a slot that does not leave is counted, and told, again after so long. */
const tellAgainAfterMicros = 5_000_000;

/** What an output could not send: how much, when, and the newest in words. */
export class DmxRefusals {
  readonly #clock: Clock;
  #total = 0;
  #at: Micros | undefined;
  /** when addresses whose slots do not leave were counted last: at most one for each slot of the output */
  readonly #unsentSlots = new Map<Address, Micros>();
  #last: { readonly address: Address; readonly why: DmxRefusal } | undefined;
  #unsent: { readonly address: Address; readonly why: Cause; readonly at: Micros } | undefined;

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
    if (why && this.#isToldOf(address, why)) return;
    // Whoever sends there now is not the one whose signal could not be sent.
    if (this.#unsent?.address === address) this.#unsent = undefined;
    if (!why) return;
    const at = this.#clock.nowMicros();
    this.#total++;
    this.#at = at;
    this.#last = { address, why };
    if (isCause(why)) this.#unsent = { address, why, at };
  }

  /** Whether it is one of many at a slot that does not leave; otherwise it is the first for a while. */
  #isToldOf(address: Address, why: DmxRefusal): boolean {
    if (why !== 'unsent-slot' && why !== 'unsent-slots') return false;
    const now = this.#clock.nowMicros();
    const toldAt = this.#unsentSlots.get(address);
    if (toldAt !== undefined && now - toldAt < tellAgainAfterMicros) return true;
    this.#unsentSlots.set(address, now);
    return false;
  }
}

const sentences = {
  stopped: 'came after the output was stopped',
  'no-slot': 'is not a universe and a slot 1-512',
  'no-level': 'got a value that is no level',
  clipped: 'got more levels than there are slots after it',
  'unsent-slot': 'is a slot beyond those that the bridge sends',
  'unsent-slots': 'got levels for slots beyond those that the bridge sends',
  'beyond-full':
    'got a float beyond 1, which is full: where levels 0-255 are sent as floats, the bridge has to be told so',
} as const;

/** Why nothing of a signal was sent, for one who sees the address beside it. */
const causes = {
  'no-slot': 'the address is not a universe and a slot 1-512',
  'no-level': 'the value is no level',
  'unsent-slot': 'the bridge sends fewer slots',
} as const;
type Cause = keyof typeof causes;

function isCause(why: DmxRefusal): why is Cause {
  return Object.hasOwn(causes, why);
}
