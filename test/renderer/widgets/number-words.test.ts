import { describe, expect, it } from 'vitest';
import { bool, f64, integer, nullValue, text } from '../../../src-main/contract/signal.ts';
import {
  formatForField,
  formatLatency,
  formatNumber,
  spaceThousands,
  thousandsFault,
  tryTypedNumber,
} from '../../../src-renderer/widgets/number-words.ts';
import { formatValue } from '../../../src-renderer/widgets/value-words.ts';

describe('numbers in words', () => {
  it('[UI3] writes the time a signal took, and never that it took none', () => {
    expect([0, 99, 100, 340, 12_000].map(formatLatency)).toEqual(['<0.1 ms', '<0.1 ms', '0.1 ms', '0.3 ms', '12.0 ms']);
  });

  it('[UI3] writes three decimals up to one, thin spaces in thousands and a true minus', () => {
    expect(formatNumber(0.65)).toBe('0.650');
    expect(formatNumber(12000)).toBe('12\u2009000');
    expect(formatNumber(-0.283)).toBe('\u22120.283');
    expect(formatNumber(-0.0001)).toBe('0.000');
    expect(formatNumber(255)).toBe('255');
    expect(formatNumber(Number.NaN)).toBe('–');
  });

  it.each([
    ['A port is a whole number from 1 to 65535.', 'A port is a whole number from 1 to 65\u2009535.'],
    ['A universe 1–63999, or 0 for none.', 'A universe 1–63\u2009999, or 0 for none.'],
    ['From 1 to 1000 a second, or empty.', 'From 1 to 1\u2009000 a second, or empty.'],
    ['70000 is outside 1 to 63999.', '70\u2009000 is outside 1 to 63\u2009999.'],
  ])('[UI556] writes the numbers of “%s” as others are', (sentence, written) => {
    expect(spaceThousands(sentence)).toBe(written);
  });

  it.each([
    'A URL such as ws://10.0.0.5:7330/clasp.',
    'Choose a port, or give its path: /dev/ttyUSB0, usb=2341:0043:7573, hid=054c:0ce6.',
    '10000-5 runs backwards. Write 5-10000.',
    '“70000x” is no number.',
    'Type a day: 2026-12-24 18:00.',
    'Another bridge listens on port 8000.',
    '/lamp/1000: Two slashes meet.',
  ])('[UI556] leaves what is to be typed, or found somewhere, as it stands there: %s', (sentence) => {
    expect(spaceThousands(sentence)).toBe(sentence);
  });

  it('[UI3] keeps every digit in a field', () => {
    expect(formatForField(0.123456)).toBe('0.123456');
    expect(formatForField(18000)).toBe('18\u2009000');
  });

  it.each([
    ['12 000', 12000],
    ['12\u2009000', 12000],
    ['0,5', 0.5],
    ['\u22123', -3],
    ['.5', 0.5],
    ['1e3', 1000],
    ['', undefined],
    ['ten', undefined],
    ['1.2.3', undefined],
    ['1,00', 1],
    ['0,125', 0.125],
    ['1234,500', 1234.5],
    ['1,000', undefined],
    ['-12,000', undefined],
    ['1,000,000', undefined],
  ])('[UI3] reads %j as %j', (typed, value) => {
    expect(tryTypedNumber(typed)).toBe(value);
  });

  it.each([
    ['1,000', 'Type 1\u2009000 or 1.000: a comma can mean both.'],
    ['\u221212,500', 'Type \u221212\u2009500 or \u221212.500: a comma can mean both.'],
    ['1,000,000', 'Type 1\u2009000\u2009000: a comma can mean both.'],
    ['0,500', undefined],
    ['1,5', undefined],
  ])('[UI89] asks what %j means', (typed, repair) => {
    expect(thousandsFault(typed)).toBe(repair);
  });

  it('[UI3] reads back what it wrote in a field', () => {
    for (const value of [0, -1.5, 18000, 0.001, 123456.789]) expect(tryTypedNumber(formatForField(value))).toBe(value);
  });

  it('[UI3] says every type of value in a few characters', () => {
    expect(formatValue(f64(0.65))).toBe('0.650');
    expect(formatValue(f64(1))).toBe('1.000');
    expect(formatValue(integer(157))).toBe('157');
    expect(formatValue(bool(true))).toBe('on');
    expect(formatValue(nullValue)).toBe('bang');
    expect(formatValue(text('a'.repeat(60)))).toHaveLength(24);
    expect(formatValue({ type: 'i64', value: 12345678901234n })).toBe('12\u2009345\u2009678\u2009901\u2009234');
    expect(formatValue({ type: 'bytes', value: new Uint8Array(3) })).toBe('3 bytes');
    expect(formatValue(null)).toBe('–');
  });
});
