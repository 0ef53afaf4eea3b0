import type { Mapping } from './show.ts';
import { f64, integer, isNumeric, tryNumber, type Value } from './signal.ts';
import type { Chain } from './transforms.ts';

export type OutputType = Mapping['target']['as'];

/** Runs a value through a chain.
 *  Numbers and booleans become what the chain makes of them: f32 stays f32, all else becomes f64. A list of only numbers
 *  and booleans (or of such lists) is taken element by element, each with its own memory. Text, bytes, null, maps and
 *  mixed lists pass untouched, and an idle chain passes everything untouched.
 *  @param lane whose memory is used, such as the source address
 *  @returns undefined when a number was or became NaN or infinite: nothing is to be sent */
export function transformValue(chain: Chain, value: Value, lane = ''): Value | undefined {
  return mapNumbers(value, lane, (number, where) => {
    if (chain.idle) return isFiniteValue(number) ? number : undefined;
    const input = tryNumber(number) ?? Number.NaN;
    const output = Number.isFinite(input) ? chain.run(input, where) : input;
    return number.type === 'f32' ? floatOf('f32', Math.fround(output)) : floatOf('f64', output);
  });
}

/** Gives numbers the type a mapping asks for, in lists as `transformValue` takes them.
 *  'integer' rounds, half up, to the narrowest of i32 and i64, and leaves integers as they are; 'float' makes f64.
 *  Booleans become 0 and 1. All else passes untouched.
 *  @returns undefined for a number no integer can carry: nothing is to be sent */
export function convertOutput(value: Value, as: OutputType): Value | undefined {
  if (as === 'same') return value;
  return mapNumbers(value, '', (number) => {
    if (as === 'integer' && number.type.startsWith('i')) return number;
    const plain = tryNumber(number) ?? Number.NaN;
    if (as === 'float') return floatOf('f64', plain);
    // Adding 0 turns -0 into 0: there is one zero among integers.
    const whole = Math.round(plain) + 0;
    return Number.isSafeInteger(whole) ? integer(whole) : undefined;
  });
}

type NumberStep = (value: Value, lane: string) => Value | undefined;

function mapNumbers(value: Value, lane: string, step: NumberStep): Value | undefined {
  if (isNumberLike(value)) return step(value, lane);
  if (value.type !== 'array' || !value.value.every(holdsNumbersOnly)) return value;
  const items: Value[] = [];
  for (const [i, item] of value.value.entries()) {
    const mapped = mapNumbers(item, `${lane}#${i}`, step);
    if (!mapped) return undefined;
    items.push(mapped);
  }
  return { type: 'array', value: items };
}

function holdsNumbersOnly(value: Value): boolean {
  return isNumberLike(value) || (value.type === 'array' && value.value.every(holdsNumbersOnly));
}

function isNumberLike(value: Value): boolean {
  return value.type === 'bool' || isNumeric(value);
}

function isFiniteValue(value: Value): boolean {
  return Number.isFinite(tryNumber(value));
}

function floatOf(type: 'f32' | 'f64', value: number): Value | undefined {
  if (!Number.isFinite(value)) return undefined;
  return type === 'f64' ? f64(value) : { type, value };
}
