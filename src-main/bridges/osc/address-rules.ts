import { matcherOf, type Address, type Pattern } from '../../contract/address.ts';

/** Addresses whose rule is remembered; past it the memory starts afresh. */
const rememberedMax = 8192;

/** Rules of a show by address, of which the first that covers an address decides. */
export class AddressRules<T extends string> {
  readonly #rules: readonly { readonly covers: (address: Address) => boolean; readonly as: T }[];
  readonly #remembered = new Map<string, T | undefined>();

  /** @param rules patterns that the schema of the show has checked */
  constructor(rules: readonly { readonly pattern: string; readonly as: T }[]) {
    this.#rules = rules.map(({ pattern, as }) => ({ covers: matcherOf(pattern as Pattern), as }));
  }

  /** @param address without the prefix of the bridge */
  find(address: string): T | undefined {
    if (this.#rules.length === 0) return undefined;
    if (this.#remembered.has(address)) return this.#remembered.get(address);
    const found = this.#rules.find(({ covers }) => covers(address as Address))?.as;
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(address, found);
    return found;
  }
}
