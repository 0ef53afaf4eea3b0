import { f64, isInteger, nullValue, tryNumber, type Value } from '../../contract/signal.ts';
import { slotsPerUniverse } from './dmx-address.ts';

/** What a float means: 'unit' 0..1 is dark..full, 'level' 0..255 is the slot's level. Integers are always levels. */
export type FloatMeaning = 'unit' | 'level';

export interface FrameChange {
  /** whether any slot has another level now */
  readonly changed: boolean;
  /** values that would have landed beyond slot 512 */
  readonly clipped: number;
  /** a float is far above full where it is 0..1: whoever sent it means levels */
  readonly isBeyondFull: boolean;
  /** the last slot 1..512 that it wants brighter than dark; 0 for none */
  readonly lastLit: number;
}

/** A fader that overshoots does not come that far. */
const beyondFullFrom = 2;

/** The levels of one universe; dark at first. */
export class UniverseFrame {
  readonly universe: number;
  readonly #levels = new Uint8Array(slotsPerUniverse);
  /** the float that set each slot, NaN for one that none did; made with the first */
  #floats: Float64Array | undefined;
  /** for each slot the one whose address the signal had that set it last, 0 for none: an array sets many from one address */
  readonly #setAt = new Uint16Array(slotsPerUniverse);
  /** the highest slot that was ever set */
  #lastSlot = 0;

  constructor(universe: number) {
    this.universe = universe;
  }

  /** Slot 1 is at index 0. A view: it changes with the frame. */
  get levels(): Readonly<Uint8Array> {
    return this.#levels;
  }

  /** What set the slots from 1 to the last one that was set: levels as integers, floats as they came, so that they can be
   *  given another meaning. A slot between that was never set is dark. */
  get given(): readonly Value[] {
    const [levels, floats] = [this.#levels, this.#floats];
    const values: Value[] = [];
    for (let i = 0; i < this.#lastSlot; i++) {
      const float = floats?.[i] ?? NaN;
      values.push(Number.isNaN(float) ? (levelValues[levels[i] ?? 0] ?? nullValue) : { type: 'f64', value: float });
    }
    return values;
  }

  /** @param slot 1..512
   *  @returns the slot at whose address the signal came that set this one; undefined when none did */
  setAt(slot: number): number | undefined {
    return this.#setAt[slot - 1] || undefined;
  }

  /** Sets one slot, or with an array this slot and the ones after it.
   *  @param slot 1..512
   *  @returns undefined when the value, or one in the array, is no level; then nothing has changed */
  set(slot: number, value: Value, floats: FloatMeaning): FrameChange | undefined {
    const items = value.type === 'array' ? value.value : [value];
    const levels = tryLevels(items, floats);
    if (!levels) return undefined;
    const first = slot - 1;
    const fitting = Math.min(levels.length, slotsPerUniverse - first);
    let changed = false;
    for (let i = 0; i < fitting; i++) {
      const level = levels[i] ?? 0;
      changed ||= this.#levels[first + i] !== level;
      this.#levels[first + i] = level;
      this.#setAt[first + i] = slot;
      this.#remember(first + i, items[i]);
    }
    this.#lastSlot = Math.max(this.#lastSlot, first + fitting);
    const isBeyondFull = floats === 'unit' && items.some((item) => floatOf(item) >= beyondFullFrom);
    const lit = levels.slice(0, fitting).findLastIndex((level) => level > 0);
    return { changed, clipped: levels.length - fitting, isBeyondFull, lastLit: lit === -1 ? 0 : slot + lit };
  }

  /** Gives the floats that set slots another meaning; everything else stays as it is. */
  reinterpret(floats: FloatMeaning): void {
    this.#floats?.forEach((float, i) => {
      const level = tryLevel(f64(float), floats);
      if (level !== undefined) this.#levels[i] = level;
    });
  }

  #remember(index: number, item: Value | undefined): void {
    const float = item ? floatOf(item) : NaN;
    if (!Number.isNaN(float)) this.#floats ??= new Float64Array(slotsPerUniverse).fill(NaN);
    if (this.#floats) this.#floats[index] = float;
  }
}

/** @returns NaN for what is no float */
function floatOf(value: Value): number {
  return value.type === 'f32' || value.type === 'f64' ? value.value : NaN;
}

/** Made once: an output that closes says the levels of all its slots. */
const levelValues = Array.from({ length: 256 }, (_, value): Value => ({ type: 'i32', value }));

/** @returns undefined when there is none, or one is no level */
function tryLevels(items: readonly Value[], floats: FloatMeaning): readonly number[] | undefined {
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
