import type { Address } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';

/** Targets remembered; beyond, the one that has been still the longest is forgotten. */
export const ownedTargetsMax = 100_000;

/** Who was the last to set a target. */
export interface TargetHolder {
  /** undefined: somebody who is no mapping */
  readonly mappingId: string | undefined;
  /** when somebody moved what led to it */
  readonly movedAt: Micros;
}

/** Which mapping was the last to send to each target, and whether somebody else has sent something there since that the
 *  router does not keep. */
export class TargetOwners {
  readonly #holders = new Map<Address, TargetHolder>();
  readonly #max: number;

  constructor(max = ownedTargetsMax) {
    this.#max = max;
  }

  set(target: Address, mappingId: string, movedAt: Micros): void {
    const isNew = !this.#holders.has(target);
    if (isNew && this.#holders.size >= this.#max) {
      const [oldest] = this.#holders.keys();
      if (oldest !== undefined) this.#holders.delete(oldest);
    }
    this.#holders.set(target, { mappingId, movedAt });
  }

  /** Somebody who is no mapping sent something to this address. */
  noteOther(target: Address, movedAt: Micros): void {
    if (this.#holders.has(target)) this.#holders.set(target, { mappingId: undefined, movedAt });
  }

  clear(): void {
    this.#holders.clear();
  }

  of(target: Address): TargetHolder | undefined {
    return this.#holders.get(target);
  }
}
