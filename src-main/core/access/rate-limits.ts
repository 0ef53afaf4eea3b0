import type { Pattern } from '../../contract/address.ts';
import type { RateLimit } from './token-bucket.ts';

/** How fast anyone may send. What is absent is not limited. */
export interface RateLimits {
  /** messages of one session, each part of a BUNDLE one; answers to PING and acknowledgements do not count */
  readonly session?: RateLimit | undefined;
  /** the same of all sessions of one source together */
  readonly source?: RateLimit | undefined;
  /** writes of one session to all addresses that a pattern covers, together; all that cover an address hold */
  readonly patterns: readonly (RateLimit & { readonly pattern: Pattern })[];
}

export const noRateLimits: RateLimits = { patterns: [] };

/** HELLOs of one source that were refused for their tokens: who fails more often waits. */
export const failedHellos: RateLimit = { rate: 1 as RateLimit['rate'], burst: 20 };
/** ERRORs for messages beyond a rate that one session is told of, where nobody waits for an answer. All are counted. */
export const toldRefusals: RateLimit = { rate: 10 as RateLimit['rate'], burst: 20 };
