import type { ReturnPolicy } from '../contract/bridges/bridge-head.ts';
import type { Address } from '../contract/address.ts';
import type { Signal } from '../contract/signal.ts';
import type { TimedSignal } from '../core/router/memory/stream-memory.ts';
import type { Clock } from '../ports/clock.ts';
import type { SentValues } from './sent-values.ts';
import { inOrder, wholeOf, type FoundStanding } from './standing-order.ts';

export interface DeviceReturnOptions {
  readonly clock: Clock;
  readonly policy: () => ReturnPolicy;
  /** Sends whole frames of many addresses: one that changes takes all that stand with it. */
  readonly isFramed: boolean;
  /** what the device was sent, or said itself, last */
  readonly sent: SentValues;
  /** what stands under the prefix of the bridge */
  readonly standing: () => FoundStanding;
  /** Its device is not there. Some bridges let what they get then wait for it. */
  readonly isAway: () => boolean;
}

/** Decides what a device gets that comes up, or back, and may not know how things stand.
 *  @see ReturnPolicy */
export class DeviceReturn {
  readonly #options: DeviceReturnOptions;
  #waits: 'no' | 'for-change' | 'for-word' = 'no';
  #missedTotal = 0;
  /** Under which something waits, counted once until there may be more or fewer: it is asked for each second, and takes 20 ms where
   *  a hundred thousand values stand. */
  #waiting: ReadonlySet<Address> | undefined;

  constructor(options: DeviceReturnOptions) {
    this.#options = options;
  }

  /** what happened while a device was away that gets nothing by itself; params still stand */
  get missedTotal(): number {
    return this.#missedTotal;
  }

  /** values that wait until the operator says what becomes of them; undefined while none is asked */
  get asked(): number | undefined {
    if (this.#waits !== 'for-word' || this.#options.isAway()) return undefined;
    this.#waiting ??= addressesOf(this.#options.standing());
    return this.#waiting.size || undefined;
  }

  /** It is there.
   *  @param missed nobody knows whether it got what it was sent last
   *  @returns what it is sent now */
  comeUp(missed = false): Iterable<Signal | undefined> {
    const policy = this.#options.policy();
    this.#waiting = undefined;
    this.#waits = policy === 'ask' ? 'for-word' : policy === 'hold' ? 'for-change' : 'no';
    if (this.#waits !== 'no') return [];
    const { sent, standing, isFramed, clock } = this.#options;
    const isKnown = sent.back(clock.nowMicros());
    return inOrder(policy === 'differs' && !isFramed && !missed ? without(standing(), isKnown) : standing());
  }

  /** Something changes. @returns what its bridge is given of that */
  hear(batch: readonly Signal[]): readonly Signal[] {
    this.#countAnew(batch, (address) => this.#waiting?.has(address) === false);
    // What waited in the bridge would be sent when it is back, whatever the policy says.
    if (this.#getsNothingByItself() && this.#options.isAway()) {
      this.#missedTotal += batch.filter(({ kind }) => kind !== 'param').length;
      return [];
    }
    if (this.#waits === 'no' || !this.#options.isFramed) return batch;
    // Without a word nothing moves: a frame would take everything with it.
    if (this.#waits === 'for-word') return [];
    this.#waits = 'no';
    return [...wholeOf(this.#options.standing()), ...batch];
  }

  /** The device said it itself. */
  overtake(batch: readonly Signal[]): void {
    this.#countAnew(batch, (address) => this.#waiting?.has(address) === true);
  }

  /** The operator wants it to have what stands. @returns what it is sent */
  resend(): Iterable<Signal | undefined> {
    this.#waits = 'no';
    this.#waiting = undefined;
    return inOrder(this.#options.standing());
  }

  /** The operator leaves it as it is, until something changes. */
  leave(): void {
    if (this.#waits === 'for-word') this.#waits = 'for-change';
    this.#waiting = undefined;
  }

  #getsNothingByItself(): boolean {
    const policy = this.#options.policy();
    return policy === 'hold' || policy === 'ask';
  }

  /** @param isOther there is one more, or one less */
  #countAnew(batch: readonly Signal[], isOther: (address: Address) => boolean): void {
    if (!this.#waiting) return;
    if (batch.some(({ kind, address, value }) => kind !== 'event' && (value.type === 'null' || isOther(address))))
      this.#waiting = undefined;
  }
}

/** What it was not sent, or sent otherwise. */
function* without(
  found: FoundStanding,
  isKnown: ReturnType<SentValues['back']>,
): Generator<TimedSignal | undefined, undefined> {
  for (const each of found) yield each && isKnown(each.signal.address, each.signal.value) ? undefined : each;
  return undefined;
}

function addressesOf(found: FoundStanding): Set<Address> {
  const addresses = new Set<Address>();
  for (const each of found) if (each) addresses.add(each.signal.address);
  return addresses;
}
