import type { Micros } from '../../contract/units.ts';
import { NewestMap } from '../bounds/newest-map.ts';
import { failedHellos } from './rate-limits.ts';
import { TokenBucket, type RateLimit } from './token-bucket.ts';

/** sources remembered; the one heard of longest ago makes room, and is as new when it comes again */
export const sourcesMax = 10_000;

/** What all sessions of one source have together. */
export class Sources {
  readonly #messages = new NewestMap<string, TokenBucket>(sourcesMax);
  readonly #failures = new NewestMap<string, TokenBucket>(sourcesMax);
  #limit: RateLimit | undefined;

  /** From now on this holds for messages, for those who come; undefined: nothing does. */
  limitTo(limit: RateLimit | undefined): void {
    this.#limit = limit;
    this.#messages.clear();
  }

  /** @returns the bucket for its messages; undefined where they are not limited */
  messagesOf(source: string, now: Micros): TokenBucket | undefined {
    return this.#limit && bucketIn(this.#messages, source, { limit: this.#limit, now });
  }

  /** A HELLO of this source was refused for its token. */
  failed(source: string, now: Micros): void {
    bucketIn(this.#failures, source, { limit: failedHellos, now }).take(1, now);
  }

  /** Whether its HELLOs are looked at: not while too many failed of late. */
  mayTry(source: string, now: Micros): boolean {
    return this.#failures.get(source)?.has(1, now) ?? true;
  }
}

interface NewBucket {
  readonly limit: RateLimit;
  readonly now: Micros;
}

function bucketIn(buckets: NewestMap<string, TokenBucket>, source: string, { limit, now }: NewBucket): TokenBucket {
  const bucket = buckets.get(source) ?? new TokenBucket(limit, now);
  buckets.set(source, bucket);
  return bucket;
}
