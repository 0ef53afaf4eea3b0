import { microsToMillis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { NewestMap } from '../bounds/newest-map.ts';

/** Sources that are remembered; whoever was silent for longest begins afresh beyond. */
const sourcesMax = 20_000;

interface SourceRatesOptions {
  readonly clock: Clock;
  /** a second, on average */
  readonly perSecond: number;
  /** at once, after a silence */
  readonly burst: number;
}

interface Bucket {
  readonly tokens: number;
  /** milliseconds since the Unix epoch */
  readonly at: number;
}

/** How much each source may ask: a token bucket for each. */
export class SourceRates {
  readonly #buckets = new NewestMap<string, Bucket>(sourcesMax);
  readonly #options: SourceRatesOptions;

  constructor(options: SourceRatesOptions) {
    this.#options = options;
  }

  /** Asks for one. @returns 0 where it is given, else the seconds until there is one, above 0 */
  take(source: string): number {
    const { clock, perSecond, burst } = this.#options;
    const now = microsToMillis(clock.nowMicros());
    const known = this.#buckets.get(source) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, known.tokens + ((now - known.at) / 1000) * perSecond);
    const isGiven = tokens >= 1;
    this.#buckets.set(source, { tokens: isGiven ? tokens - 1 : tokens, at: now });
    return isGiven ? 0 : (1 - tokens) / perSecond;
  }
}
