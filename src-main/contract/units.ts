import { InputError } from './errors.ts';

/** A duration or an instant in milliseconds; instants count from the Unix epoch. Finite. */
export type Millis = number & { readonly unit: 'ms' };
/** A duration or an instant in microseconds; instants count from the Unix epoch. A whole number up to 2^53. */
export type Micros = number & { readonly unit: 'us' };
/** A rate in cycles per second. Finite, above zero. */
export type Hertz = number & { readonly unit: 'Hz' };

/** @throws InputError 'bad-number' unless finite */
export function millis(value: number): Millis {
  return finite(value, 'milliseconds') as Millis;
}

/** Fractions are cut, since the wire carries whole microseconds.
 *  @throws InputError 'bad-number' unless finite and within ±2^53 */
export function micros(value: number): Micros {
  const whole = Math.trunc(finite(value, 'microseconds'));
  if (!Number.isSafeInteger(whole)) throw new InputError('bad-number', `${value} microseconds is out of range`);
  return whole as Micros;
}

/** @throws InputError 'bad-number' unless finite and above zero */
export function hertz(value: number): Hertz {
  if (finite(value, 'hertz') <= 0) throw new InputError('bad-number', `A rate is above 0 Hz, got ${value}`);
  return value as Hertz;
}

export function millisToMicros(value: Millis): Micros {
  return micros(value * 1000);
}

export function microsToMillis(value: Micros): Millis {
  return (value / 1000) as Millis;
}

function finite(value: number, unit: string): number {
  if (!Number.isFinite(value)) throw new InputError('bad-number', `Expected a finite number of ${unit}, got ${value}`);
  return value;
}
