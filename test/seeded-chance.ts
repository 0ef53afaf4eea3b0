/** 0 ≤ x < 1, again and again the same for the same seed. */
export type Chance = () => number;

/** mulberry32. @param seed u32; more bits are cut */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `least` to `most`, both included. */
export function wholeNumber(chance: Chance, least: number, most: number): number {
  return least + Math.floor(chance() * (most - least + 1));
}

/** @throws RangeError for an empty list */
export function oneOf<T>(chance: Chance, list: readonly T[]): T {
  const index = Math.floor(chance() * list.length);
  if (index >= list.length) throw new RangeError('There is nothing to choose from.');
  return list[index] as T;
}
