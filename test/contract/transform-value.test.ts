import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transform } from '../../src-main/contract/show.ts';
import { bool, f32, f64, integer, nullValue, text, type Value } from '../../src-main/contract/signal.ts';
import { convertOutput, transformValue } from '../../src-main/contract/transform-value.ts';
import { createChain } from '../../src-main/contract/transforms.ts';

const seed = 20261121;
const double: Transform = { type: 'scale', enabled: true, inMin: 0, inMax: 1, outMin: 0, outMax: 2 };
const doubling = createChain([double]);
const idle = createChain([{ ...double, enabled: false }]);
const list = (...value: Value[]): Value => ({ type: 'array', value });
const i64 = (value: bigint): Value => ({ type: 'i64', value });
const untouched: Value[] = [
  nullValue,
  text('0.5'),
  { type: 'bytes', value: new Uint8Array([1, 2]) },
  { type: 'map', value: [['x', f64(0.5)]] },
  list(text('scene'), integer(3)),
  list(list(f64(1)), { type: 'map', value: [] }),
];

describe('transformValue', () => {
  it('[CV30] makes f64 of any number but f32, which stays f32', () => {
    expect(transformValue(doubling, f64(0.5))).toEqual(f64(1));
    expect(transformValue(doubling, f32(0.25))).toEqual(f32(0.5));
    expect(transformValue(doubling, integer(3))).toEqual(f64(6));
    expect(transformValue(doubling, i64(2n))).toEqual(f64(4));
    expect(transformValue(doubling, { type: 'i8', value: -4 })).toEqual(f64(-8));
  });

  it('[CV31] takes booleans as 0 and 1 when a step is switched on, and leaves them booleans otherwise', () => {
    expect(transformValue(doubling, bool(true))).toEqual(f64(2));
    expect(transformValue(idle, bool(true))).toEqual(bool(true));
  });

  it('[CV32] takes lists of numbers element by element, nested ones too', () => {
    expect(transformValue(doubling, list(f64(1), bool(true), list(integer(2))))).toEqual(
      list(f64(2), f64(2), list(f64(4))),
    );
    expect(transformValue(doubling, list())).toEqual(list());
  });

  it('[CV33] passes untouched what is not numbers only: text, bytes, null, maps, mixed lists', () => {
    for (const value of untouched) expect(transformValue(doubling, value)).toBe(value);
  });

  it('[CV34] gives each element of a list a memory of its own', () => {
    const gate = createChain([{ type: 'threshold', enabled: true, at: 0.5, hysteresis: 0.2, below: 0, above: 1 }]);
    expect(transformValue(gate, list(f64(0.6), f64(0.4)), '/a')).toEqual(list(f64(1), f64(0)));
    expect(transformValue(gate, list(f64(0.4), f64(0.4)), '/a')).toEqual(list(f64(1), f64(0)));
    expect(transformValue(gate, list(f64(0.4), f64(0.4)), '/b')).toEqual(list(f64(0), f64(0)));
  });

  it('[CV35] refuses a number that is or becomes NaN or infinite, alone or in a list, also with no step on', () => {
    const huge = createChain([{ ...double, outMax: 1e300 }]);
    const holding = createChain([{ type: 'clamp', enabled: true, min: 0, max: 1 }]);
    for (const chain of [doubling, idle, holding]) {
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        expect(transformValue(chain, f64(bad))).toBeUndefined();
        expect(transformValue(chain, f32(bad))).toBeUndefined();
        expect(transformValue(chain, list(f64(1), list(f64(bad))))).toBeUndefined();
      }
    }
    expect(transformValue(huge, f64(1e30))).toBeUndefined();
    expect(transformValue(huge, f32(1))).toBeUndefined();
  });

  it('[CV36] keeps every finite value as it is, type and all, when no step is on', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(f64),
      fc.float({ noNaN: true, noDefaultInfinity: true }).map(f32),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(i64),
      fc.integer().map(integer),
    );
    const property = fc.property(number, (value) => {
      expect(transformValue(idle, value)).toBe(value);
      expect(transformValue(idle, list(value))).toEqual(list(value));
    });
    fc.assert(property, { seed, numRuns: 2000 });
  });
});

describe('convertOutput', () => {
  it('[CV37] keeps everything with same', () => {
    for (const value of [...untouched, f64(1.5), bool(true)]) expect(convertOutput(value, 'same')).toBe(value);
  });

  it('[CV38] rounds to the narrowest integer, half up, and leaves integers as they are', () => {
    expect(convertOutput(f64(127.5), 'integer')).toEqual(integer(128));
    expect(convertOutput(f64(-0.4), 'integer')).toEqual({ type: 'i32', value: 0 });
    expect(convertOutput(f32(2.2), 'integer')).toEqual(integer(2));
    expect(convertOutput(f64(3e9), 'integer')).toEqual(i64(3_000_000_000n));
    expect(convertOutput(i64(9_007_199_254_740_993n), 'integer')).toEqual(i64(9_007_199_254_740_993n));
    expect(convertOutput({ type: 'i8', value: 5 }, 'integer')).toEqual({ type: 'i8', value: 5 });
    expect(convertOutput(list(f64(1.2), bool(true)), 'integer')).toEqual(list(integer(1), integer(1)));
  });

  it('[CV39] makes f64 with float, and 0 and 1 of booleans', () => {
    expect(convertOutput(integer(3), 'float')).toEqual(f64(3));
    expect(convertOutput(f32(0.5), 'float')).toEqual(f64(0.5));
    expect(convertOutput(bool(true), 'float')).toEqual(f64(1));
  });

  it('[CV40] refuses what no integer can carry, and passes what is no number', () => {
    expect(convertOutput(f64(1e17), 'integer')).toBeUndefined();
    expect(convertOutput(list(f64(1), f64(1e300)), 'integer')).toBeUndefined();
    for (const value of untouched) {
      expect(convertOutput(value, 'integer')).toBe(value);
      expect(convertOutput(value, 'float')).toBe(value);
    }
  });
});
