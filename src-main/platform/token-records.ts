import { InputError } from '../contract/errors.ts';
import { parsePattern } from '../contract/address.ts';
import { formatScope, parseScope, scopesMax, type Scope } from '../contract/scope.ts';
import { hertz } from '../contract/units.ts';
import { z } from '../contract/zod.ts';
import type { Constraint } from '../ports/token-verifier.ts';

/** What is kept of one token; never the token. */
export interface TokenRecord {
  /** `tk_` and 12 letters or digits */
  readonly id: string;
  /** for people; may be empty */
  readonly name: string;
  readonly kind: 'cpsk';
  /** SHA-256, hex */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly constraints: readonly Constraint[];
  /** milliseconds since the Unix epoch, as all that follow; null: never */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** A token that others made, and that opens nothing any longer: `jwt:…` or `cap:…`. */
export interface Revocation {
  readonly id: string;
  readonly revokedAt: number;
}

export interface TokenRecords {
  readonly tokens: readonly TokenRecord[];
  readonly revocations: readonly Revocation[];
}

export const noRecords: TokenRecords = { tokens: [], revocations: [] };
/** Of tokens and of revocations, each. */
export const recordsMax = 10_000;
export const constraintsMax = 64;
export const nameLettersMax = 128;
export const tokensFileBytesMax = 16 * 1024 * 1024;
/** Of tokens that others made: what they call it, `jti`, may be so long. */
export const foreignIdPattern = /^(?:jwt|cap):[\x21-\x7e]{1,128}$/;

const version = 1;
const instant = z.iso.datetime().transform((text) => Date.parse(text));
const scope = z.string().transform((text, context): Scope => parsed(() => parseScope(text), context));
const pattern = z.string().transform((text, context) => parsed(() => parsePattern(text), context));
const range = z.tuple([z.number(), z.number()]).refine(([min, max]) => min <= max);
const constraint = z
  .strictObject({ pattern, range: range.optional(), maxRate: z.number().positive().transform(hertz).optional() })
  .transform(({ pattern: where, ...bounds }): Constraint => ({
    pattern: where,
    ...(bounds.range && { range: bounds.range }),
    ...(bounds.maxRate !== undefined && { maxRate: bounds.maxRate }),
  }));

/** Strict: what is not known here may have been meant to bound what a token opens. */
const fileSchema = z.strictObject({
  version: z.literal(version),
  tokens: z
    .array(
      z.strictObject({
        id: z.string().regex(/^tk_[0-9A-Za-z]{12}$/),
        name: z.string().max(nameLettersMax),
        kind: z.literal('cpsk'),
        hash: z.string().regex(/^[0-9a-f]{64}$/),
        scopes: z.array(scope).max(scopesMax),
        constraints: z.array(constraint).max(constraintsMax),
        createdAt: instant,
        expiresAt: instant.nullable(),
        revokedAt: instant.nullable(),
      }),
    )
    .max(recordsMax),
  revocations: z.array(z.strictObject({ id: z.string().regex(foreignIdPattern), revokedAt: instant })).max(recordsMax),
});

/** Reads `tokens.json`.
 *  @param path for the message
 *  @throws InputError 'bad-token-file' when it is damaged or of a later Flyrail; nothing is guessed then */
export function parseTokenRecords(text: string, path: string): TokenRecords {
  const { success, data } = fileSchema.safeParse(jsonOf(text));
  if (!success) {
    const ways = 'Put a copy back, or move it away and make new tokens; until then none of its tokens opens anything';
    throw new InputError(
      'bad-token-file',
      `The token store ${path} is damaged, or a later Flyrail wrote it. ${ways}.`,
      { path },
    );
  }
  return { tokens: data.tokens, revocations: data.revocations };
}

export function formatTokenRecords({ tokens, revocations }: TokenRecords): string {
  const file = {
    version,
    tokens: tokens.map((each) => ({
      ...each,
      scopes: each.scopes.map(formatScope),
      createdAt: isoTime(each.createdAt),
      expiresAt: each.expiresAt === null ? null : isoTime(each.expiresAt),
      revokedAt: each.revokedAt === null ? null : isoTime(each.revokedAt),
    })),
    revocations: revocations.map((each) => ({ ...each, revokedAt: isoTime(each.revokedAt) })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @param time milliseconds since the Unix epoch */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<T>(read: () => T, context: z.RefinementCtx): T {
  try {
    return read();
  } catch {
    context.addIssue({ code: 'custom', message: 'It cannot be read.' });
    return z.NEVER;
  }
}
