import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameValue, type Value } from '../../src-main/contract/signal.ts';
import { formatJson, parseJson } from '../../src-main/platform/json-value.ts';
import { arbitraryValue } from '../arbitrary-signal.ts';

const f64 = (value: number): Value => ({ type: 'f64', value });
const i64 = (value: bigint): Value => ({ type: 'i64', value });

describe('JSON of foreign devices', () => {
  it.each<[string, Value]>([
    ['5', f64(5)],
    ['-0', f64(-0)],
    ['9007199254740991', f64(9007199254740991)],
    ['9007199254740993', i64(9007199254740993n)],
    ['[-9223372036854775808]', { type: 'array', value: [i64(-(2n ** 63n))] }],
    ['100000000000000000000', f64(1e20)],
    [
      '{"b":1,"a":{"$bytes":"AAH/"}}',
      {
        type: 'map',
        value: [
          ['b', f64(1)],
          ['a', { type: 'bytes', value: Uint8Array.of(0, 1, 255) }],
        ],
      },
    ],
    ['{"__proto__":1}', { type: 'map', value: [['__proto__', f64(1)]] }],
    ['{"a":1,"a":2}', { type: 'map', value: [['a', f64(2)]] }],
    [' null ', { type: 'null' }],
  ])('[VJ1] is read without loss: %s', (words, value) => {
    expect(parseJson(words)).toEqual(value);
  });

  it('[VJ2] keeps whole numbers and floats apart where it is asked to', () => {
    const written = { numbers: 'written' } as const;
    const values: Value[] = [{ type: 'i32', value: 5 }, f64(5), i64(2n ** 40n), f64(-0), f64(1e300), f64(0.1)];
    const words = formatJson({ type: 'array', value: values }, written);
    expect(words).toBe('[5,5.0,1099511627776,-0.0,1e+300,0.1]');
    expect(parseJson(words, written)).toEqual({ type: 'array', value: values });
  });

  it('[VJ1] stays a float where its digits alone would be read as a whole number', () => {
    const values = [2 ** 53, -(2 ** 60), 1e20, 5].map(f64);
    const words = formatJson({ type: 'array', value: values });
    expect(words).toBe('[9007199254740992.0,-1152921504606847000.0,100000000000000000000.0,5]');
    expect(parseJson(words)).toEqual({ type: 'array', value: values });
  });

  it.each([
    ['', 'Expected JSON.'],
    ['{"a":', 'Expected JSON.'],
    ['1e400', 'found 1e400'],
    ['100000000000000000001', 'at most 64 bits'],
    ['{"$bytes":"?"}', 'base64'],
    [`${'['.repeat(33)}1${']'.repeat(33)}`, '32 deep'],
    [`${'['.repeat(40_000)}${']'.repeat(40_000)}`, 'deep|Expected JSON'],
  ])('[VJ3] is refused in words where nothing here can hold it', (words, mention) => {
    expect(() => parseJson(words)).toThrow(new RegExp(mention));
  });

  it('[VJ4] is written so that it reads the same, any value: types too, but for narrow numbers and those that JSON does not know', () => {
    const widened = (value: Value): Value => {
      switch (value.type) {
        case 'i8':
        case 'i16':
          return { type: 'i32', value: value.value };
        case 'i64':
          return Number(BigInt.asIntN(32, value.value)) === Number(value.value)
            ? { type: 'i32', value: Number(value.value) }
            : value;
        case 'f32':
        case 'f64':
          return Number.isFinite(value.value) ? f64(value.value) : { type: 'string', value: String(value.value) };
        case 'array':
          return { type: 'array', value: value.value.map(widened) };
        case 'map':
          return { type: 'map', value: value.value.map(([key, item]) => [key, widened(item)] as const) };
        default:
          return value;
      }
    };
    const hasOwnOrder = (value: Value): boolean => {
      if (value.type === 'array') return value.value.every(hasOwnOrder);
      if (value.type !== 'map') return true;
      const names = value.value.map(([key]) => key);
      const isPlain = new Set(names).size === names.length && !names.some((name) => /^\d+$/.test(name));
      return (
        isPlain && !(names.length === 1 && names[0] === '$bytes') && value.value.every(([, item]) => hasOwnOrder(item))
      );
    };
    fc.assert(
      fc.property(arbitraryValue.filter(hasOwnOrder), (value) => {
        const back = parseJson(formatJson(value, { numbers: 'written' }), { numbers: 'written' });
        expect(sameValue(back, widened(value))).toBe(true);
      }),
    );
  });
});
