import { micros, type Micros } from '../../contract/units.ts';

/** An NTP time: seconds since 1900 and 2^-32 parts of a second, both unsigned 32 bits. */
export type TimeTag = readonly [seconds: number, fraction: number];

export const immediately: TimeTag = [0, 1];

const secondsFrom1900To1970 = 2_208_988_800;
const secondsOfEra = 2 ** 32;

/** Seconds wrap in 2036: those of an NTP time before 1970 stand for the years 2036 to 2106.
 *  @returns undefined for "immediately", which is a fraction of 1 and, as some senders write it, of 0.
 *  @see OSC 1.0, time tags; RFC 4330 clause 3 */
export function timeOfTag([seconds, fraction]: TimeTag): Micros | undefined {
  if (seconds === 0 && fraction <= 1) return undefined;
  const era = seconds < secondsFrom1900To1970 ? secondsOfEra : 0;
  return micros(
    (seconds + era - secondsFrom1900To1970) * 1_000_000 + Math.floor((fraction * 1_000_000) / secondsOfEra),
  );
}

/** The tag that `timeOfTag` reads as this time, to the microsecond.
 *  @param at 1970 to 2106; later ones wrap */
export function tagOfTime(at: Micros): TimeTag {
  const whole = Math.floor(at / 1_000_000);
  const seconds = (whole + secondsFrom1900To1970) % secondsOfEra;
  // Upwards, so that reading it cuts back to the same microsecond.
  const fraction = Math.ceil(((at - whole * 1_000_000) * secondsOfEra) / 1_000_000);
  // The first microsecond of 2036's era would read as "immediately".
  return [seconds, seconds === 0 ? Math.max(fraction, 2) : fraction];
}
