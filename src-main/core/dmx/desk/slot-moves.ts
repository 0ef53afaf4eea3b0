import type { SoftPatch } from '../../../contract/fixture.ts';
import type { DmxAddress } from '../dmx-address.ts';

/** The soft patch of one bridge, from both ends. What nobody moves leaves where it is, unless something else was moved there. */
export class SlotMoves {
  /** by output: the slot that leaves there */
  readonly #origins = new Map<number, DmxAddress>();
  readonly #moved = new Set<number>();
  /** by universe: those that its slots leave in, itself left out */
  readonly #reach = new Map<number, Set<number>>();
  /** universes that hold outputs, or slots that moved */
  readonly #touched = new Set<number>();

  /** @param softPatch of one bridge, without conflicts */
  constructor(softPatch: readonly SoftPatch[]) {
    for (const { universe, slot, count, to } of softPatch) {
      this.#touched.add(universe);
      for (let offset = 0; offset < count; offset++) this.#moved.add(keyOf(universe, slot + offset));
      for (const place of to) this.#lead({ universe, slot }, place, count);
    }
  }

  /** Whether the levels of a universe leave as they are. */
  leavesAsItIs(universe: number): boolean {
    return !this.#touched.has(universe);
  }

  /** @returns the slot whose level leaves here; undefined where none does */
  originOf(universe: number, slot: number): DmxAddress | undefined {
    const key = keyOf(universe, slot);
    return this.#origins.get(key) ?? (this.#moved.has(key) ? undefined : { universe, slot });
  }

  /** Universes that a change of this one changes. */
  reach(universe: number): readonly number[] {
    return [universe, ...(this.#reach.get(universe) ?? [])];
  }

  #lead(from: DmxAddress, to: DmxAddress, count: number): void {
    this.#touched.add(to.universe);
    if (to.universe !== from.universe) {
      const reached = this.#reach.get(from.universe) ?? new Set();
      this.#reach.set(from.universe, reached.add(to.universe));
    }
    for (let offset = 0; offset < count; offset++) {
      const origin = { universe: from.universe, slot: from.slot + offset };
      this.#origins.set(keyOf(to.universe, to.slot + offset), origin);
    }
  }
}

function keyOf(universe: number, slot: number): number {
  return universe * 1024 + slot;
}
