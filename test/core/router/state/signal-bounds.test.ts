import { describe, expect, it } from 'vitest';
import { bool, f32, f64, fromJson, nullValue, text, type Value } from '../../../../src-main/contract/signal.ts';
import { boundsFault, fitToBounds, isRange } from '../../../../src-main/core/router/state/signal-bounds.ts';

const i64 = (value: bigint): Value => ({ type: 'i64', value });
const inRange = (value: Value, min: number, max: number): boolean =>
  boundsFault(value, { range: [min, max], datatype: undefined }) === undefined;
const isA = (datatype: string, value: Value): boolean =>
  boundsFault(value, { range: undefined, datatype }) === undefined;

describe('announced ranges', () => {
  it('[RT146] hold for every number, also in lists and maps, and for nothing else', () => {
    expect([0, 0.5, 1].map((value) => inRange(f64(value), 0, 1))).toEqual([true, true, true]);
    expect([-0.001, 1.001, NaN, Infinity].map((value) => inRange(f64(value), 0, 1))).toEqual(Array(4).fill(false));
    expect(inRange(fromJson([0, [1, { x: 0.5 }]]), 0, 1)).toBe(true);
    expect(inRange(fromJson([0, [1, { x: 2 }]]), 0, 1)).toBe(false);
    for (const value of [nullValue, bool(true), text('far'), { type: 'bytes', value: new Uint8Array([9]) } as Value])
      expect(inRange(value, 5, 6)).toBe(true);
  });

  it('[RT146] compare whole numbers and floats by what they stand for', () => {
    expect(inRange(i64(2n ** 53n + 1n), 0, 2 ** 53)).toBe(false);
    expect(inRange(i64(2n ** 53n), 0, 2 ** 53)).toBe(true);
    expect(inRange(i64(2n ** 63n - 1n), 0, Infinity)).toBe(true);
  });

  it('[RT146] bound nothing when they run backwards or hold NaN', () => {
    expect([isRange([0, 1]), isRange([1, 1]), isRange([1, 0]), isRange([NaN, 1]), isRange([0, NaN])]).toEqual([
      ...[true, true, false, false, false],
    ]);
  });
});

describe('announced datatypes', () => {
  it.each<[datatype: string, fits: readonly Value[], fitsNot: readonly Value[]]>([
    ['i8', [f64(-128), i64(127n)], [f64(128), f64(0.5), i64(-129n), text('1'), bool(true)]],
    ['i32', [f64(42), i64(2n ** 31n - 1n)], [f64(2 ** 31), f64(NaN), nullValue]],
    ['integer', [f64(2 ** 53), i64(-(2n ** 63n))], [f64(2 ** 63), f64(1.5), f64(Infinity)]],
    ['f32', [f64(0.1), i64(1n), f32(1), f64(NaN)], [text('1'), bool(false), nullValue]],
    ['Float', [f64(0.1)], [text('1')]],
    ['bool', [bool(false)], [f64(0)]],
    ['string', [text('')], [f64(0), nullValue]],
    ['bin', [{ type: 'bytes', value: new Uint8Array() }], [text('')]],
    ['array', [fromJson([])], [fromJson({})]],
    ['object', [fromJson({})], [fromJson([])]],
    ['null', [nullValue], [f64(0)]],
    ['colour', [f64(1), text('red'), nullValue], []],
    ['constructor', [f64(1)], []],
  ])('[RT147] %s', (datatype, fits, fitsNot) => {
    expect(fits.map((value) => isA(datatype, value))).toEqual(fits.map(() => true));
    expect(fitsNot.map((value) => isA(datatype, value))).toEqual(fitsNot.map(() => false));
  });
});

describe('the nearest value that fits', () => {
  const fit = (value: Value, range: readonly [number, number] | undefined, datatype?: string): Value =>
    fitToBounds(value, { range, datatype });

  it('[RT148] is drawn into the range, also in lists and maps, and rounded where whole numbers were announced', () => {
    expect(fit(f64(1.2), [0, 1])).toEqual(f64(1));
    expect(fit(i64(-5n), [0, 1])).toEqual(f64(0));
    expect(fit(fromJson([0.5, [-1], { x: 2 }]), [0, 1])).toEqual(fromJson([0.5, [0], { x: 1 }]));
    expect(fit(f64(3.6), undefined, 'i32')).toEqual(f64(4));
    expect(fit(f64(300.2), [0, 255], 'i32')).toEqual(f64(255));
  });

  it('[RT148] is the value itself where it fits, or cannot be made to', () => {
    for (const value of [f64(0.5), text('x'), f64(NaN)]) expect(fit(value, [0, 1])).toBe(value);
    expect(fit(text('x'), undefined, 'i32')).toEqual(text('x'));
  });
});
