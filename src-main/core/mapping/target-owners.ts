import type { Address } from '../../contract/address.ts';

/** Targets remembered; beyond, the one that has been still the longest is forgotten. */
export const ownedTargetsMax = 100_000;

/** Which mapping was the last to send to each target. */
export class TargetOwners {
  readonly #owners = new Map<Address, string>();
  readonly #max: number;

  constructor(max = ownedTargetsMax) {
    this.#max = max;
  }

  set(target: Address, mappingId: string): void {
    if (this.#owners.get(target) === mappingId) return;
    this.#owners.delete(target);
    if (this.#owners.size >= this.#max) {
      const [oldest] = this.#owners.keys();
      if (oldest !== undefined) this.#owners.delete(oldest);
    }
    this.#owners.set(target, mappingId);
  }

  of(target: Address): string | undefined {
    return this.#owners.get(target);
  }
}
