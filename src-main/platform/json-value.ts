import { Buffer } from 'node:buffer';
import { InputError } from '../contract/errors.ts';
import { bool, f64, nullValue, text, valueDepthMax, type MapEntry, type Value } from '../contract/signal.ts';

/** How numbers cross. float: every number of JSON is an f64, as the official client sends them. written: a number without
 *  point and exponent is a whole one, and a float is written with a point, so that types survive both ways. */
export type JsonNumbers = 'float' | 'written';

export interface JsonOptions {
  readonly numbers?: JsonNumbers;
  /** a whole number beyond ±2^53: digits, or text for readers that know doubles only */
  readonly beyondDouble?: 'digits' | 'text';
}

/** The only name in an object that stands for bytes; its value is base64. */
const bytesName = '$bytes';

/** A value as JSON text, in the order of its maps: bytes as `{"$bytes":"base64"}`, a number that JSON does not know as text
 *  (`"NaN"`, `"Infinity"`, `"-Infinity"`).
 *  @see docs/values.md */
export function formatJson(value: Value, options: JsonOptions = {}): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'i64':
      return formatWhole(value.value, options);
    case 'f32':
    case 'f64':
      return formatFloat(value.value, options);
    case 'i8':
    case 'i16':
    case 'i32':
      return JSON.stringify(value.value);
    case 'bytes':
      return JSON.stringify({ [bytesName]: Buffer.from(value.value).toString('base64') });
    case 'array':
      return `[${value.value.map((item) => formatJson(item, options)).join(',')}]`;
    case 'map':
      return `{${value.value.map(([key, item]) => `${JSON.stringify(key)}:${formatJson(item, options)}`).join(',')}}`;
    case 'bool':
    case 'string':
      return JSON.stringify(value.value);
    default:
      return value satisfies never;
  }
}

/** JSON text as a value, without loss: whole numbers beyond ±2^53 are i64, `{"$bytes":"base64"}` is bytes. Of a name that
 *  comes twice in one object the last holds.
 *  @throws InputError 'bad-value' for what is no JSON, a number that nothing here can hold, and nesting past `valueDepthMax` */
export function parseJson(words: string, { numbers = 'float' }: JsonOptions = {}): Value {
  const value = readJson(words, numbers);
  if (!isShallow(value, 0)) throw badValue(`A value nests at most ${valueDepthMax} deep.`);
  return value;
}

/** Bytes of `{"$bytes":"base64"}`; undefined for any other object.
 *  @throws InputError 'bad-value' when it is no base64 */
export function bytesOfJson(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'object' || value === null || !(bytesName in value)) return undefined;
  const { [bytesName]: base64, ...rest } = value;
  return Object.keys(rest).length > 0 ? undefined : bytesOfBase64(base64);
}

function readJson(words: string, numbers: JsonNumbers): Value {
  // The source of each number comes third since Node 21 and Chromium 114; the types do not know it.
  const revive = (_name: string, node: unknown, context?: { readonly source?: string }): unknown =>
    valueOfNode(node, numbers, context?.source);
  try {
    return JSON.parse(words, revive) as Value;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    // Also what nests so deep that the reader gives up.
    throw badValue('Expected JSON.', cause);
  }
}

/** @param node of a list or an object the items are values already */
function valueOfNode(node: unknown, numbers: JsonNumbers, source: string | undefined): Value {
  if (node === null) return nullValue;
  if (typeof node === 'boolean') return bool(node);
  if (typeof node === 'string') return text(node);
  if (typeof node === 'number') return valueOfNumber(node, numbers, source ?? String(node));
  if (Array.isArray(node)) return { type: 'array', value: node as Value[] };
  const entries = Object.entries(node as Record<string, Value>);
  return bytesOfEntries(entries) ?? { type: 'map', value: entries };
}

function valueOfNumber(node: number, numbers: JsonNumbers, source: string): Value {
  if (!Number.isFinite(node)) throw badValue(`Expected a number up to 1.8e308, found ${shown(source)}.`);
  const isWhole = /^-?\d+$/.test(source) && source !== '-0';
  if (!isWhole) return f64(node);
  if (Number.isSafeInteger(node)) {
    if (numbers === 'float') return f64(node);
    return node === (node | 0) ? { type: 'i32', value: node } : { type: 'i64', value: BigInt(node) };
  }
  const whole = BigInt(source);
  if (BigInt.asIntN(64, whole) === whole) return { type: 'i64', value: whole };
  if (BigInt(node) === whole) return f64(node);
  throw badValue(`Expected a whole number of at most 64 bits, found ${shown(source)}.`);
}

function bytesOfEntries(entries: readonly MapEntry[]): Value | undefined {
  const [name, item] = entries[0] ?? [];
  if (entries.length !== 1 || name !== bytesName || item === undefined) return undefined;
  return { type: 'bytes', value: bytesOfBase64(item.type === 'string' ? item.value : undefined) };
}

function bytesOfBase64(base64: unknown): Uint8Array {
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw badValue(`expected base64 behind "${bytesName}".`);
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function formatFloat(value: number, { numbers }: JsonOptions): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  // The digits alone of such a float would be read as an i64.
  const isTakenForWhole = numbers === 'written' || (Number.isInteger(value) && !Number.isSafeInteger(value));
  if (!isTakenForWhole) return JSON.stringify(value);
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

function formatWhole(value: bigint, { beyondDouble = 'digits' }: JsonOptions): string {
  return beyondDouble === 'digits' || Number.isSafeInteger(Number(value)) ? value.toString() : `"${value}"`;
}

function isShallow(value: Value, depth: number): boolean {
  if (depth > valueDepthMax) return false;
  if (value.type === 'array') return value.value.every((item) => isShallow(item, depth + 1));
  return value.type !== 'map' || value.value.every(([, item]) => isShallow(item, depth + 1));
}

function shown(digits: string): string {
  return digits.length > 40 ? `${digits.slice(0, 39)}…` : digits;
}

function badValue(words: string, cause?: unknown): InputError {
  return new InputError('bad-value', words, {}, { cause });
}
