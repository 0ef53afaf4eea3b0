import { describe, expect, it } from 'vitest';
import { InputError } from '../../src-main/contract/errors.ts';
import { hertz, micros, microsToMillis, millis, millisToMicros } from '../../src-main/contract/units.ts';

describe('units', () => {
  it('[AD10] are finite numbers in their range', () => {
    expect(millis(1.5)).toBe(1.5);
    expect(micros(1.9)).toBe(1);
    expect(micros(-1.9)).toBe(-1);
    expect(micros(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    expect(hertz(0.1)).toBe(0.1);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('[AD10] refuse %s', (value) => {
    for (const make of [millis, micros, hertz]) expect(() => make(value)).toThrow(InputError);
  });

  it('[AD10] refuse microseconds past 2^53 and rates that are not above zero', () => {
    expect(() => micros(2 ** 53)).toThrow(InputError);
    expect(() => hertz(0)).toThrow(InputError);
    expect(() => hertz(-1)).toThrow(InputError);
  });

  it('[AD10] convert into each other', () => {
    expect(millisToMicros(millis(1.5))).toBe(1500);
    expect(microsToMillis(micros(1500))).toBe(1.5);
  });
});
