import { matcherOf, type Address, type Pattern } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import type { Constraint } from '../../ports/token-verifier.ts';
import { toldRefusals, type RateLimits } from './rate-limits.ts';
import { takeFromAll, TokenBucket, type RateLimit } from './token-bucket.ts';

export interface SessionRatesOptions {
  readonly limits: Pick<RateLimits, 'session' | 'patterns'>;
  /** of its source, shared with the other sessions from there */
  readonly source: TokenBucket | undefined;
  /** of its token */
  readonly constraints: readonly Constraint[];
  readonly now: Micros;
  /** of the same session until now: limits that are the same go on as they stand, so that nobody renews a token for a new burst */
  readonly before?: SessionRates | undefined;
}

/** addresses whose limits are remembered; then the memory starts afresh */
const rememberedMax = 4096;

interface LimitedPattern {
  readonly pattern: Pattern;
  readonly covers: (address: Address) => boolean;
  readonly bucket: TokenBucket;
}

/** How fast one session may send. */
export class SessionRates {
  readonly #own: TokenBucket | undefined;
  readonly #all: readonly TokenBucket[];
  readonly #patterns: readonly LimitedPattern[];
  readonly #told: TokenBucket;
  readonly #remembered = new Map<Address, readonly TokenBucket[]>();

  constructor({ limits: { session, patterns }, source, constraints, now, before }: SessionRatesOptions) {
    this.#own = session && (sameIn(before ? [before.#own] : [], session) ?? new TokenBucket(session, now));
    this.#all = [this.#own, source].filter((bucket) => bucket !== undefined);
    const allowed = constraints.flatMap(({ pattern, maxRate: rate }) =>
      rate === undefined ? [] : [{ pattern, rate, burst: Math.max(1, Math.ceil(rate)) }],
    );
    const older = before ? before.#patterns : [];
    this.#patterns = [...patterns, ...allowed].map(({ pattern, ...limit }) => {
      const known = older.flatMap((each) => (each.pattern === pattern ? [each.bucket] : []));
      return { pattern, covers: matcherOf(pattern), bucket: sameIn(known, limit) ?? new TokenBucket(limit, now) };
    });
    this.#told = before ? before.#told : new TokenBucket(toldRefusals, now);
  }

  /** Whether anything is limited. */
  get isBounding(): boolean {
    return this.#all.length > 0 || this.#patterns.length > 0;
  }

  /** So many messages have come. @returns the limit that they are beyond; then none of them counts */
  takeMessages(count: number, now: Micros): RateLimit | undefined {
    return takeFromAll(this.#all, count, now)?.limit;
  }

  /** Writes to these addresses, all of them or none. @returns the limit that they are beyond, and where */
  takeWrites(addresses: readonly Address[], now: Micros): { limit: RateLimit; address: Address } | undefined {
    if (this.#patterns.length === 0) return undefined;
    const wanted = new Map<TokenBucket, { count: number; address: Address }>();
    for (const address of addresses)
      for (const bucket of this.#bucketsAt(address)) {
        const before = wanted.get(bucket);
        if (before) before.count++;
        else wanted.set(bucket, { count: 1, address });
      }
    for (const [bucket, { count, address }] of wanted)
      if (!bucket.has(count, now)) return { limit: bucket.limit, address };
    for (const [bucket, { count }] of wanted) bucket.take(count, now);
    return undefined;
  }

  /** Whether one more refusal is told to a peer that waits for no answer. */
  mayTell(now: Micros): boolean {
    return this.#told.take(1, now);
  }

  #bucketsAt(address: Address): readonly TokenBucket[] {
    const known = this.#remembered.get(address);
    if (known) return known;
    const found = this.#patterns.filter(({ covers }) => covers(address)).map(({ bucket }) => bucket);
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(address, found);
    return found;
  }
}

function sameIn(buckets: readonly (TokenBucket | undefined)[], { rate, burst }: RateLimit): TokenBucket | undefined {
  return buckets.find((bucket) => bucket?.limit.rate === rate && bucket.limit.burst === burst);
}
