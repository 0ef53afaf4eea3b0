import type { Address } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';

/** Targets of mappings remembered, and addresses that others alone send to; of each, beyond, the one that has been still
 *  the longest is forgotten. */
export const ownedTargetsMax = 100_000;

/** Who was the last to set a target. */
export interface TargetHolder {
  /** undefined: somebody who is no mapping */
  readonly mappingId: string | undefined;
  /** when somebody moved what led to it */
  readonly movedAt: Micros;
  /** whether the router keeps what was sent, as a param */
  readonly isKept: boolean;
}

/** Which mapping was the last to send to each target, and whether somebody else has sent something there since that the
 *  router does not keep. */
export class TargetOwners {
  readonly #holders = new Map<Address, TargetHolder>();
  /** apart, so that however many they are no target of a mapping is forgotten for them */
  readonly #others = new Map<Address, Micros>();
  /** is last among the others, or gone: set again, it is last without being moved */
  #newestOther: Address | undefined;
  readonly #max: number;

  constructor(max = ownedTargetsMax) {
    this.#max = max;
  }

  set(target: Address, holder: TargetHolder & { readonly mappingId: string }): void {
    this.#others.delete(target);
    this.#hold(target, holder);
  }

  /** Somebody who is no mapping sent something to this address. */
  noteOther(target: Address, movedAt: Micros): void {
    if (this.#holders.has(target)) this.#hold(target, { mappingId: undefined, movedAt, isKept: false });
    else if (target === this.#newestOther) this.#others.set(target, movedAt);
    else setNewest(this.#others, { key: (this.#newestOther = target), value: movedAt, max: this.#max });
  }

  clear(): void {
    this.#holders.clear();
    this.#others.clear();
  }

  of(target: Address): TargetHolder | undefined {
    const holder = this.#holders.get(target);
    if (holder) return holder;
    const movedAt = this.#others.get(target);
    return movedAt === undefined ? undefined : { mappingId: undefined, movedAt, isKept: false };
  }

  #hold(target: Address, holder: TargetHolder): void {
    setNewest(this.#holders, { key: target, value: holder, max: this.#max });
  }
}

function setNewest<K, V>(map: Map<K, V>, { key, value, max }: { key: K; value: V; max: number }): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
