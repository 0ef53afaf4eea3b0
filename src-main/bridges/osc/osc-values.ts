import type { OscArgInput, OscArgOrArrayInput, OscArgOutputOrArray } from 'osc-min';
import { InputError, ProtocolError } from '../../contract/errors.ts';
import { bool, f32, nullValue, text, toJson, valueDepthMax, type Value } from '../../contract/signal.ts';
import { timeOfTag } from './osc-time.ts';

/** Arguments of one message, those inside arrays and the arrays counted too. Their value still fits one CLASP frame. */
export const argumentsMax = 4096;

/** The value of a message: null without arguments, the argument itself when there is one, else an array of them.
 *
 *  | OSC | value | | OSC | value |
 *  |---|---|---|---|---|
 *  | i | i32 | | N | null |
 *  | h | i64 | | I (bang) | bool true, so that mappings see a 1 |
 *  | f | f32 | | t | i64, microseconds since 1970; 0 for "immediately" |
 *  | d | f64 | | c | string of one character |
 *  | s, S | string | | r | array of four i32: red, green, blue, alpha |
 *  | b | bytes | | m | bytes: port, status, data, data |
 *  | T, F | bool | | [ ] | array |
 *  @throws ProtocolError 'too-deep' | 'bad-length' */
export function valueOfArguments(args: readonly OscArgOutputOrArray[]): Value {
  const only = args[0];
  const budget = { left: argumentsMax };
  if (only === undefined) return nullValue;
  return args.length === 1 ? valueOf(only, 0, budget) : arrayOf(args, 0, budget);
}

function arrayOf(args: readonly OscArgOutputOrArray[], depth: number, budget: { left: number }): Value {
  if (depth >= valueDepthMax) throw new ProtocolError('too-deep', `Arrays nest at most ${valueDepthMax} deep.`);
  return { type: 'array', value: args.map((arg) => valueOf(arg, depth + 1, budget)) };
}

function valueOf(arg: OscArgOutputOrArray, depth: number, budget: { left: number }): Value {
  if (--budget.left < 0) throw new ProtocolError('bad-length', `A message has at most ${argumentsMax} arguments.`);
  switch (arg.type) {
    case 'array':
      return arrayOf(arg.value, depth, budget);
    case 'integer':
      return { type: 'i32', value: arg.value };
    case 'bigint':
      return { type: 'i64', value: arg.value };
    case 'float':
      return f32(arg.value);
    case 'double':
      return { type: 'f64', value: arg.value };
    case 'string':
    case 'symbol':
    case 'character':
      return text(arg.value);
    case 'blob':
      return { type: 'bytes', value: copyOf(arg.value) };
    case 'midi':
      return { type: 'bytes', value: Uint8Array.from(arg.value) };
    case 'color': {
      const { red, green, blue, alpha } = arg.value;
      return { type: 'array', value: [red, green, blue, alpha].map((value) => ({ type: 'i32', value })) };
    }
    case 'timetag':
      return { type: 'i64', value: BigInt(timeOfTag(arg.value) ?? 0) };
    case 'true':
    case 'bang':
      return bool(true);
    case 'false':
      return bool(false);
    case 'null':
      return nullValue;
    default:
      return arg satisfies never;
  }
}

/** The arguments that carry a value where no rule of the show says otherwise: those of an array one by one, anything else as
 *  one. Whole numbers leave as `i` and floats as `f`, which every OSC device reads: of an f64 about seven digits arrive. What
 *  is too large for that leaves as `h` or `d`. A map leaves as JSON.
 *  @throws InputError 'bad-value' for text with a NUL inside, and for nesting past `valueDepthMax` */
export function argumentsOfValue(value: Value): OscArgOrArrayInput[] {
  return value.type === 'array' ? value.value.map((item) => argumentOf(item, 1)) : [argumentOf(value, 0)];
}

export function argumentOf(value: Value, depth: number): OscArgOrArrayInput {
  if (depth > valueDepthMax) throw new InputError('bad-value', `A value nests at most ${valueDepthMax} deep`);
  switch (value.type) {
    case 'null':
      return { type: 'null' };
    case 'bool':
      return { type: value.value ? 'true' : 'false' };
    case 'i8':
    case 'i16':
    case 'i32':
      return { type: 'integer', value: value.value };
    case 'i64':
      return BigInt.asIntN(32, value.value) === value.value
        ? { type: 'integer', value: Number(value.value) }
        : { type: 'bigint', value: value.value };
    case 'f32':
    case 'f64':
      return floatArgument(value.value);
    case 'string':
      return textArgument(value.value);
    case 'bytes':
      return { type: 'blob', value: value.value };
    case 'array':
      return { type: 'array', value: value.value.map((item) => argumentOf(item, depth + 1)) };
    case 'map':
      return textArgument(JSON.stringify(toJson(value)));
    default:
      return value satisfies never;
  }
}

function floatArgument(value: number): OscArgInput {
  const fits = Number.isFinite(Math.fround(value)) || !Number.isFinite(value);
  return { type: fits ? 'float' : 'double', value };
}

/** @throws InputError 'bad-value' */
export function textArgument(value: string): { type: 'string'; value: string } {
  if (value.includes('\0')) throw new InputError('bad-value', 'OSC text cannot hold a NUL character.');
  return { type: 'string', value };
}

function copyOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
