import type { Address } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import { NewestMap } from '../bounds/newest-map.ts';

/** Targets of mappings remembered, and addresses that others alone send to; of each, beyond, those that have been still the
 *  longest are forgotten, of the latter half at once. */
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

interface OtherSender {
  readonly target: Address;
  movedAt: Micros;
}

/** Which mapping was the last to send to each target, and whether somebody else has sent something there since that the
 *  router does not keep. */
export class TargetOwners {
  readonly #holders: NewestMap<Address, TargetHolder>;
  readonly #othersMax: number;
  /** Apart, so that however many they are no target of a mapping is forgotten for them. In two ages: a map that is kept in
   *  order would cost each stream sample two changes of it. */
  #others = new Map<Address, OtherSender>();
  #othersBefore = new Map<Address, OtherSender>();
  /** of them: a fader sends many in a row */
  #latest: OtherSender | undefined;

  constructor(max = ownedTargetsMax) {
    this.#holders = new NewestMap(max);
    this.#othersMax = max / 2;
  }

  set(target: Address, holder: TargetHolder & { readonly mappingId: string }): void {
    this.#forgetOther(target);
    this.#holders.set(target, holder);
  }

  /** Somebody who is no mapping sent something to this address. */
  noteOther(target: Address, movedAt: Micros): void {
    if (this.#latest?.target === target) this.#latest.movedAt = movedAt;
    else if (this.#holders.has(target)) this.#holders.set(target, { mappingId: undefined, movedAt, isKept: false });
    else this.#noteAmongOthers(target, movedAt);
  }

  clear(): void {
    this.#holders.clear();
    this.#others.clear();
    this.#othersBefore.clear();
    this.#latest = undefined;
  }

  of(target: Address): TargetHolder | undefined {
    const holder = this.#holders.get(target);
    if (holder) return holder;
    const other = this.#others.get(target) ?? this.#othersBefore.get(target);
    return other && { mappingId: undefined, movedAt: other.movedAt, isKept: false };
  }

  #noteAmongOthers(target: Address, movedAt: Micros): void {
    const known = this.#others.get(target);
    if (known) known.movedAt = movedAt;
    this.#latest = known ?? this.#add({ target, movedAt });
  }

  #add(other: OtherSender): OtherSender {
    if (this.#others.size >= this.#othersMax) {
      this.#othersBefore = this.#others;
      this.#others = new Map();
    }
    this.#others.set(other.target, other);
    return other;
  }

  #forgetOther(target: Address): void {
    this.#others.delete(target);
    this.#othersBefore.delete(target);
    if (this.#latest?.target === target) this.#latest = undefined;
  }
}
