import { isInteger, tryNumber, type Value } from '../../contract/signal.ts';
import { slotsPerUniverse } from './dmx-address.ts';

/** What a float means: 'unit' 0..1 is dark..full, 'level' 0..255 is the slot's level. Integers are always levels. */
export type FloatMeaning = 'unit' | 'level';

export interface FrameChange {
  /** whether any slot has another level now */
  readonly changed: boolean;
  /** values that would have landed beyond slot 512 */
  readonly clipped: number;
}

/** The levels of one universe; dark at first. */
export class UniverseFrame {
  readonly universe: number;
  readonly #levels = new Uint8Array(slotsPerUniverse);

  constructor(universe: number) {
    this.universe = universe;
  }

  /** Slot 1 is at index 0. A view: it changes with the frame. */
  get levels(): Readonly<Uint8Array> {
    return this.#levels;
  }

  /** Sets one slot, or with an array this slot and the ones after it.
   *  @param slot 1..512
   *  @returns undefined when the value, or one in the array, is no level; then nothing has changed */
  set(slot: number, value: Value, floats: FloatMeaning): FrameChange | undefined {
    const levels = tryLevels(value, floats);
    if (!levels) return undefined;
    const first = slot - 1;
    const fitting = Math.min(levels.length, slotsPerUniverse - first);
    let changed = false;
    for (let i = 0; i < fitting; i++) {
      const level = levels[i] ?? 0;
      changed ||= this.#levels[first + i] !== level;
      this.#levels[first + i] = level;
    }
    return { changed, clipped: levels.length - fitting };
  }
}

/** One level, or the levels of an array that holds at least one.
 *  @returns undefined for anything that is no level */
function tryLevels(value: Value, floats: FloatMeaning): readonly number[] | undefined {
  const items = value.type === 'array' ? value.value : [value];
  if (items.length === 0) return undefined;
  const levels: number[] = [];
  for (const item of items) {
    const level = tryLevel(item, floats);
    if (level === undefined) return undefined;
    levels.push(level);
  }
  return levels;
}

/** Numbers beyond the range become its end; true is full, false is dark.
 *  @returns a whole number 0..255, or undefined for NaN and for what is neither number nor bool */
export function tryLevel(value: Value, floats: FloatMeaning): number | undefined {
  const number = tryNumber(value);
  if (number === undefined || Number.isNaN(number)) return undefined;
  const isUnit = value.type === 'bool' || (floats === 'unit' && !isInteger(value));
  return Math.round(Math.min(255, Math.max(0, isUnit ? number * 255 : number)));
}
