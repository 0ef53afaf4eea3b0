import type { Address } from '../contract/address.ts';
import { sameValue, type Signal, type Value } from '../contract/signal.ts';
import { millis, millisToMicros, type Micros } from '../contract/units.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';
import type { Clock } from '../ports/clock.ts';
import type { SentRates } from './sent-rates.ts';

/** What came this long ago may be handed back. */
const returnsWithin = millis(2000);
/** How long one that was left out keeps its bridge asking for a look. */
const shownFor = millis(20_000);
const addressesMax = 1024;

/** Finds what a bridge brings with its own prefix in it twice, just after it brought the same with it once and that left this
 *  machine: the other end is a door of this very Flyrail, or hands on what that sends. Every round would put the prefix in
 *  front once more, until no address takes it. */
export class OwnReturns {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #sentRates: SentRates;
  readonly #brought = new NewestMap<string, { readonly value: Value; readonly at: Micros }>(addressesMax);
  #cutTotal = 0;
  #last: { readonly address: Address; readonly at: Micros } | undefined;

  constructor(prefix: string, clock: Clock, sentRates: SentRates) {
    this.#prefix = prefix;
    this.#clock = clock;
    this.#sentRates = sentRates;
  }

  /** signals left out */
  get cutTotal(): number {
    return this.#cutTotal;
  }

  /** what came back, as a sentence; undefined while nothing did of late */
  get trouble(): string | undefined {
    const last = this.#last;
    if (!last || this.#clock.nowMicros() - last.at > millisToMicros(shownFor)) return undefined;
    const what = `What it brings comes back to it, at ${last.address}: Flyrail leaves that out.`;
    return `${what} Look whether it is connected to Flyrail itself.`;
  }

  /** What the device brings. @returns what passes */
  incoming(batch: readonly Signal[]): readonly Signal[] {
    const now = this.#clock.nowMicros();
    const passing = batch.filter((signal) => !this.#isReturn(signal, now));
    for (const { address, value } of passing) this.#brought.set(address, { value: small(value), at: now });
    return passing;
  }

  #isReturn({ address, value }: Signal, now: Micros): boolean {
    const { once, was } = this.#inside(address, value);
    const before = once === undefined ? undefined : this.#brought.get(once);
    if (once === undefined || !before || now - before.at > millisToMicros(returnsWithin)) return false;
    if (!sameValue(before.value, small(was)) || !this.#sentRates.wasSent(once)) return false;
    this.#cutTotal++;
    this.#last = { address, at: now };
    return true;
  }

  /** The address that this one holds behind its own, with the value; or that the value tells as a door does that says address and
   *  value in one list. */
  #inside(address: Address, value: Value): { readonly once: Address | undefined; readonly was: Value } {
    const begin = `${this.#prefix}/`;
    const again = address.indexOf(begin, this.#prefix.length);
    if (again >= 0) return { once: address.slice(again) as Address, was: value };
    const [told, was] = value.type === 'array' ? value.value : [];
    const isTold = told?.type === 'string' && told.value.startsWith(begin) && was !== undefined;
    return isTold ? { once: told.value as Address, was } : { once: undefined, was: value };
  }
}

/** Nothing large is kept for a second look: of such a value its type has to do. */
function small(value: Value): Value {
  const isLarge = value.type === 'map' || value.type === 'array' || value.type === 'bytes';
  if (isLarge) return { type: 'string', value: value.type };
  return value.type === 'string' && value.value.length > 64
    ? { type: 'string', value: value.value.slice(0, 64) }
    : value;
}
