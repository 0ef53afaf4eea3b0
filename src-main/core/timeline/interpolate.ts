import { pointBetween } from '../../contract/curves.ts';
import { text, tryNumber, type MapEntry, type Value } from '../../contract/signal.ts';
import { tryBlendColours } from './blend-colours.ts';

type SmallInteger = { readonly type: 'i8' | 'i16' | 'i32'; readonly value: number };
type IntegerValue = SmallInteger | { readonly type: 'i64'; readonly value: bigint };
type NumberValue = IntegerValue | { readonly type: 'f32' | 'f64'; readonly value: number };

const integerBits = { i8: 8, i16: 16, i32: 32 } as const satisfies Record<SmallInteger['type'], number>;
const f32Max = (2 - 2 ** -23) * 2 ** 127;
/** A power of two above every fraction that an easing can give. */
const headroom = 1024;
const fractionUnit = 2 ** 53;

/** The value at an eased fraction of the way between two others.
 *  Floats are on the line, whatever the easing overshoots; f32 stays f32 between two of them. Integers are on the line and
 *  cut towards zero, exact beyond 2^53, of the wider of their types and held within it. An integer and a float make an f64.
 *  Lists of equal length go item by item, maps with the same keys key by key, in the order of `from`; hex colours blend
 *  (see `tryBlendColours`). Anything else switches at 0.5.
 *  @param fraction 0 is `from`, 1 is `to`, each exactly; an overshooting easing gives others, within ±`headroom`
 *  @see CLASP-WIRE §5 */
export function interpolate(from: Value, to: Value, fraction: number): Value {
  if (fraction === 0) return from;
  if (fraction === 1) return to;
  return tryBetween(from, to, fraction) ?? (fraction < 0.5 ? from : to);
}

function tryBetween(from: Value, to: Value, fraction: number): Value | undefined {
  if (isNumber(from)) return isNumber(to) ? betweenNumbers(from, to, fraction) : undefined;
  if (from.type === 'string' && to.type === 'string') {
    const blend = tryBlendColours(from.value, to.value, fraction);
    return blend === undefined ? undefined : text(blend);
  }
  if (from.type === 'array' && to.type === 'array') {
    if (from.value.length !== to.value.length) return undefined;
    return { type: 'array', value: from.value.map((item, i) => interpolate(item, to.value[i] ?? item, fraction)) };
  }
  if (from.type === 'map' && to.type === 'map') {
    const ends = tryPair(from.value, to.value);
    if (!ends) return undefined;
    const between = ([key, item]: MapEntry, i: number): MapEntry => [key, interpolate(item, ends[i] ?? item, fraction)];
    return { type: 'map', value: from.value.map(between) };
  }
  return undefined;
}

/** The values of `to` in the order of the keys of `from`; undefined unless both have the same keys, each once. */
function tryPair(from: readonly MapEntry[], to: readonly MapEntry[]): readonly Value[] | undefined {
  if (from.length !== to.length) return undefined;
  const values = new Map(to);
  const found: Value[] = [];
  for (const [key] of from) {
    const value = values.get(key);
    if (!value || !values.delete(key)) return undefined;
    found.push(value);
  }
  return found;
}

function betweenNumbers(from: NumberValue, to: NumberValue, fraction: number): Value {
  if (isInteger(from) && isInteger(to)) return betweenIntegers(from, to, fraction);
  const point = betweenFloats(tryNumber(from) ?? 0, tryNumber(to) ?? 0, fraction);
  if (from.type !== 'f32' || to.type !== 'f32') return { type: 'f64', value: point };
  return { type: 'f32', value: Math.fround(Math.min(f32Max, Math.max(-f32Max, point))) };
}

/** A number past the largest stays the largest: infinity is nothing a lamp can be given. */
function betweenFloats(from: number, to: number, fraction: number): number {
  const point = pointBetween(from, to, fraction);
  if (Number.isFinite(point)) return point;
  const most = Number.MAX_VALUE / headroom;
  const scaled = (from / headroom) * (1 - fraction) + (to / headroom) * fraction;
  return Math.min(most, Math.max(-most, scaled)) * headroom;
}

function betweenIntegers(from: IntegerValue, to: IntegerValue, fraction: number): Value {
  if (from.type === 'i64' || to.type === 'i64') {
    return { type: 'i64', value: between64(BigInt(from.value), BigInt(to.value), fraction) };
  }
  const type = integerBits[from.type] >= integerBits[to.type] ? from.type : to.type;
  const half = 2 ** (integerBits[type] - 1);
  const point = Math.trunc(pointBetween(from.value, to.value, fraction));
  // Adding 0 turns -0 into 0: there is one zero among integers.
  return { type, value: Math.min(half - 1, Math.max(-half, point)) + 0 };
}

function between64(from: bigint, to: bigint, fraction: number): bigint {
  const point = isSafe(from) && isSafe(to) ? betweenSafe(from, to, fraction) : betweenLarge(from, to, fraction);
  const half = 2n ** 63n;
  if (point >= half) return half - 1n;
  return point < -half ? -half : point;
}

/** As the smaller types are reckoned, so that 3 tenths of 10 is 3 in all of them, though 0.3 is a little less. */
function betweenSafe(from: bigint, to: bigint, fraction: number): bigint {
  return BigInt(Math.trunc(pointBetween(Number(from), Number(to), fraction)));
}

function betweenLarge(from: bigint, to: bigint, fraction: number): bigint {
  const unit = BigInt(fractionUnit);
  return (from * unit + (to - from) * BigInt(Math.round(fraction * fractionUnit))) / unit;
}

function isSafe(value: bigint): boolean {
  return value === BigInt.asIntN(52, value);
}

function isNumber(value: Value): value is NumberValue {
  return isInteger(value) || value.type === 'f32' || value.type === 'f64';
}

function isInteger(value: Value): value is IntegerValue {
  return value.type === 'i64' || value.type in integerBits;
}
