import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bool, f32, f64, nullValue, text, type MapEntry, type Value } from '../../../src-main/contract/signal.ts';
import { encodeValue } from '../../../src-main/core/protocol/values.ts';
import { interpolate } from '../../../src-main/core/timeline/interpolate.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';

const i8 = (value: number): Value => ({ type: 'i8', value });
const i16 = (value: number): Value => ({ type: 'i16', value });
const i32 = (value: number): Value => ({ type: 'i32', value });
const i64 = (value: bigint): Value => ({ type: 'i64', value });
const list = (...value: Value[]): Value => ({ type: 'array', value });
const map = (...value: MapEntry[]): Value => ({ type: 'map', value });
const bytes: Value = { type: 'bytes', value: new Uint8Array([1]) };

describe('between two values', () => {
  it.each<[string, Value, Value, number, Value]>([
    ['f64', f64(10), f64(20), 0.25, f64(12.5)],
    ['f32, rounded to f32', f32(0), f32(1), 0.1, f32(Math.fround(0.1))],
    ['f32 and f64', f32(0), f64(1), 0.1, f64(0.1)],
    ['an overshoot above', f64(10), f64(20), 1.5, f64(25)],
    ['an overshoot below', f64(10), f64(20), -0.5, f64(5)],
  ])('[TL20] floats are on the line: %s', (_, from, to, at, between) => {
    expect(interpolate(from, to, at)).toEqual(between);
  });

  it.each<[string, Value, Value, number, Value]>([
    ['up', i32(0), i32(10), 0.39, i32(3)],
    ['down, towards zero', i32(0), i32(-10), 0.39, i32(-3)],
    ['through zero', i32(-1), i32(1), 0.4, i32(0)],
    ['i64 as i32', i64(0n), i64(10n), 0.3, i64(3n)],
    ['i64 down, towards zero', i64(0n), i64(-10n), 0.39, i64(-3n)],
    ['the wider type', i8(0), i16(1000), 0.5, i16(500)],
    ['the wider type, the other way', i64(4n), i8(0), 0.5, i64(2n)],
  ])('[TL21] integers are on the line and cut: %s', (_, from, to, at, between) => {
    expect(interpolate(from, to, at)).toEqual(between);
  });

  it('[TL21] integers come out the same in every type that holds them', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), fc.integer(), unit, (from, to, at) => {
        const wide = interpolate(i64(BigInt(from)), i64(BigInt(to)), at);
        expect(wide.type === 'i64' && i32(Number(wide.value))).toEqual(interpolate(i32(from), i32(to), at));
      }),
    );
    expect(interpolate(i64(0n), i64(100n), 0.29)).toEqual(i64(28n));
    expect(interpolate(i32(0), i32(100), 0.29)).toEqual(i32(28));
  });

  it('[TL21] integers beyond 2^53 are exact', () => {
    const high = 2n ** 62n + 1n;
    expect(interpolate(i64(high), i64(high + 1000n), 0.5)).toEqual(i64(high + 500n));
    expect(interpolate(i64(-high), i64(-high - 1000n), 0.25)).toEqual(i64(-high - 250n));
    expect(interpolate(i64(-(2n ** 63n)), i64(2n ** 63n - 1n), 0.5)).toEqual(i64(0n));
    const from = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(from, from, fc.nat({ max: 1024 }), (low, end, part) => {
        const exact = (low * 1024n + (end - low) * BigInt(part)) / 1024n;
        const between = interpolate(i64(low), i64(end), part / 1024);
        expect(between).toEqual(part === 0 ? i64(low) : i64(exact));
      }),
    );
  });

  it.each<[Value, Value, number, Value]>([
    [i8(100), i8(127), 4, i8(127)],
    [i8(-100), i8(-127), 4, i8(-128)],
    [i32(0), i32(2 ** 31 - 1), 1.5, i32(2 ** 31 - 1)],
    [i64(0n), i64(2n ** 63n - 1n), 1.5, i64(2n ** 63n - 1n)],
    [i64(0n), i64(2n ** 63n - 1n), -1.5, i64(-(2n ** 63n))],
  ])('[TL22] an integer that overshoots stays within its type', (from, to, at, between) => {
    expect(interpolate(from, to, at)).toEqual(between);
  });

  it('[TL22] a float that overshoots stays finite', () => {
    const max = Number.MAX_VALUE;
    expect(interpolate(f64(-max), f64(max), 0.5)).toEqual(f64(0));
    expect(interpolate(f64(0), f64(max), 3)).toEqual(f64(max));
    expect(interpolate(f64(max), f64(-max), 3)).toEqual(f64(-max));
    const f32Max = (2 - 2 ** -23) * 2 ** 127;
    expect(interpolate(f32(0), f32(f32Max), 3)).toEqual(f32(f32Max));
    expect(interpolate(f32(0), f32(-f32Max), 3)).toEqual(f32(-f32Max));
  });

  it('[TL23] an integer and a float make an f64', () => {
    expect(interpolate(i32(0), f64(1), 0.5)).toEqual(f64(0.5));
    expect(interpolate(f32(1), i64(3n), 0.5)).toEqual(f64(2));
  });

  it('[TL24] lists of one length go item by item', () => {
    expect(interpolate(list(f64(0), i32(0), text('a')), list(f64(1), i32(10), text('b')), 0.25)).toEqual(
      list(f64(0.25), i32(2), text('a')),
    );
    expect(interpolate(list(list(f64(0))), list(list(f64(1))), 0.5)).toEqual(list(list(f64(0.5))));
    expect(interpolate(list(f64(0)), list(f64(1), f64(1)), 0.4)).toEqual(list(f64(0)));
    expect(interpolate(list(f64(0)), list(f64(1), f64(1)), 0.5)).toEqual(list(f64(1), f64(1)));
  });

  it('[TL25] maps of the same keys go key by key, in the order of the first', () => {
    const from = map(['r', f64(0)], ['name', text('a')], ['g', f64(1)]);
    const to = map(['g', f64(0)], ['r', f64(1)], ['name', text('b')]);
    expect(interpolate(from, to, 0.25)).toEqual(map(['r', f64(0.25)], ['name', text('a')], ['g', f64(0.75)]));
  });

  it.each<[Value, Value]>([
    [map(['r', f64(0)]), map(['g', f64(1)])],
    [map(['r', f64(0)]), map(['r', f64(1)], ['g', f64(1)])],
    [map(['r', f64(0)], ['r', f64(0)]), map(['r', f64(1)], ['g', f64(1)])],
    [map(['r', f64(0)], ['g', f64(0)]), map(['r', f64(1)], ['r', f64(1)])],
    [map(['r', f64(0)]), list(f64(0))],
  ])('[TL25] maps of other keys, or of a key twice, switch', (from, to) => {
    expect([interpolate(from, to, 0.4), interpolate(from, to, 0.6)]).toEqual([from, to]);
  });

  it('[TL26] hex colours blend, also inside lists and maps', () => {
    expect(interpolate(text('#f00'), text('#0000ff'), 0.5)).toEqual(text('#800080'));
    expect(interpolate(list(map(['c', text('#000')])), list(map(['c', text('#fff')])), 0.5)).toEqual(
      list(map(['c', text('#808080')])),
    );
  });

  it.each<[Value, Value]>([
    [bool(false), bool(true)],
    [nullValue, f64(1)],
    [f64(1), text('1')],
    [text('red'), text('#00f')],
    [bytes, nullValue],
    [i32(1), bool(true)],
  ])('[TL27] anything else switches at the middle', (from, to) => {
    const ats = [-0.5, 0.499, 0.5, 1.5];
    expect(ats.map((at) => interpolate(from, to, at))).toEqual([from, from, to, to]);
  });

  it('[TL28] is exactly the first at 0 and the second at 1, and always a value that the wire can carry', () => {
    const overshoot = fc.double({ min: -134, max: 134, noNaN: true });
    fc.assert(
      fc.property(arbitraryValue, arbitraryValue, overshoot, (from, to, at) => {
        expect(interpolate(from, to, 0)).toBe(from);
        expect(interpolate(from, to, 1)).toBe(to);
        encodeValue(interpolate(from, to, at));
        encodeValue(interpolate(from, from, at));
      }),
      { numRuns: 1000 },
    );
  });
});
