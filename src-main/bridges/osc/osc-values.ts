import type { OscArgInput, OscArgOrArrayInput } from 'osc-min';
import { InputError } from '../../contract/errors.ts';
import { toJson, valueDepthMax, type Value } from '../../contract/signal.ts';

/** The arguments that carry a value where no rule of the show says otherwise: those of an array one by one, anything else as
 *  one. Whole numbers leave as `i` and floats as `f`, which every OSC device reads: of an f64 about seven digits arrive. What
 *  is too large for that leaves as `h` or `d`. A map leaves as JSON. The types of the rest are those that `readArguments` reads.
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
