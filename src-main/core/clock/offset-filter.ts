import { micros, millisToMicros, type Micros, type Millis } from '../../contract/units.ts';
import { clockQuality, qualitySamples } from './clock-quality.ts';
import { bandThrough, type OffsetBand } from './offset-band.ts';
import { readSample, type BadSample, type OffsetReading, type SyncSample } from './sync-sample.ts';

export interface OffsetEstimate {
  /** server minus local; whole, because old clients throw on fractions [CLASP-WIRE §10] */
  readonly offset: Micros;
  /** the true offset is no further away, while the clocks keep to the limits and make no step too small to be found */
  readonly errorBound: Micros;
  /** shortest round trip among the samples kept */
  readonly roundTripBest: Micros;
  /** 0..1 */
  readonly quality: number;
  /** kept at present */
  readonly samples: number;
  /** how fast the server's clock gains on the local one, in parts per million */
  readonly driftPpm: number;
}

export interface OffsetFilterCounters {
  readonly kept: number;
  readonly nonsense: number;
  readonly tooSlow: number;
  /** how often a clock has jumped, or changed its speed at once, and all before was forgotten */
  readonly stepped: number;
}

/** Finds the offset of a server's clock from SYNC exchanges. */
export interface OffsetFilter {
  /** Takes an exchange in the order in which answers arrive. A bad one is counted and has no other effect. */
  add(sample: SyncSample): 'kept' | 'stepped' | BadSample;
  /** @param now local time; before or after the newest sample, the bound grows with the distance
   *  @returns undefined before the first good sample */
  estimate(now: Micros): OffsetEstimate | undefined;
  readonly counters: OffsetFilterCounters;
}

export interface OffsetFilterOptions {
  /** at most so many samples are kept … */
  readonly samplesMax?: number;
  /** … and none longer than this; without a newer one the quality is 0 */
  readonly window?: Millis;
  readonly roundTripMax?: Millis;
  /** the most by which one clock can outrun the other; 500 is what NTP allows itself [RFC 5905 MAXFREQ] */
  readonly driftMaxPpm?: number;
  /** the most by which the drift can change within the window, mostly by warmth */
  readonly wanderMaxPpm?: number;
}

/** A step is found by the first sample that no two steady clocks explain; one beyond twice the error bound and a round trip
 *  always is. A smaller one may look like a slow path: then it is followed bit by bit as older samples leave the window. */
export function createOffsetFilter({
  samplesMax = 64,
  window = 600_000 as Millis,
  roundTripMax = 2000 as Millis,
  driftMaxPpm = 500,
  wanderMaxPpm = 2,
}: OffsetFilterOptions = {}): OffsetFilter {
  const limits = {
    roundTripMaxMicros: millisToMicros(roundTripMax),
    rateMax: driftMaxPpm / 1e6,
    wanderMax: wanderMaxPpm / 1e6,
  };
  const windowMicros = millisToMicros(window);
  const counters = { kept: 0, nonsense: 0, tooSlow: 0, stepped: 0 };
  /** by `at`, which is not always the order of arrival */
  let readings: readonly OffsetReading[] = [];
  let lastArrival = 0;
  let known: Known | undefined;

  return { add, estimate, counters };

  function add(sample: SyncSample): 'kept' | 'stepped' | BadSample {
    const reading = readSample(sample, limits);
    if (reading === 'nonsense' || reading === 'too-slow') {
      counters[reading === 'nonsense' ? 'nonsense' : 'tooSlow']++;
      return reading;
    }
    counters.kept++;
    const hasTurnedBack = sample.t4 < lastArrival;
    lastArrival = sample.t4;
    const recent = [...readings.filter(({ at }) => reading.at - at <= windowMicros), reading];
    if (!hasTurnedBack && keep(recent.slice(-samplesMax).sort((a, b) => a.at - b.at))) return 'kept';
    keep([reading]);
    counters.stepped++;
    return 'stepped';
  }

  /** @returns false, and keeps nothing, when they contradict each other */
  function keep(next: readonly OffsetReading[]): boolean {
    const band = bandThrough(next, limits);
    if (!band) return false;
    readings = next;
    const roundTrips = next.map(({ roundTrip }) => roundTrip);
    const quality = clockQuality(roundTrips.slice(-qualitySamples));
    known = { band, roundTripBest: Math.min(...roundTrips), quality, samples: next.length };
    return true;
  }

  function estimate(now: Micros): OffsetEstimate | undefined {
    if (!known) return undefined;
    const isStale = now - known.band.at > windowMicros;
    return estimateAt(now, isStale ? { ...known, quality: 0 } : known);
  }
}

/** What follows from the readings, until the next one. */
interface Known {
  readonly band: OffsetBand;
  readonly roundTripBest: number;
  readonly quality: number;
  readonly samples: number;
}

function estimateAt(now: Micros, { band, roundTripBest, quality, samples }: Known): OffsetEstimate {
  const since = now - band.at;
  return {
    offset: micros(band.offset + band.rate * since),
    // One more for the fraction that the offset has lost.
    errorBound: micros(Math.ceil(band.offsetError + band.rateError * Math.abs(since)) + 1),
    roundTripBest: micros(roundTripBest),
    quality,
    samples,
    driftPpm: band.rate * 1e6,
  };
}
