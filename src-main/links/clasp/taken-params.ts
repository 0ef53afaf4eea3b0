import type { Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal } from '../../contract/signal.ts';
import { micros, millis, millisToMicros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

type Param = Extract<Signal, { kind: 'param' }>;

/** Params that go on in one `paceWindow`: together below what the supervisor lets a bridge bring in a second. */
export const paceMax = 400;
export const paceWindow = millis(100);
/** Params that may wait; of further ones nothing comes. */
export const takenMax = 200_000;

/** Hands on what the other router says of its params: at once, or, where there is much of it, in turn, the newest value of
 *  each. */
export class TakenParams {
  readonly #clock: Clock;
  readonly #publish: (params: readonly Param[]) => void;
  /** by the address here */
  readonly #waiting = new Map<Address, Param>();
  #isOpen = false;
  #left = paceMax;
  #windowEnds = micros(0);
  #timer: Cancel | undefined;

  constructor(clock: Clock, publish: (params: readonly Param[]) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  has(address: Address): boolean {
    return this.#waiting.has(address);
  }

  /** @returns false when it has no room */
  take(param: Param): boolean {
    if (!this.#waiting.has(param.address) && this.#waiting.size >= takenMax) return false;
    this.#waiting.set(param.address, param);
    if (this.#isOpen && !this.#timer) this.#handOn();
    return true;
  }

  /** What was said of it does not count any more. */
  drop(address: Address): void {
    this.#waiting.delete(address);
  }

  /** Until now everything waited. The first goes on a little later, so that what stands here can be compared with it. */
  open(): void {
    this.#isOpen = true;
    this.#timer ??= this.#clock.after(millis(1), () => this.#handOn());
  }

  stop(): void {
    this.#isOpen = false;
    this.#timer?.();
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #handOn(): void {
    this.#timer = undefined;
    const now = this.#clock.nowMicros();
    if (now >= this.#windowEnds) {
      this.#windowEnds = micros(now + millisToMicros(paceWindow));
      this.#left = paceMax;
    }
    const batch: Param[] = [];
    for (const param of this.#waiting.values()) {
      if (batch.length >= this.#left) break;
      batch.push(param);
    }
    for (const { address } of batch) this.#waiting.delete(address);
    this.#left -= batch.length;
    if (this.#waiting.size > 0) this.#timer = this.#clock.at(this.#windowEnds, () => this.#handOn());
    if (batch.length > 0) this.#publish(batch);
  }
}
