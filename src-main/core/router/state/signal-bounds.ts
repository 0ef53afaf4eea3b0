import { exactNumber, f64, type Value, type ValueType } from '../../../contract/signal.ts';

/** What the values of an address may be: as the show says, or as an owner announced and the show enforces. */
export interface SignalBounds {
  readonly range: readonly [min: number, max: number] | undefined;
  /** as the show or the owner names it; a name that is not in `datatypeNames` bounds nothing */
  readonly datatype: string | undefined;
  /** what Flyrail says of an address of its own: what was expected, as a sentence; undefined when the value fits */
  readonly judge?: ((value: Value) => string | undefined) | undefined;
}

type Whole = 'i8' | 'i16' | 'i32' | 'i64';
type Datatype = Whole | 'number' | Exclude<ValueType, Whole | 'f32' | 'f64'>;

/** How clients call their datatypes. */
const datatypeNames: Readonly<Record<string, Datatype>> = {
  ...{
    null: 'null',
    bool: 'bool',
    boolean: 'bool',
    i8: 'i8',
    i16: 'i16',
    i32: 'i32',
    i64: 'i64',
    int: 'i64',
    integer: 'i64',
  },
  ...{ f32: 'number', f64: 'number', float: 'number', double: 'number', number: 'number' },
  ...{ string: 'string', str: 'string', text: 'string', bytes: 'bytes', bin: 'bytes', blob: 'bytes' },
  ...{ array: 'array', list: 'array', map: 'map', object: 'map' },
};
const wholeBits: Readonly<Record<Whole, number>> = { i8: 8, i16: 16, i32: 32, i64: 64 };

/** Judges a value. A range bounds every number in it, also those in lists and maps; NaN lies in none. A whole-number type
 *  takes any number without fraction that it can hold, since many clients send all numbers as f64; a float type takes any
 *  number.
 *  @returns what was expected, as a sentence; undefined when it fits */
export function boundsFault(value: Value, { range, datatype, judge }: SignalBounds): string | undefined {
  const fault = judge?.(value);
  if (fault !== undefined) return fault;
  const type = datatypeOf(datatype);
  if (type !== undefined && !isOfType(value, type)) return `Only values of type ${datatype} are taken here.`;
  if (range === undefined || isWithinRange(value, range)) return undefined;
  return `Only numbers from ${range[0]} to ${range[1]} are taken here.`;
}

/** The nearest value that fits: numbers are drawn into the range, and rounded where whole ones were announced. What cannot be
 *  made to fit by that stays as it is. */
export function fitToBounds(value: Value, bounds: SignalBounds): Value {
  if (boundsFault(value, bounds) === undefined) return value;
  const type = datatypeOf(bounds.datatype);
  const number = exactNumber(value);
  const isRounded = type !== undefined && type in wholeBits && typeof number === 'number';
  return fitToRange(isRounded ? f64(Math.round(number)) : value, bounds.range);
}

/** Whether a range bounds anything: one that runs backwards or holds NaN does not. */
export function isRange([min, max]: readonly [number, number]): boolean {
  return min <= max;
}

function fitToRange(value: Value, range: SignalBounds['range']): Value {
  if (range === undefined || isWithinRange(value, range)) return value;
  if (value.type === 'array') return { type: 'array', value: value.value.map((item) => fitToRange(item, range)) };
  if (value.type === 'map')
    return { type: 'map', value: value.value.map(([key, item]) => [key, fitToRange(item, range)] as const) };
  const number = exactNumber(value);
  if (number === undefined || Number.isNaN(number)) return value;
  return f64(number < range[0] ? range[0] : range[1]);
}

function datatypeOf(name: string | undefined): Datatype | undefined {
  const key = name?.toLowerCase();
  return key !== undefined && Object.hasOwn(datatypeNames, key) ? datatypeNames[key] : undefined;
}

function isOfType(value: Value, type: Datatype): boolean {
  switch (type) {
    case 'number':
      return exactNumber(value) !== undefined;
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
      return isWhole(value, wholeBits[type]);
    default:
      return value.type === type;
  }
}

function isWhole(value: Value, bits: number): boolean {
  const number = exactNumber(value);
  if (number === undefined || (typeof number === 'number' && !Number.isInteger(number))) return false;
  const high = 1n << BigInt(bits - 1);
  return number >= -high && number < high;
}

/** A whole number and a float compare by what they stand for, without losing digits beyond 2^53. */
function isWithinRange(value: Value, [min, max]: readonly [number, number]): boolean {
  if (value.type === 'array') return value.value.every((item) => isWithinRange(item, [min, max]));
  if (value.type === 'map') return value.value.every(([, item]) => isWithinRange(item, [min, max]));
  const number = exactNumber(value);
  return number === undefined || (number >= min && number <= max);
}
