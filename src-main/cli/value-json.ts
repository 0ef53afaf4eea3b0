import { InputError, messageOf } from '../contract/errors.ts';
import { fromJson, text, type Value } from '../contract/signal.ts';
import { checkJsonText } from '../platform/check-json-text.ts';
import { bytesOfJson, formatJson } from '../platform/json-value.ts';

/** A value as JSON text, in the order of its maps: bytes as `{"$bytes":"base64"}`, a whole number beyond ±2^53 as text, and
 *  so is a number that JSON does not know (`"NaN"`, `"Infinity"`, `"-Infinity"`). */
export function formatValue(value: Value): string {
  return formatJson(value, { beyondDouble: 'text' });
}

export function formatNumber(value: number): string {
  return formatValue({ type: 'f64', value });
}

export function formatWhole(value: bigint): string {
  return formatValue({ type: 'i64', value });
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
  try {
    return bytesOfJson(value);
  } catch (error) {
    throw new InputError('bad-value', `VALUE: ${messageOf(error)}`, {}, { cause: error });
  }
}
