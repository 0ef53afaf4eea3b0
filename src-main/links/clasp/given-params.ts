import type { Address } from '../../contract/address.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Value } from '../../contract/signal.ts';
import type { Acknowledgement } from '../../core/client/acknowledgement.ts';

/** Params on their way to the other router at a time; the newest value of each further one waits. */
export const underWayMax = 512;
/** Params that wait; further ones are refused. */
export const waitingMax = 200_000;

/** What the other router said of a param. */
export interface Said {
  readonly address: Address;
  readonly value: Value;
  readonly revision: bigint | undefined;
}

export interface GivenParamsOptions {
  readonly set: (address: Address, value: Value) => Promise<Acknowledgement>;
  readonly onGiven: (said: Said) => void;
  readonly onRefused: (address: Address, why: string) => void;
  /** somebody there set it after our own write, which was under way when we heard of it */
  readonly onLater: (said: Said) => void;
}

/** Sets params at the other router, one write of each at a time. While one is under way, what is heard of that param waits
 *  for the answer, which says by its revision which of the two was later. */
export class GivenParams {
  readonly #options: GivenParamsOptions;
  readonly #underWay = new Map<Address, { heard: Said | undefined }>();
  readonly #waiting = new Map<Address, Value>();
  #isOver = false;

  constructor(options: GivenParamsOptions) {
    this.#options = options;
  }

  give(address: Address, value: Value): void {
    if (!this.#underWay.has(address) && this.#underWay.size < underWayMax) void this.#send(address, value);
    else if (this.#waiting.has(address) || this.#waiting.size < waitingMax) this.#waiting.set(address, value);
    else this.#options.onRefused(address, 'more waits than the link holds');
  }

  /** @returns whether a write of ours decides about it */
  hold(said: Said): boolean {
    const flight = this.#underWay.get(said.address);
    if (flight) flight.heard = said;
    return flight !== undefined || this.#waiting.has(said.address);
  }

  stop(): void {
    this.#isOver = true;
    this.#waiting.clear();
  }

  async #send(address: Address, value: Value): Promise<void> {
    const flight: { heard: Said | undefined } = { heard: undefined };
    this.#underWay.set(address, flight);
    let revision: bigint | undefined;
    let refusal: string | undefined;
    try {
      ({ revision } = await this.#options.set(address, value));
    } catch (error) {
      refusal = messageOf(error);
    }
    this.#underWay.delete(address);
    if (this.#isOver) return;
    if (refusal === undefined) this.#options.onGiven({ address, value, revision });
    else this.#options.onRefused(address, refusal);
    const { heard } = flight;
    const isLater = heard && (refusal !== undefined || (heard.revision ?? 0n) > (revision ?? 0n));
    if (isLater && !this.#waiting.has(address)) this.#options.onLater(heard);
    this.#sendNext(address);
  }

  #sendNext(just: Address): void {
    const [first] = this.#waiting.keys();
    const next = this.#waiting.has(just) ? just : first;
    if (next === undefined) return;
    const value = this.#waiting.get(next);
    this.#waiting.delete(next);
    if (value !== undefined) this.give(next, value);
  }
}
