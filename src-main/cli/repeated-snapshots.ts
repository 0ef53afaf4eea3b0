import { sameValue, type Value } from '../contract/signal.ts';
import type { Received } from '../core/client/received.ts';

/** Addresses whose last value is remembered; beyond, the one that was unheard for longest is forgotten. */
export const rememberedMax = 10_000;

interface Last {
  readonly revision: bigint;
  readonly value: Value;
}

/** Knows a param that comes again unchanged: with each session a router sends all it has, and a subscription's part of it
 *  once more. */
export class RepeatedSnapshots {
  readonly #last = new Map<string, Last>();

  /** @returns whether it says nothing new; remembers it */
  isRepeated({ signal, revision, isSnapshot }: Received): boolean {
    if (signal.kind !== 'param' || revision === undefined) return false;
    const { address, value } = signal;
    const last = this.#last.get(address);
    this.#last.delete(address);
    this.#last.set(address, { revision, value });
    const [longestUnheard] = this.#last.keys();
    if (this.#last.size > rememberedMax && longestUnheard !== undefined) this.#last.delete(longestUnheard);
    return isSnapshot && last?.revision === revision && sameValue(last.value, value);
  }
}
