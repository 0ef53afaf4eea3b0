import type { ReturnPolicy } from '../contract/bridges/bridge-head.ts';
import { sameValue, type Signal } from '../contract/signal.ts';
import type { SentValues } from './sent-values.ts';

export interface DeviceReturnOptions {
  readonly policy: () => ReturnPolicy;
  /** Sends whole frames of many addresses: one that changes takes all that stand with it. */
  readonly isFramed: boolean;
  /** what the device was sent, or said itself, last */
  readonly sent: SentValues;
  /** what stands under the prefix of the bridge, newest last */
  readonly standing: () => readonly Signal[];
  /** Its device is not there. Some bridges let what they get then wait for it. */
  readonly isAway: () => boolean;
}

/** Decides what a device gets that comes up, or back, and may not know how things stand.
 *  @see ReturnPolicy */
export class DeviceReturn {
  readonly #options: DeviceReturnOptions;
  #waits: 'no' | 'for-change' | 'for-word' = 'no';
  #missedTotal = 0;

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
    return this.#options.standing().length || undefined;
  }

  /** It is there.
   *  @param missed nobody knows whether it got what it was sent last
   *  @returns what it is sent now */
  comeUp(missed = false): readonly Signal[] {
    const policy = this.#options.policy();
    this.#waits = policy === 'ask' ? 'for-word' : policy === 'hold' ? 'for-change' : 'no';
    if (this.#waits !== 'no') return [];
    return policy === 'differs' && !this.#options.isFramed && !missed ? this.#differing() : this.#options.standing();
  }

  /** Something changes. @returns what its bridge is given of that */
  hear(batch: readonly Signal[]): readonly Signal[] {
    // What waited in the bridge would be sent when it is back, whatever the policy says.
    if (this.#getsNothingByItself() && this.#options.isAway()) {
      this.#missedTotal += batch.filter(({ kind }) => kind !== 'param').length;
      return [];
    }
    if (this.#waits === 'no' || !this.#options.isFramed) return batch;
    // Without a word nothing moves: a frame would take everything with it.
    if (this.#waits === 'for-word') return [];
    this.#waits = 'no';
    return [...this.#options.standing(), ...batch];
  }

  /** The operator wants it to have what stands. @returns what it is sent */
  resend(): readonly Signal[] {
    this.#waits = 'no';
    return this.#options.standing();
  }

  /** The operator leaves it as it is, until something changes. */
  leave(): void {
    if (this.#waits === 'for-word') this.#waits = 'for-change';
  }

  #getsNothingByItself(): boolean {
    const policy = this.#options.policy();
    return policy === 'hold' || policy === 'ask';
  }

  #differing(): readonly Signal[] {
    const { sent, standing } = this.#options;
    return standing().filter(({ address, value }) => {
      const known = sent.get(address);
      return known === undefined || !sameValue(known, value);
    });
  }
}
