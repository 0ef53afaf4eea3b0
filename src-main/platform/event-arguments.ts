import { Buffer } from 'node:buffer';
import { InputError } from '../contract/errors.ts';
import { fromJson, nullValue, valueDepthMax, type Value } from '../contract/signal.ts';

/** Bytes in one message of Socket.IO, each a packet of its own; receivers take no more by themselves. */
export const attachmentsMax = 10;
/** Names that mean something else, or are lost, where a message has bytes too. */
const keptBesideBytes: ReadonlySet<string> = new Set(['_placeholder', '__proto__']);

/** Arguments of an event as one value: none is null, one is itself, several are a list. Bytes are bytes wherever they are.
 *  @throws InputError 'bad-value' for what no value can hold */
export function valueOfArguments(args: readonly unknown[]): Value {
  if (args.length <= 1) return args.length === 0 ? nullValue : valueOfArgument(args[0]);
  return { type: 'array', value: args.map((each) => valueOfArgument(each)) };
}

/** @throws InputError 'bad-value' */
function valueOfArgument(arg: unknown, depth = 0): Value {
  // A part of what was received would hold all of it.
  if (arg instanceof Uint8Array) return { type: 'bytes', value: Uint8Array.from(arg) };
  if (depth > valueDepthMax || typeof arg !== 'object' || arg === null) return fromJson(arg, depth);
  if (Array.isArray(arg)) return { type: 'array', value: arg.map((each) => valueOfArgument(each, depth + 1)) };
  const entries = Object.entries(arg);
  return { type: 'map', value: entries.map(([key, each]) => [key, valueOfArgument(each, depth + 1)] as const) };
}

/** A value as Socket.IO carries it: bytes stay bytes; a whole number past 2^53 and a float that JSON does not know are text.
 *  @throws InputError 'bad-value' in a clause for what its receiver would end the connection for */
export function argumentOf(value: Value): unknown {
  const found = { attachments: 0, looksLikeBytes: false };
  const plain = plainOf(value, found);
  if (found.attachments > attachmentsMax)
    throw new InputError('bad-value', `it has more than ${attachmentsMax} pieces of bytes`);
  if (found.attachments > 0 && found.looksLikeBytes)
    throw new InputError('bad-value', 'it has a name beside bytes that Socket.IO keeps for itself');
  return plain;
}

function plainOf(value: Value, found: { attachments: number; looksLikeBytes: boolean }): unknown {
  switch (value.type) {
    case 'null':
      return null;
    case 'i64':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value.toString();
    case 'f32':
    case 'f64':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bytes':
      found.attachments++;
      return Buffer.from(value.value);
    case 'array':
      return value.value.map((item) => plainOf(item, found));
    case 'map':
      if (value.value.some(([key]) => keptBesideBytes.has(key))) found.looksLikeBytes = true;
      return Object.fromEntries(value.value.map(([key, item]) => [key, plainOf(item, found)]));
    case 'i8':
    case 'i16':
    case 'i32':
    case 'bool':
    case 'string':
      return value.value;
    default:
      return value satisfies never;
  }
}
