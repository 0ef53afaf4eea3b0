import type { HidControl } from '../../contract/hid-control.ts';

/** What one byte of a report has been since somebody looked. */
export class ByteHistory {
  readonly isRestSeen: boolean;
  /** where it stood when nobody touched anything */
  rest: number;
  value: number;
  /** bits that changed, and those that do so by themselves */
  changed = 0;
  noisy = 0;
  changes = 0;
  /** when it changed last, in reports */
  order = 0;
  /** how often it went over the end of its range, and how often the byte behind it went on by one then */
  jumps = 0;
  carries = 0;
  wraps = 0;
  /** it has only ever gone on by one or two, up or down */
  isStepwise = true;
  #step = 0;
  readonly #values = new Set<number>();

  /** @param isRestSeen nobody touches it; else the first report may be the one of a press */
  constructor(value: number, isRestSeen: boolean) {
    this.isRestSeen = isRestSeen;
    this.rest = value;
    this.value = value;
    this.#values.add(value);
  }

  /** The numbers it has been, ascending. */
  get values(): number[] {
    return [...this.#values].toSorted((one, other) => one - other);
  }

  take(value: number, { isRest, order }: { readonly isRest: boolean; readonly order: number }): void {
    const bits = value ^ this.value;
    this.#step = value - this.value;
    this.value = value;
    if (isRest) {
      this.noisy |= bits;
      this.rest = value;
      this.#values.clear();
    }
    this.#values.add(value);
    if (bits === 0 || isRest) return;
    this.changed |= bits;
    this.changes++;
    this.order = order;
    const around = Math.min(Math.abs(this.#step), 256 - Math.abs(this.#step));
    if (around > 2) this.isStepwise = false;
    if (Math.abs(this.#step) > 127) {
      this.jumps++;
      if (around <= 2) this.wraps++;
    }
  }

  /** Whether it went on by one in the report in which the byte before it went over its end. */
  follows(before: ByteHistory | undefined): boolean {
    if (before === undefined || before.order !== this.order || this.order === 0) return false;
    // From 0 to -1 all its bits change.
    return Math.abs(before.#step) > 127 && [1, 255].includes(Math.abs(this.#step));
  }
}

interface Guess {
  readonly place: Partial<HidControl>;
  readonly raw: number;
  readonly changes: number;
  readonly order: number;
}

/** What the bytes of one report seem to hold. A guess: who learns looks at it, and may say otherwise.
 *  @param histories by byte; the first may be missing
 *  @param isKnown whether a bit belongs to something already */
export function guessOf(
  histories: readonly (ByteHistory | undefined)[],
  isKnown: (byte: number, bit: number) => boolean,
): Guess[] {
  const guesses: Guess[] = [];
  for (let byte = 0; byte < histories.length; byte++) {
    const history = histories[byte];
    if (!history) continue;
    const bits = bitsOf(history, (bit) => isKnown(byte, bit));
    if (bits.length === 0) continue;
    const next = histories[byte + 1];
    if (next && isAxis(history, bits) && next.carries > 1 && next.carries >= history.jumps * 0.8) {
      guesses.push(wideAxis(byte, history, next));
      byte++;
    } else guesses.push(...guessByte(byte, history, bits));
  }
  return guesses;
}

/** Of a byte the bits that a person moved. */
function bitsOf(history: ByteHistory, isKnown: (bit: number) => boolean): number[] {
  // What counts reaches its higher bits only later.
  let noisy = history.noisy;
  for (let bit = 3; bit < 8; bit++) if (((noisy >> (bit - 3)) & 7) === 7) noisy |= 1 << bit;
  const moved = history.changed & ~noisy;
  return [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (moved >> bit) % 2 === 1 && !isKnown(bit));
}

/** Buttons give a byte a few numbers that differ by single bits; what slides gives it many. */
function isAxis(history: ByteHistory, bits: readonly number[]): boolean {
  return bits.length >= 3 && history.noisy === 0 && history.values.length > bits.length + 2;
}

function guessByte(byte: number, history: ByteHistory, bits: readonly number[]): Guess[] {
  const { rest, value, changes, order } = history;
  const low = history.values.map((each) => each & 15);
  const isHat = (rest & 15) === 8 || (rest & 15) === 15;
  if (isHat && bits.some((bit) => bit < 4) && low.every((each) => each <= 8 || each === 15)) {
    const others = bits.filter((bit) => bit > 3);
    const hat: Guess = { place: { kind: 'hat', byte, bits: 4 }, raw: value & 15, changes, order };
    return [hat, ...others.map((bit) => buttonGuess(byte, bit, history))];
  }
  if (isAxis(history, bits)) return [{ place: axisPlace(byte, history), raw: value, changes, order }];
  return bits.map((bit) => buttonGuess(byte, bit, history));
}

function buttonGuess(byte: number, bit: number, history: ByteHistory): Guess {
  const { rest, isRestSeen, value, changes, order } = history;
  // A foot switch says nothing before it is pressed: what it says first is no rest.
  const invert = isRestSeen && (rest >> bit) % 2 === 1;
  return { place: { kind: 'button', byte, bit, bits: 1, invert }, raw: (value >> bit) & 1, changes, order };
}

function axisPlace(byte: number, { rest, values, isStepwise, wraps }: ByteHistory): Partial<HidControl> {
  if (isStepwise && wraps > 0 && values.some((each) => each > 16 && each < 240)) return { kind: 'jog', byte, bits: 8 };
  const isSmall = values.every((each) => each < 64 || each > 192);
  // Both sides of a rest at 0: minus one is 255.
  if (rest === 0 && isSmall && values.some((each) => each > 192)) {
    const far = Math.max(...values.map((each) => (each > 127 ? 256 - each : each)));
    const ends = { signed: true, min: -far, max: far, centre: 0 };
    return isStepwise || far <= 16
      ? { kind: 'shuttle', byte, bits: 8, ...ends }
      : { kind: 'axis', byte, bits: 8, ...ends };
  }
  const centre = rest >= 96 && rest <= 160 ? rest : null;
  return { kind: 'axis', byte, bits: 8, centre };
}

function wideAxis(byte: number, low: ByteHistory, high: ByteHistory): Guess {
  const rest = high.rest * 256 + low.rest;
  const raw = high.value * 256 + low.value;
  const signed =
    high.rest === 0 && high.values.some((each) => each > 192) && !high.values.some((each) => each > 64 && each < 192);
  const centre = signed ? 0 : Math.abs(rest - 32_768) < 8192 ? rest : null;
  const place = { kind: 'axis', byte, bits: 16, signed, centre } as const;
  return {
    place,
    raw: signed && raw > 32_767 ? raw - 65_536 : raw,
    changes: low.changes + high.changes,
    order: Math.max(low.order, high.order),
  };
}
