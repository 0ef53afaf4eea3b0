import { tryPattern } from './address.ts';
import { InputError } from './errors.ts';
import { parseScope, scopesMax } from './scope.ts';
import { z } from './zod.ts';

/** Patterns with a limit of their own. */
export const limitedPatternsMax = 64;
/** messages a second, and at once */
export const ratePerSecondMax = 10_000_000;
export const tokenNameMax = 128;

const rateLimit = {
  /** messages a second on average */
  rate: z.number().positive().max(ratePerSecondMax),
  /** at once, after a rest */
  burst: z.int().min(1).max(ratePerSecondMax),
};

/** How fast CLASP clients may send; what is null is not limited. @see docs/security.md */
export const rateLimitsSchema = z.strictObject({
  session: z.strictObject(rateLimit).nullable().default(null),
  source: z.strictObject(rateLimit).nullable().default(null),
  patterns: z
    .array(
      z.strictObject({
        pattern: z.string().refine((text) => tryPattern(text) !== undefined, 'expected a pattern such as /desk/**'),
        ...rateLimit,
      }),
    )
    .max(limitedPatternsMax)
    .default([]),
});
export type RateLimitSettings = z.infer<typeof rateLimitsSchema>;

/** Who may connect to this machine's router, and how fast they may send. */
export const accessRulesSchema = z.strictObject({
  asksForTokens: z.boolean().default(false),
  rateLimits: rateLimitsSchema.default({ session: null, source: null, patterns: [] }),
});
export type AccessRules = z.infer<typeof accessRulesSchema>;

export interface AccessRulesState extends AccessRules {
  /** the command line asks for tokens: it cannot be switched off here */
  readonly isAskingGiven: boolean;
  /** the command line has rates: they hold for this run, not these */
  readonly areRatesGiven: boolean;
}

/** A scope as text. */
export const scopeTextSchema = z.string().max(1100).refine(isScope, 'expected a scope such as write:/desk/**');

export const newTokenSchema = z.strictObject({
  name: z.string().max(tokenNameMax),
  scopes: z.array(scopeTextSchema).min(1).max(scopesMax),
  /** milliseconds since the Unix epoch; null: it does not end by itself */
  expiresAt: z.number().nullable(),
});
export type NewToken = z.infer<typeof newTokenSchema>;

/** A token of the store as the operator sees it: never the token itself. */
export interface TokenEntry {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** milliseconds since the Unix epoch, as all that follow; null: never */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

function isScope(text: string): boolean {
  try {
    parseScope(text);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
