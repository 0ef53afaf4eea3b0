import { sameValue, type Signal, type Value } from '../../contract/signal.ts';

/** What a bridge tells and its device cannot be told: it comes back with all that stands when the device does, and is no
 *  mistake of anybody then. */
export class ToldValues {
  readonly #told = new Map<string, Value>();
  readonly #isMeant: (address: string) => boolean;

  /** @param isMeant for few addresses only: the newest value of each is kept */
  constructor(isMeant: (address: string) => boolean) {
    this.#isMeant = isMeant;
  }

  note(batch: readonly Signal[]): void {
    for (const { kind, address, value } of batch)
      if (kind === 'param' && this.#isMeant(address)) this.#told.set(address, value);
  }

  /** @returns whether this is the value that was told there last */
  has({ kind, address, value }: Signal): boolean {
    const told = kind === 'param' ? this.#told.get(address) : undefined;
    return told !== undefined && sameValue(told, value);
  }
}
