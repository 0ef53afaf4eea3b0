import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue, parseValue } from '../../src-main/cli/value-json.ts';
import { fromJson, type Value } from '../../src-main/contract/signal.ts';
import { visibleJson } from '../../src-main/platform/visible-text.ts';
import { anyCharacter } from '../any-character.ts';
import { arbitraryValue } from '../arbitrary-signal.ts';

const bytes = (...value: number[]): Value => ({ type: 'bytes', value: Uint8Array.of(...value) });

describe('a value that somebody types', () => {
  it.each<[string, Value]>([
    ['0.5', { type: 'f64', value: 0.5 }],
    ['-3', { type: 'f64', value: -3 }],
    ['true', { type: 'bool', value: true }],
    ['null', { type: 'null' }],
    ['"0.5"', { type: 'string', value: '0.5' }],
    ['go', { type: 'string', value: 'go' }],
    ['', { type: 'string', value: '' }],
    ['{"x": 1', { type: 'string', value: '{"x": 1' }],
    ['NaN', { type: 'string', value: 'NaN' }],
    ['[1, "a"]', fromJson([1, 'a'])],
    ['{"y": 1, "x": {"z": null}}', fromJson({ y: 1, x: { z: null } })],
    ['{"$bytes": "AAH/"}', bytes(0, 1, 255)],
    ['[{"$bytes": ""}]', { type: 'array', value: [bytes()] }],
    ['{"$bytes": 1, "x": 2}', fromJson({ $bytes: 1, x: 2 })],
    ['9007199254740991', { type: 'f64', value: 9007199254740991 }],
    ['9007199254740993', { type: 'i64', value: 9007199254740993n }],
    [' -9223372036854775808 ', { type: 'i64', value: -(2n ** 63n) }],
    ['100000000000000000000', { type: 'f64', value: 1e20 }],
    ['1e21', { type: 'f64', value: 1e21 }],
  ])('[CL60] %s', (words, value) => {
    expect(parseValue(words)).toEqual(value);
  });

  it.each([
    ['100000000000000000001', 'expected a whole number within'],
    ['[9007199254740993]', '[0]: expected a whole number within'],
    ['1e400', 'expected a number up to'],
    ['{"a": 1, "a": 2}', 'a: expected it once'],
    ['{"$bytes": "?"}', 'expected base64'],
    ['{"$bytes": 1}', 'expected base64'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, '32 deep'],
  ])('[CL60] is refused where it would not arrive as it was written: %s', (words, mention) => {
    expect(() => parseValue(words)).toThrow(mention);
  });
});

describe('a value that is printed', () => {
  it('[CL74] is JSON: bytes as base64, text for numbers that JSON cannot hold, maps in their order', () => {
    expect(formatValue(bytes(0, 1, 255))).toBe('{"$bytes":"AAH/"}');
    expect(formatValue({ type: 'i64', value: 2n ** 53n - 1n })).toBe('9007199254740991');
    expect(formatValue({ type: 'i64', value: 2n ** 53n + 1n })).toBe('"9007199254740993"');
    const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1].map((value): Value => ({
      type: 'f64',
      value,
    }));
    expect(formatValue({ type: 'array', value: numbers })).toBe('["NaN","Infinity","-Infinity",0.1]');
    const map: Value = {
      type: 'map',
      value: [
        ['b', { type: 'null' }],
        ['10', { type: 'bool', value: false }],
        ['2', { type: 'i8', value: -1 }],
      ],
    };
    expect(formatValue(map)).toBe('{"b":null,"10":false,"2":-1}');
  });

  it('[CL74] does nothing to a terminal and stays the same JSON, whatever it holds', () => {
    const hostile = '\u001b]0;x\u0007\u009b2J\u202e\u2028"\\\n';
    const line = visibleJson(formatValue({ type: 'map', value: [[hostile, { type: 'string', value: hostile }]] }));
    expect(line).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
    expect(JSON.parse(line)).toEqual({ [hostile]: hostile });
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        const json = formatValue(value);
        const shown = visibleJson(json);
        expect(shown).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(shown)).toEqual(JSON.parse(json));
      }),
    );
  });

  it('[CL74] can be typed again and is the same', () => {
    // JSON has one kind of number, and no objects without an order of their own for numbers as names.
    const json = fc
      .jsonValue({ maxDepth: 3, stringUnit: anyCharacter })
      .filter((value) => !/"\d+":|"__proto__":|-0[,\]}]|^-0$/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(json, (value) => {
        const sent = fromJson(JSON.parse(JSON.stringify(value)));
        const printed = formatValue(sent);
        expect(formatValue(parseValue(printed))).toBe(printed);
      }),
      { examples: [[2 ** 53], [[-(2 ** 60)]], [1e20], [1e21]] },
    );
  });
});
