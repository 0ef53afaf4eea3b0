import { InputError } from '../../contract/errors.ts';
import { hertz, micros, type Hertz, type Micros } from '../../contract/units.ts';

export const tickRateMax = 240;
const second = 1_000_000;

/** @throws InputError 'bad-number' unless a whole number of 1..240 Hz */
export function tickRate(value: number): Hertz {
  if (!isTickRate(value)) {
    throw new InputError('bad-number', `Timelines play at 1 to ${tickRateMax} whole ticks a second, got ${value}`);
  }
  return hertz(value);
}

export function isTickRate(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= tickRateMax;
}

/** The first tick after `now`. Ticks divide every second of the clock evenly, from the second on and each in the first whole
 *  microsecond of its time: a tick that came late moves no other, and two engines tick together. */
export function nextTick(now: Micros, rate: Hertz): Micros {
  const secondStart = Math.floor(now / second) * second;
  const index = Math.floor(((now - secondStart) * rate) / second) + 1;
  return micros(secondStart + Math.ceil((index * second) / rate));
}

/** As `nextTick`, with all ticks later by the same part of an interval: timelines at different places share no instant. */
export function nextTickBeside(now: Micros, rate: Hertz, place: number): Micros {
  const later = Math.floor((place * second) / rate);
  return micros(nextTick(micros(now - later), rate) + later);
}

/** How many ticks there are after `from`, up to and with `to`. */
export function ticksBetween(from: Micros, to: Micros, rate: Hertz): number {
  return ticksUpTo(to, rate) - ticksUpTo(from, rate);
}

/** Counted from the beginning of time. */
function ticksUpTo(at: Micros, rate: Hertz): number {
  const seconds = Math.floor(at / second);
  return seconds * rate + Math.floor(((at - seconds * second) * rate) / second);
}
