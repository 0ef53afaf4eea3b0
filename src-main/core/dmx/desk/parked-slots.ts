/** The levels that slots of one bridge keep whatever is asked for. */
export class ParkedSlots {
  readonly #universes = new Map<number, Map<number, number>>();

  /** @param level 0..255; undefined lets the slot go
   *  @returns whether that changes anything */
  set(universe: number, slot: number, level: number | undefined): boolean {
    const slots = this.#universes.get(universe) ?? new Map<number, number>();
    if (slots.get(slot) === level) return false;
    if (level === undefined) slots.delete(slot);
    else slots.set(slot, level);
    if (slots.size === 0) this.#universes.delete(universe);
    else this.#universes.set(universe, slots);
    return true;
  }

  get(universe: number, slot: number): number | undefined {
    return this.#universes.get(universe)?.get(slot);
  }

  of(universe: number): ReadonlyMap<number, number> {
    return this.#universes.get(universe) ?? none;
  }

  /** those in which something is parked */
  get universes(): readonly number[] {
    return [...this.#universes.keys()];
  }

  /** Writes them over the levels of their universe. */
  applyTo(universe: number, levels: Uint8Array): void {
    for (const [slot, level] of this.of(universe)) levels[slot - 1] = level;
  }
}

const none: ReadonlyMap<number, number> = new Map();
