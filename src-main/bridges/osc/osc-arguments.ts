import { ProtocolError } from '../../contract/errors.ts';
import { bool, f32, nullValue, text, valueDepthMax, type Value } from '../../contract/signal.ts';
import { timeOfTag } from './osc-time.ts';
import { readText, type TextCoding } from './osc-text.ts';

/** Arguments of one message, those inside arrays and the arrays counted too. Their value still fits one CLASP frame. */
export const argumentsMax = 4096;

export interface ReadArguments {
  readonly value: Value;
  /** no argument, or I or N alone */
  readonly isBare: boolean;
}

/** The value of a message, read here and not by the library, which loses bytes of text that is no UTF-8, and whole messages
 *  for one letter that is none: null without arguments, the argument itself when there is one, else an array of them.
 *
 *  | OSC | value | | OSC | value |
 *  |---|---|---|---|---|
 *  | i | i32 | | N | null |
 *  | h | i64 | | I (bang) | bool true, so that mappings see a 1 |
 *  | f | f32 | | t | i64, microseconds since 1970; 0 for "immediately" |
 *  | d | f64 | | c | string of one character, empty for 0; i32 where it is none |
 *  | s, S | string | | r | array of four i32: red, green, blue, alpha |
 *  | b | bytes | | m | bytes: port, status, data, data |
 *  | T, F | bool | | [ ] | array |
 *  @param bytes all that follows the address, not kept
 *  @throws ProtocolError 'too-deep' | 'bad-length' | 'bad-type'
 *  @see OSC 1.0 */
export function readArguments(bytes: Uint8Array, coding: TextCoding): ReadArguments {
  if (bytes.length === 0) return { value: nullValue, isBare: true };
  const { raw, end } = rawTextAt(bytes, 0);
  const tags = readText(raw, 'latin-1');
  if (!tags.startsWith(',')) throw new ProtocolError('bad-type', 'Type tags begin with a comma.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const reader = new ArgumentReader({ bytes, view, tags, coding, at: end });
  return { value: reader.read(), isBare: /^,[IN]?$/.test(tags) };
}

/** @param at where an OSC string begins
 *  @returns its bytes, without the zeros after it, and where what follows it begins
 *  @throws ProtocolError 'bad-length' */
export function rawTextAt(bytes: Uint8Array, at: number): { readonly raw: Uint8Array; readonly end: number } {
  const zero = bytes.indexOf(0, at);
  const end = (zero + 4) & ~3;
  if (zero < 0 || end > bytes.length || bytes.subarray(zero, end).some((byte) => byte !== 0)) {
    throw new ProtocolError('bad-length', 'Text ends with one to four zeros.');
  }
  return { raw: bytes.subarray(at, zero), end };
}

interface Arguments {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly tags: string;
  readonly coding: TextCoding;
  /** where the first argument begins */
  readonly at: number;
}

class ArgumentReader {
  readonly #of: Arguments;
  #at: number;
  /** where the next tag stands */
  #tag = 1;
  #left = argumentsMax;
  #deepest = 0;

  constructor(of: Arguments) {
    this.#of = of;
    this.#at = of.at;
  }

  read(): Value {
    const items = this.#list(0);
    const only = items.length === 1 ? items[0] : undefined;
    if (!only && this.#deepest + 1 > valueDepthMax) throw tooDeep();
    if (items.length === 0) return nullValue;
    return only ?? { type: 'array', value: items };
  }

  /** @param depth of brackets; those of a bracket end with it */
  #list(depth: number): Value[] {
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > valueDepthMax) throw tooDeep();
    const { tags } = this.#of;
    const items: Value[] = [];
    while (this.#tag < tags.length) {
      const tag = tags.charAt(this.#tag++);
      if (tag === ']' && depth > 0) return items;
      if (--this.#left < 0) throw new ProtocolError('bad-length', `A message has at most ${argumentsMax} arguments.`);
      items.push(tag === '[' ? { type: 'array', value: this.#list(depth + 1) } : this.#argument(tag));
    }
    if (depth > 0) throw new ProtocolError('bad-type', 'An array has no end.');
    return items;
  }

  #argument(tag: string): Value {
    const { view } = this.#of;
    switch (tag) {
      case 'i':
        return { type: 'i32', value: view.getInt32(this.#take(4)) };
      case 'h':
        return { type: 'i64', value: view.getBigInt64(this.#take(8)) };
      case 'f':
        return f32(view.getFloat32(this.#take(4)));
      case 'd':
        return { type: 'f64', value: view.getFloat64(this.#take(8)) };
      case 's':
      case 'S':
        return text(this.#text());
      case 'b':
        return { type: 'bytes', value: this.#blob() };
      case 'm':
        return { type: 'bytes', value: this.#octets(4) };
      case 'r':
        return { type: 'array', value: Array.from(this.#octets(4), (value): Value => ({ type: 'i32', value })) };
      case 'c':
        return this.#letter();
      case 't': {
        const at = this.#take(8);
        return { type: 'i64', value: BigInt(timeOfTag([view.getUint32(at), view.getUint32(at + 4)]) ?? 0) };
      }
      case 'T':
      case 'I':
        return bool(true);
      case 'F':
        return bool(false);
      case 'N':
        return nullValue;
      default:
        throw new ProtocolError('bad-type', 'There is no such type of argument.');
    }
  }

  #text(): string {
    const { raw, end } = rawTextAt(this.#of.bytes, this.#at);
    this.#at = end;
    return readText(raw, this.#of.coding);
  }

  /** Some send more than letters have numbers, or a half of a pair. */
  #letter(): Value {
    const at = this.#take(4);
    const code = this.#of.view.getUint32(at);
    const isLetter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    if (!isLetter) return { type: 'i32', value: this.#of.view.getInt32(at) };
    return text(code === 0 ? '' : String.fromCodePoint(code));
  }

  #blob(): Uint8Array {
    const octets = this.#octets(this.#of.view.getUint32(this.#take(4)));
    this.#take(-octets.length & 3);
    return octets;
  }

  #octets(count: number): Uint8Array {
    const at = this.#take(count);
    // A copy: what is sliced of one of Node's buffers is not.
    return new Uint8Array(this.#of.bytes.subarray(at, at + count));
  }

  /** @returns where it begins */
  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#of.bytes.length) throw new ProtocolError('bad-length', 'The message ends in an argument.');
    this.#at = at + count;
    return at;
  }
}

function tooDeep(): ProtocolError {
  return new ProtocolError('too-deep', `Arrays nest at most ${valueDepthMax} deep.`);
}
