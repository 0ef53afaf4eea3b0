import type { Address } from '../../contract/address.ts';
import type { Value } from '../../contract/signal.ts';

/** The param by which every router with links says who it is. Links take it from wherever it is, so that a router meets its
 *  own one wherever it is mirrored, over however many links. */
export const routerMark = '/flyrail/router' as Address;

/** Where another router mirrors ourselves: what is there came from here, and would go in circles. */
export class Mirrors {
  readonly #ownId: string;
  readonly #prefixes = new Set<string>();

  constructor(ownId: string) {
    this.#ownId = ownId;
  }

  /** the other router is this one */
  get isSelf(): boolean {
    return this.#prefixes.has('');
  }

  /** at the other router, in the order of the alphabet */
  get prefixes(): readonly string[] {
    return [...this.#prefixes].toSorted();
  }

  /** A mark there says this.
   *  @returns whether it is our own */
  hear(address: Address, value: Value): boolean {
    const prefix = address.slice(0, -routerMark.length);
    const isOwn = value.type === 'string' && value.value === this.#ownId;
    if (isOwn) this.#prefixes.add(prefix);
    else this.#prefixes.delete(prefix);
    return isOwn;
  }

  covers(address: Address): boolean {
    for (const prefix of this.#prefixes) if (address.startsWith(`${prefix}/`)) return true;
    return false;
  }
}

export function isRouterMark(address: Address): boolean {
  return address.endsWith(routerMark);
}
