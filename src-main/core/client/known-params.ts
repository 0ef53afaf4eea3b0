import type { Address } from '../../contract/address.ts';

interface Known {
  /** since it was asked for last */
  readonly heard: Set<Address>;
  /** before that, and not since */
  readonly unsure: Set<Address>;
  /** of what was there when it was asked for last */
  given: number;
}

/** Which params each subscription has heard of, and not of their end. What the next session does not name among all that is
 *  there has ended meanwhile. */
export class KnownParams<S extends object> {
  readonly #max: number;
  readonly #known = new Map<S, Known>();
  #size = 0;

  /** @param max remembered for all subscriptions together; the end of others is not noticed */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** It is asked for anew: whatever it knows must be confirmed by what comes now. */
  asked(subscription: S): void {
    const known = this.#of(subscription);
    for (const address of known.heard) known.unsure.add(address);
    known.heard.clear();
    known.given = 0;
  }

  /** It was given one more of what was there when it was asked for. */
  given(subscription: S): void {
    this.#of(subscription).given++;
  }

  /** It has heard a value. */
  heard(subscription: S, address: Address): void {
    const { heard, unsure } = this.#of(subscription);
    if (heard.has(address)) return;
    if (!unsure.delete(address)) {
      if (this.#size >= this.#max) return;
      this.#size++;
    }
    heard.add(address);
  }

  /** It has heard of the end. */
  heardEnd(subscription: S, address: Address): void {
    const { heard, unsure } = this.#of(subscription);
    if (heard.delete(address) || unsure.delete(address)) this.#size--;
  }

  /** All that was there has come. @param count of it, as the router says: where some of it is missing, nothing can be told
   *  @returns what has ended since it was heard of, each once */
  takeEnded(subscription: S, count: number): readonly Address[] {
    const { unsure, given } = this.#of(subscription);
    if (given < count) return [];
    const ended = [...unsure];
    unsure.clear();
    this.#size -= ended.length;
    return ended;
  }

  forget(subscription: S): void {
    const known = this.#known.get(subscription);
    if (known) this.#size -= known.heard.size + known.unsure.size;
    this.#known.delete(subscription);
  }

  clear(): void {
    this.#known.clear();
    this.#size = 0;
  }

  #of(subscription: S): Known {
    let known = this.#known.get(subscription);
    if (!known) {
      known = { heard: new Set(), unsure: new Set(), given: 0 };
      this.#known.set(subscription, known);
    }
    return known;
  }
}
