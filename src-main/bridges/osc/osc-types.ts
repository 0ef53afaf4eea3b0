import type { OscArgOrArrayInput } from 'osc-min';
import { InputError } from '../../contract/errors.ts';
import { toJson, tryNumber, type Value } from '../../contract/signal.ts';
import { micros } from '../../contract/units.ts';
import { argumentOf, textArgument } from './osc-values.ts';
import { immediately, tagOfTime } from './osc-time.ts';

/** The arguments of a value as a rule of the show wants them: one letter for each item of an array, the last letter for all
 *  that follow; `none` is no argument whatever the value. An array of numbers under `r` or `m` alone is one colour, or one
 *  MIDI message.
 *
 *  | letter | takes |
 *  |---|---|
 *  | i, h | numbers, rounded; switches as 1 and 0; text that is a number |
 *  | f, d | the same, not rounded |
 *  | s, S | text; anything else but bytes as JSON |
 *  | b | bytes; text as UTF-8 |
 *  | T | switches; a number, where 0 is F; nothing as F |
 *  | r | `#rrggbb`, `#rrggbbaa`; red, green, blue and perhaps alpha, 0..255; a whole number 0xrrggbbaa |
 *  | m | four bytes or numbers: port, status, data, data; three without the port |
 *  | c | text of one character, or none, which is 0; its number |
 *  | t | microseconds since 1970; 0 for "immediately" |
 *  | I, N | anything |
 *  @throws InputError 'bad-value' with what was expected */
export function argumentsAs(tags: string, value: Value): OscArgOrArrayInput[] {
  if (tags === 'none') return [];
  const isOne = value.type !== 'array' || ((tags === 'r' || tags === 'm') && value.value.every(isNumber));
  const items = isOne ? [value] : value.value;
  if (items.length < tags.length) {
    throw new InputError('bad-value', `,${tags} wants ${tags.length} values, and there ${words(items.length)}.`);
  }
  return items.map((item, i) => argumentAs(tags[i] ?? tags.at(-1) ?? '', item));
}

function argumentAs(tag: string, value: Value): OscArgOrArrayInput {
  switch (tag) {
    case 'i':
      return { type: 'integer', value: Number(wholeOf(value, 32)) };
    case 'h':
      return { type: 'bigint', value: wholeOf(value, 64) };
    case 'f':
      return { type: 'float', value: numberOf(value) };
    case 'd':
      return { type: 'double', value: numberOf(value) };
    case 's':
      return textArgument(textOf(value));
    case 'S':
      return { ...textArgument(textOf(value)), type: 'symbol' };
    case 'b':
      return { type: 'blob', value: bytesOf(value) };
    case 'T':
      return { type: value.type !== 'null' && numberOf(value) !== 0 ? 'true' : 'false' };
    case 'N':
      return { type: 'null' };
    case 'I':
      return { type: 'bang' };
    case 'r':
      return { type: 'color', value: colourOf(value) };
    case 'm':
      return { type: 'midi', value: midiOf(value) };
    case 'c':
      return { type: 'character', value: letterOf(value) };
    case 't':
      return { type: 'timetag', value: timeTagOf(value) };
    default:
      return argumentOf(value, 1);
  }
}

function numberOf(value: Value): number {
  const number = value.type === 'string' && value.value.trim() !== '' ? Number(value.value) : tryNumber(value);
  if (number === undefined || Number.isNaN(number)) throw wanted('a number');
  return number;
}

function wholeOf(value: Value, bits: 32 | 64): bigint {
  const number = value.type === 'i64' ? value.value : numberOf(value);
  if (typeof number === 'number' && !Number.isFinite(number)) throw wanted(`a number of ${bits} bits`);
  const whole = typeof number === 'bigint' ? number : BigInt(Math.round(number));
  if (BigInt.asIntN(bits, whole) !== whole) throw wanted(`a number of ${bits} bits`);
  return whole;
}

function textOf(value: Value): string {
  if (value.type === 'string') return value.value;
  if (value.type === 'bytes') throw wanted('text');
  return value.type === 'null' ? '' : JSON.stringify(toJson(value));
}

function bytesOf(value: Value): Uint8Array {
  if (value.type === 'bytes') return value.value;
  if (value.type === 'string') return new TextEncoder().encode(value.value);
  throw wanted('bytes or text');
}

interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

function colourOf(value: Value): Colour {
  const [red = 0, green = 0, blue = 0, alpha = 255] = colourBytes(value);
  return { red, green, blue, alpha };
}

function colourBytes(value: Value): readonly number[] {
  if (value.type === 'string') {
    const [, hex] = /^#([0-9a-f]{6}(?:[0-9a-f]{2})?)$/i.exec(value.value) ?? [];
    if (hex === undefined) throw wanted('a colour such as #ff8800');
    return [0, 2, 4, 6].filter((at) => at < hex.length).map((at) => parseInt(hex.slice(at, at + 2), 16));
  }
  const whole = value.type === 'array' || value.type === 'bytes' ? undefined : tryNumber(value);
  if (whole !== undefined) {
    if (!Number.isInteger(whole) || whole < 0 || whole > 0xffff_ffff) throw wanted('a colour from 0 to 0xffffffff');
    return [whole / 2 ** 24, whole >>> 16, whole >>> 8, whole].map((part) => Math.floor(part) & 0xff);
  }
  return octetsOf(value, [3, 4]);
}

function midiOf(value: Value): [number, number, number, number] {
  const octets = octetsOf(value, [3, 4]);
  const [port = 0, status = 0, first = 0, second = 0] = octets.length === 3 ? [0, ...octets] : octets;
  return [port, status, first, second];
}

function octetsOf(value: Value, sizes: readonly number[]): readonly number[] {
  const octets =
    value.type === 'bytes' ? [...value.value] : value.type === 'array' ? value.value.map((item) => numberOf(item)) : [];
  const rounded = octets.map(Math.round);
  const isSound = sizes.includes(rounded.length) && rounded.every((octet) => octet >= 0 && octet <= 255);
  if (!isSound) throw wanted(`${sizes.join(' or ')} numbers from 0 to 255`);
  return rounded;
}

function letterOf(value: Value): string {
  const letter = value.type === 'string' ? value.value || '\0' : String.fromCodePoint(codeOf(value));
  if (Array.from(letter).length !== 1) throw wanted('one character');
  return letter;
}

function codeOf(value: Value): number {
  const code = Math.round(numberOf(value));
  if (!(code >= 0 && code <= 0x10ffff)) throw wanted('one character, or its number');
  return code;
}

function timeTagOf(value: Value): [number, number] {
  const at = numberOf(value);
  if (at === 0) return [...immediately];
  if (!Number.isSafeInteger(Math.round(at)) || at < 0) throw wanted('a time in microseconds since 1970');
  return [...tagOfTime(micros(Math.round(at)))];
}

function isNumber(value: Value): boolean {
  return tryNumber(value) !== undefined;
}

function words(count: number): string {
  return count === 1 ? 'is 1' : `are ${count}`;
}

function wanted(what: string): InputError {
  return new InputError('bad-value', `The show's rule wants ${what} there.`);
}
