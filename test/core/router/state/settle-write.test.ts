import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { bool, f32, f64, nullValue, text, type Value } from '../../../../src-main/contract/signal.ts';
import { isRefusal } from '../../../../src-main/core/router/state/param-write.ts';
import { settleWrite } from '../../../../src-main/core/router/state/settle-write.ts';

const address = parseAddress('/a');
const i64 = (value: bigint): Value => ({ type: 'i64', value });

function settle(strategy: 'max' | 'min', standing: Value, value: Value): Value | number {
  const outcome = settleWrite(strategy, standing, { address, value });
  return isRefusal(outcome) ? outcome.code : outcome;
}

describe('max and min', () => {
  it.each<[name: string, standing: Value, written: Value, taken: boolean]>([
    ['an int above a float', f64(1.5), { type: 'i32', value: 2 }, true],
    ['an int below a float', f64(2.5), { type: 'i8', value: 2 }, false],
    ['2^53 as a float against the whole number after it', i64(2n ** 53n + 1n), f64(2 ** 53), false],
    ['an i64 one above a float beyond 2^53', f64(2 ** 53), i64(2n ** 53n + 1n), true],
    ['the float of the highest i64, which is one more', i64(2n ** 63n - 1n), f64(2 ** 63), true],
    ['the highest i64 against 2^63', f64(2 ** 63), i64(2n ** 63n - 1n), false],
    ['infinity', i64(2n ** 63n - 1n), f64(Infinity), true],
    ['an i64 against infinity', f64(Infinity), i64(1n), false],
    ['an equal value of another type', i64(7n), f32(7), true],
    ['-0 against 0', f64(0), f64(-0), true],
    ['a switch', f64(0.5), bool(true), true],
    ['NaN', f64(-1), f64(NaN), false],
    ['anything against NaN', f64(NaN), f64(-1), true],
    ['anything against a text', text('off'), f64(-1), true],
    ['null, to begin anew', f64(9), nullValue, true],
    ['anything against null', nullValue, f64(-9), true],
  ])('[RT141] max with %s', (_name, standing, written, taken) => {
    expect(settle('max', standing, written)).toEqual(taken ? written : 400);
  });

  it('[RT141] refuses what is no number', () => {
    for (const value of [text('9'), { type: 'array', value: [f64(9)] } as Value]) {
      expect(settle('max', f64(1), value)).toBe(402);
      expect(settle('min', nullValue, value)).toBe(402);
    }
  });

  it('[RT141] keeps what exact arithmetic calls the highest and the lowest, of any whole numbers and floats', () => {
    const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(i64);
    const near = fc.tuple(fc.constantFrom(52n, 53n, 54n, 62n), fc.bigInt(-3n, 3n)).map(([e, d]) => i64(2n ** e + d));
    const float = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.tuple(fc.constantFrom(52, 53, 54, 62), fc.integer({ min: -3, max: 3 })).map(([e, d]) => 2 ** e + d),
    );
    // 2^-1074 is the finest step of a double: scaled by its inverse every one is whole.
    const exact = (value: Value): bigint =>
      value.type === 'i64' ? value.value << 1074n : scaled((value as { value: number }).value);
    fc.assert(
      fc.property(fc.array(fc.oneof(whole, near, float.map(f64)), { minLength: 1, maxLength: 8 }), (values) => {
        for (const strategy of ['max', 'min'] as const) {
          let standing: Value = nullValue;
          for (const value of values) {
            const outcome = settle(strategy, standing, value);
            if (typeof outcome !== 'number') standing = outcome;
          }
          const all = values.map(exact).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
          expect(exact(standing)).toBe(strategy === 'max' ? all.at(-1) : all[0]);
        }
      }),
    );
  });
});

/** A finite double times 2^1074, from its bits. */
function scaled(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n ? -magnitude : magnitude;
}
