import { Buffer } from 'node:buffer';
import { InputError, messageOf } from '../contract/errors.ts';
import { fromJson, text, type Value } from '../contract/signal.ts';
import { checkJsonText } from '../platform/check-json-text.ts';

/** The only name in an object that stands for bytes; its value is base64. */
const bytesName = '$bytes';

/** A value as JSON text, in the order of its maps: bytes as `{"$bytes":"base64"}`, a whole number beyond ±2^53 as text, and
 *  so is a number that JSON does not know (`"NaN"`, `"Infinity"`, `"-Infinity"`). */
export function formatValue(value: Value): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'i64':
      return formatWhole(value.value);
    case 'i8':
    case 'i16':
    case 'i32':
    case 'f32':
    case 'f64':
      return formatNumber(value.value);
    case 'bytes':
      return JSON.stringify({ [bytesName]: Buffer.from(value.value).toString('base64') });
    case 'array':
      return `[${value.value.map(formatValue).join(',')}]`;
    case 'map':
      return `{${value.value.map(([key, item]) => `${JSON.stringify(key)}:${formatValue(item)}`).join(',')}}`;
    case 'bool':
    case 'string':
      return JSON.stringify(value.value);
    default:
      return value satisfies never;
  }
}

export function formatNumber(value: number): string {
  return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value));
}

export function formatWhole(value: bigint): string {
  return Number.isSafeInteger(Number(value)) ? value.toString() : `"${value}"`;
}

/** What somebody typed: JSON, and what is none is a string. Numbers become f64 as the official client sends them, a whole
 *  number beyond ±2^53 an i64, `{"$bytes":"base64"}` bytes.
 *  @throws InputError 'bad-value' for JSON that would not arrive as it was written */
export function parseValue(words: string): Value {
  const whole = wholeBeyondDouble(words);
  if (whole !== undefined) return { type: 'i64', value: whole };
  const json = tryJson(words);
  if (!json) return text(words);
  try {
    checkJsonText(words);
  } catch (error) {
    throw new InputError('bad-value', `VALUE: ${messageOf(error)}`, {}, { cause: error });
  }
  return fromJson(json.value);
}

function wholeBeyondDouble(words: string): bigint | undefined {
  if (!/^\s*-?(0|[1-9]\d*)\s*$/.test(words) || Number.isSafeInteger(Number(words))) return undefined;
  const whole = BigInt(words);
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

function tryJson(words: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(words, (_name, value: unknown) => bytesIn(value) ?? value) as unknown };
  } catch (error) {
    if (error instanceof InputError) throw error;
    return undefined;
  }
}

function bytesIn(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null || !(bytesName in value)) return undefined;
  const { [bytesName]: base64, ...rest } = value;
  if (Object.keys(rest).length > 0) return undefined;
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw new InputError('bad-value', `VALUE: expected base64 behind "${bytesName}".`);
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
