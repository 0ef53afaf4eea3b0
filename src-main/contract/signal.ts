import type { Address } from './address.ts';
import { InputError } from './errors.ts';
import type { Micros } from './units.ts';

/** A value together with its type on the wire, so that an i64 comes back as i64 and a map keeps its order.
 *  @see CLASP-WIRE §2 */
export type Value =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'i8' | 'i16' | 'i32' | 'f32' | 'f64'; readonly value: number }
  | { readonly type: 'i64'; readonly value: bigint }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'array'; readonly value: readonly Value[] }
  | { readonly type: 'map'; readonly value: readonly MapEntry[] };
export type MapEntry = readonly [key: string, value: Value];
export type ValueType = Value['type'];

export type SignalKind = 'param' | 'event' | 'stream' | 'gesture' | 'timeline';
export const signalKinds = ['param', 'event', 'stream', 'gesture', 'timeline'] as const satisfies readonly SignalKind[];
/** What becomes of a write where others write too. lww: the last one holds. max, min: the highest, the lowest number holds.
 *  lock: the first writer alone writes until it leaves. merge: maps are joined key by key. */
export const conflictStrategies = ['lww', 'max', 'min', 'lock', 'merge'] as const;
export type ConflictStrategy = (typeof conflictStrategies)[number];
export type GesturePhase = 'start' | 'move' | 'end' | 'cancel';

/** What happens at an address. A param stays, an event happens once, a stream flows, a gesture has a beginning and an
 *  end, a timeline plays. `timestamp` is the sender's, in microseconds since the Unix epoch. */
export type Signal =
  | { readonly kind: 'param'; readonly address: Address; readonly value: Value }
  | { readonly kind: 'event'; readonly address: Address; readonly value: Value; readonly timestamp?: Micros }
  | {
      readonly kind: 'stream';
      readonly address: Address;
      readonly value: Value;
      readonly samples?: readonly number[];
      /** samples per second */
      readonly rate?: number;
      readonly timestamp?: Micros;
    }
  | {
      readonly kind: 'gesture';
      readonly address: Address;
      readonly value: Value;
      readonly gestureId: number;
      readonly phase: GesturePhase;
      readonly timestamp?: Micros;
    }
  | { readonly kind: 'timeline'; readonly address: Address; readonly value: Value; readonly timestamp?: Micros };

export const nullValue: Value = { type: 'null' };
/** Nesting of arrays and maps; deeper values are refused everywhere. */
export const valueDepthMax = 32;

export function f64(value: number): Value {
  return { type: 'f64', value };
}

export function f32(value: number): Value {
  return { type: 'f32', value };
}

/** The narrowest of i32 and i64 that holds a whole number.
 *  @throws InputError 'bad-number' unless a safe integer */
export function integer(value: number): Value {
  if (!Number.isSafeInteger(value)) throw new InputError('bad-number', `Expected a whole number, got ${value}`);
  return value === (value | 0) ? { type: 'i32', value } : { type: 'i64', value: BigInt(value) };
}

export function text(value: string): Value {
  return { type: 'string', value };
}

export function bool(value: boolean): Value {
  return { type: 'bool', value };
}

export function isNumeric(value: Value): boolean {
  return value.type.startsWith('i') || value.type.startsWith('f');
}

export function isInteger(value: Value): boolean {
  return value.type.startsWith('i');
}

/** Numbers as they are, booleans as 0 and 1; undefined for all else. An i64 beyond 2^53 loses its last digits. */
export function tryNumber(value: Value): number | undefined {
  switch (value.type) {
    case 'bool':
      return value.value ? 1 : 0;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'f32':
    case 'f64':
      return value.value;
    case 'i64':
      return Number(value.value);
    default:
      return undefined;
  }
}

/** A number without loss, so that any two compare by what they stand for; undefined for all else, switches too. */
export function exactNumber(value: Value): number | bigint | undefined {
  switch (value.type) {
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'f32':
    case 'f64':
      return value.value;
    default:
      return undefined;
  }
}

/** JSON to a value: numbers become f64 as the official client sends them, objects become maps in their order.
 *  @throws InputError 'bad-value' for what JSON cannot hold, or nesting past `valueDepthMax` */
export function fromJson(json: unknown, depth = 0): Value {
  if (depth > valueDepthMax) throw new InputError('bad-value', `A value nests at most ${valueDepthMax} deep`);
  if (json === null || json === undefined) return nullValue;
  if (typeof json === 'boolean') return bool(json);
  if (typeof json === 'number') return f64(json);
  if (typeof json === 'bigint') {
    if (BigInt.asIntN(64, json) !== json)
      throw new InputError('bad-value', `A whole number has at most 64 bits, got ${json}`);
    return { type: 'i64', value: json };
  }
  if (typeof json === 'string') return text(json);
  if (json instanceof Uint8Array) return { type: 'bytes', value: json };
  if (Array.isArray(json)) return { type: 'array', value: json.map((item) => fromJson(item, depth + 1)) };
  if (typeof json === 'object') {
    return { type: 'map', value: Object.entries(json).map(([key, item]) => [key, fromJson(item, depth + 1)] as const) };
  }
  throw new InputError('bad-value', `A ${typeof json} cannot be a value`);
}

/** The plain form for showing and exporting: bytes become an array of numbers, an i64 a number where it is safe, else text. */
export function toJson(value: Value): unknown {
  switch (value.type) {
    case 'null':
      return null;
    case 'i64':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value.toString();
    case 'bytes':
      return [...value.value];
    case 'array':
      return value.value.map(toJson);
    case 'map':
      return Object.fromEntries(value.value.map(([key, item]) => [key, toJson(item)]));
    default:
      return value.value;
  }
}

/** What a signal says in a message without kinds: samples of a stream that carries nothing else are a list. */
export function carriedValue(signal: Signal): Value {
  if (signal.kind !== 'stream' || !signal.samples || signal.value.type !== 'null') return signal.value;
  return { type: 'array', value: signal.samples.map(f64) };
}

/** Equal in type and content; NaN equals itself, map order counts. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left.type !== right.type) return false;
  if (left.type === 'null') return true;
  if (left.type === 'bytes' && right.type === 'bytes') {
    return left.value.length === right.value.length && left.value.every((byte, i) => byte === right.value[i]);
  }
  if (left.type === 'array' && right.type === 'array') {
    return (
      left.value.length === right.value.length &&
      left.value.every((item, i) => sameValue(item, right.value[i] ?? nullValue))
    );
  }
  if (left.type === 'map' && right.type === 'map') {
    return (
      left.value.length === right.value.length &&
      left.value.every(([key, item], i) => key === right.value[i]?.[0] && sameValue(item, right.value[i][1]))
    );
  }
  return Object.is((left as { value: unknown }).value, (right as { value: unknown }).value);
}
