/** Round trips that count for the quality; also how many make it complete. */
export const qualitySamples = 10;

const roundTripWorstMicros = 10_000;
const jitterWorstMicros = 1000;

/** How far a clock can be trusted, as a figure for the operator: 40 % for a short round trip (nothing from 10 ms on), 40 %
 *  for a steady one (nothing from 1 ms of standard deviation on), 20 % for having measured ten times. Above 0.8 cues on two
 *  machines fall into the same video frame.
 *  @param roundTrips the newest ones, in microseconds, at most `qualitySamples`
 *  @returns 0..1; 0 without any */
export function clockQuality(roundTrips: readonly number[]): number {
  if (roundTrips.length === 0) return 0;
  const mean = roundTrips.reduce((sum, each) => sum + each, 0) / roundTrips.length;
  const variance = roundTrips.reduce((sum, each) => sum + (each - mean) ** 2, 0) / roundTrips.length;
  return (
    0.4 * Math.max(0, 1 - mean / roundTripWorstMicros) +
    0.4 * Math.max(0, 1 - Math.sqrt(variance) / jitterWorstMicros) +
    0.2 * Math.min(1, roundTrips.length / qualitySamples)
  );
}
