import { micros, type Micros } from '../../contract/units.ts';

/** An NTP time: seconds since 1900 and 2^-32 parts of a second, both unsigned 32 bits. */
export type TimeTag = readonly [seconds: number, fraction: number];

const secondsFrom1900To1970 = 2_208_988_800;

/** @returns undefined for "immediately", which is a fraction of 1 and, as some senders write it, of 0.
 *  @see OSC 1.0, time tags; RFC 4330 clause 3 for seconds that wrapped in 2036 */
export function timeOfTag([seconds, fraction]: TimeTag): Micros | undefined {
  if (seconds === 0 && fraction <= 1) return undefined;
  const era = seconds < 2 ** 31 ? 2 ** 32 : 0;
  return micros((seconds + era - secondsFrom1900To1970) * 1_000_000 + Math.floor((fraction * 1_000_000) / 2 ** 32));
}
