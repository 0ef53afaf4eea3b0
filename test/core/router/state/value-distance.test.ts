import { describe, expect, it } from 'vitest';
import { bool, f64, fromJson, integer, nullValue, text, type Value } from '../../../../src-main/contract/signal.ts';
import { isWithin } from '../../../../src-main/core/router/state/value-distance.ts';

describe('whether a value is near to another', () => {
  it.each<[string, Value, Value, boolean]>([
    ['numbers of any type', integer(1), f64(1.1), true],
    ['a number beyond', f64(1), f64(1.11), false],
    ['a number that is none', f64(1), f64(NaN), false],
    ['whole numbers beyond 2^53', { type: 'i64', value: 2n ** 60n }, { type: 'i64', value: 2n ** 60n + 1n }, false],
    ['equal ones', { type: 'i64', value: 2n ** 60n }, { type: 'i64', value: 2n ** 60n }, true],
    ['switches', bool(true), bool(false), false],
    ['lists', fromJson([1, [2, 3]]), fromJson([1.1, [2, 2.9]]), true],
    ['lists with one number beyond', fromJson([1, [2, 3]]), fromJson([1, [2, 4]]), false],
    ['lists of other lengths', fromJson([1]), fromJson([1, 1]), false],
    ['maps', fromJson({ x: 1, y: 2 }), fromJson({ x: 1.05, y: 2 }), true],
    ['maps with other names', fromJson({ x: 1 }), fromJson({ y: 1 }), false],
    ['the same text', text('a'), text('a'), true],
    ['another text', text('a'), text('b'), false],
    [
      'the same bytes',
      { type: 'bytes', value: Uint8Array.of(1, 2) },
      { type: 'bytes', value: Uint8Array.of(1, 2) },
      true,
    ],
    ['other bytes', { type: 'bytes', value: Uint8Array.of(1) }, { type: 'bytes', value: Uint8Array.of(2) }, false],
    ['nothing twice', nullValue, nullValue, true],
    ['a number and a text', f64(1), text('1'), false],
    ['nothing and a number', nullValue, f64(0), false],
  ])('[RT101] %s', (_what, seen, value, near) => {
    expect(isWithin(seen, value, 0.100001)).toBe(near);
  });
});
