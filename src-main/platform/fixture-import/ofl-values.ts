import { rawMaxOf } from '../../contract/fixture.ts';

/** `50%`, or a number of that resolution.
 *  @param bytes 1 for 8 bits, and so on
 *  @returns undefined for what is neither */
export function amountOf(amount: number | string | undefined, bytes: number): number | undefined {
  if (typeof amount === 'number') return amount;
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(amount ?? '') ?? [];
  return percent === undefined ? undefined : Math.floor((Number(percent) / 100) * rawMaxOf(bytes));
}

/** A value in another resolution: a finer one repeats the last byte, as the library itself has it, so that full stays full.
 *  @param from bytes that it has
 *  @param to bytes that it gets */
export function scaledValue(raw: number, from: number, to: number): number {
  if (to <= from) return firstValue(raw, from, to);
  return scaledValue(raw * 256 + (raw % 256), from + 1, to);
}

/** Where a range begins in another resolution: at the first value that begins so. */
export function firstValue(raw: number, from: number, to: number): number {
  return Math.floor(raw * 256 ** (to - from));
}

/** Where a range ends in another resolution: at the last value that begins so. */
export function lastValue(raw: number, from: number, to: number): number {
  return to <= from ? firstValue(raw, from, to) : firstValue(raw + 1, from, to) - 1;
}
