import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src-main/contract/errors.ts';
import {
  bool,
  f32,
  f64,
  fromJson,
  integer,
  isInteger,
  isNumeric,
  nullValue,
  sameValue,
  text,
  toJson,
  tryNumber,
  valueDepthMax,
  type Value,
} from '../../src-main/contract/signal.ts';

describe('value', () => {
  it('[AD7] takes JSON as the official client sends it: numbers are f64, maps keep their order', () => {
    expect(fromJson({ b: 1, a: [true, null, 'x'] })).toEqual({
      type: 'map',
      value: [
        ['b', f64(1)],
        ['a', { type: 'array', value: [bool(true), nullValue, text('x')] }],
      ],
    });
    expect(fromJson(undefined)).toBe(nullValue);
    expect(fromJson(new Uint8Array([1]))).toEqual({ type: 'bytes', value: new Uint8Array([1]) });
    expect(fromJson(-(2n ** 63n))).toEqual({ type: 'i64', value: -(2n ** 63n) });
  });

  it('[AD7] gives JSON back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
        expect(JSON.stringify(toJson(fromJson(json)))).toBe(JSON.stringify(json));
      }),
    );
  });

  it.each([[2n ** 63n], [() => 1], [Symbol('x')], [nest(valueDepthMax + 1)]])(
    '[AD7] refuses what no value can be',
    (json) => {
      expect(() => fromJson(json)).toThrow(InputError);
    },
  );

  it('[AD7] takes the deepest nesting that is allowed', () => {
    expect(fromJson(nest(valueDepthMax)).type).toBe('array');
  });

  it('[AD7] shows an i64 as a number where that is exact, else as text, and bytes as numbers', () => {
    expect(toJson({ type: 'i64', value: 2n ** 53n - 1n })).toBe(2 ** 53 - 1);
    expect(toJson({ type: 'i64', value: 2n ** 53n + 1n })).toBe('9007199254740993');
    expect(toJson({ type: 'bytes', value: new Uint8Array([0, 255]) })).toEqual([0, 255]);
    expect(toJson({ type: 'map', value: [['__proto__', f64(1)]] })).toHaveProperty(['__proto__'], 1);
  });

  it('[AD8] makes whole numbers i32 where they fit, else i64', () => {
    expect(integer(-(2 ** 31))).toEqual({ type: 'i32', value: -(2 ** 31) });
    expect(integer(2 ** 31)).toEqual({ type: 'i64', value: 2n ** 31n });
    expect(() => integer(0.5)).toThrow(InputError);
    expect(() => integer(2 ** 53)).toThrow(InputError);
  });

  it('[AD8] reads numbers and switches as a number, nothing else', () => {
    const asNumber: [Value, number | undefined][] = [
      [f64(0.5), 0.5],
      [f32(2), 2],
      [integer(7), 7],
      [{ type: 'i64', value: 9n }, 9],
      [{ type: 'i8', value: -1 }, -1],
      [bool(true), 1],
      [bool(false), 0],
      [text('1'), undefined],
      [nullValue, undefined],
      [{ type: 'array', value: [] }, undefined],
    ];
    for (const [value, expected] of asNumber) expect(tryNumber(value)).toBe(expected);
    expect([isNumeric(f32(1)), isNumeric(integer(1)), isNumeric(bool(true)), isNumeric(text(''))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([isInteger(f32(1)), isInteger(integer(1)), isInteger({ type: 'i64', value: 1n })]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('[AD9] is the same only in type and content', () => {
    const map = (...entries: [string, Value][]): Value => ({ type: 'map', value: entries });
    expect(sameValue(f64(Number.NaN), f64(Number.NaN))).toBe(true);
    expect(sameValue(f64(1), f32(1))).toBe(false);
    expect(sameValue(nullValue, { type: 'null' })).toBe(true);
    expect(sameValue(fromJson([1, [2]]), fromJson([1, [2]]))).toBe(true);
    expect(sameValue(fromJson([1, [2]]), fromJson([1, [3]]))).toBe(false);
    expect(sameValue(fromJson([1]), fromJson([1, 2]))).toBe(false);
    expect(sameValue(map(['a', f64(1)], ['b', f64(2)]), map(['a', f64(1)], ['b', f64(2)]))).toBe(true);
    expect(sameValue(map(['a', f64(1)], ['b', f64(2)]), map(['b', f64(2)], ['a', f64(1)]))).toBe(false);
    expect(sameValue(fromJson(new Uint8Array([1])), fromJson(new Uint8Array([2])))).toBe(false);
    expect(sameValue(fromJson(new Uint8Array([1])), fromJson(new Uint8Array([1])))).toBe(true);
    expect(sameValue({ type: 'i64', value: 1n }, { type: 'i64', value: 1n })).toBe(true);
  });
});

function nest(depth: number): unknown {
  let json: unknown = 1;
  for (let i = 0; i < depth; i++) json = [json];
  return json;
}
