import type { Micros } from '../../contract/units.ts';

/** The four instants of one SYNC exchange [CLASP-WIRE §10]. The outer two are read here, the inner two came from the peer
 *  and may be anything. */
export interface SyncSample {
  /** sent, by the local clock */
  readonly t1: Micros;
  /** received, by the server's clock */
  readonly t2: bigint;
  /** answered, by the server's clock */
  readonly t3: bigint;
  /** the answer received, by the local clock */
  readonly t4: Micros;
}

/** What one exchange proves: the request cannot have arrived before it left, nor the answer left after it arrived, so
 *  the offset (server minus local) is between `low` and `high`, whatever the path is like. Microseconds. */
export interface OffsetReading {
  /** half-way between sending and receiving, by the local clock */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  /** on the network; the server's time in between is taken off */
  readonly roundTrip: number;
}

export interface ReadingLimits {
  /** from sending to receiving, the server's time included; a longer exchange says too little */
  readonly roundTripMaxMicros: number;
  /** see `BandLimits` */
  readonly rateMax: number;
}

/** 'nonsense': no two clocks that run can give these four instants. 'too-slow': the round trip is beyond the limit. */
export type BadSample = 'nonsense' | 'too-slow';

/** The year 2112. Sums of instants up to here are exact, and no clock of ours will see it. */
const latestMicros = 2 ** 52;

/** Clocks are read in whole microseconds, so the time between two readings may be wrong by nearly one. */
const readingErrorMicros = 1;

export function readSample({ t1, t2, t3, t4 }: SyncSample, limits: ReadingLimits): OffsetReading | BadSample {
  const [received, answered] = [Number(t2), Number(t3)];
  if (![t1, received, answered, t4].every(isInstant)) return 'nonsense';
  const elapsed = t4 - t1;
  const held = answered - received;
  if (elapsed < 0 || held < 0) return 'nonsense';
  // Within the exchange the two clocks run apart a little, and the offset is wanted for the middle of it.
  const slack = readingErrorMicros + elapsed * limits.rateMax;
  if (held > elapsed + 2 * slack) return 'nonsense';
  if (elapsed > limits.roundTripMaxMicros) return 'too-slow';
  const roundTrip = Math.max(0, elapsed - held);
  return { at: t1 + elapsed / 2, low: answered - t4 - slack, high: received - t1 + slack, roundTrip };
}

function isInstant(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= latestMicros;
}
