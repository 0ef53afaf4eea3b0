import { parsePattern } from '../contract/address.ts';
import { InputError } from '../contract/errors.ts';
import { formatScope, parseScope, scopesMax, type Scope } from '../contract/scope.ts';
import { hertz } from '../contract/units.ts';
import { z } from '../contract/zod.ts';
import type { Constraint, Grant } from '../ports/token-verifier.ts';
import { constraintsMax } from './token-records.ts';

export type Rights = Pick<Grant, 'scopes' | 'constraints'>;

const patterns = z.array(z.string()).max(scopesMax).default([]);
const scopeList = z.union([z.string(), z.array(z.string()).max(scopesMax)]).optional();
/** Strict: what is not known here may have been meant to bound what the token opens. */
const claimSchema = z.strictObject({
  read: patterns,
  write: patterns,
  admin: patterns,
  scopes: scopeList,
  scope: scopeList,
  // Its names are patterns and looked at one by one: as a record, one called __proto__ would be left out in silence.
  constraints: z
    .custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .optional(),
});
const boundsSchema = z
  .strictObject({
    range: z
      .tuple([z.number(), z.number()])
      .refine(([min, max]) => min <= max)
      .optional(),
    maxRate: z.number().positive().optional(),
  })
  .refine(({ range, maxRate }) => range !== undefined || maxRate !== undefined);

/** What a JWT allows, from its claim `sf` or `clasp`:
 *  `{read?: [pattern], write?: [pattern], admin?: [pattern], scopes?: [scope] | 'scope,scope', constraints?: {pattern: {range?:
 *  [min, max], maxRate?: Hz}}}`. All that stand there are allowed together. With both claims there must be the same in both:
 *  whoever reads one of them only would be told something else than the other says.
 *  @param payload of a token whose signature was checked
 *  @throws InputError 'bad-token', saying which part; nothing is left out or repaired
 *  @see CLASP-WIRE §14 */
export function rightsOfClaims(payload: Readonly<Record<string, unknown>>): Rights {
  const given = (['sf', 'clasp'] as const).filter((name) => Object.hasOwn(payload, name));
  const [first, second] = given.map((name) => rightsOf(name, payload[name]));
  if (!first) throw badClaim('expected the claim sf or clasp, which says what may be done');
  if (second && textOf(first) !== textOf(second))
    throw badClaim('the claims sf and clasp differ; expected one of them');
  return first;
}

function rightsOf(name: string, claim: unknown): Rights {
  const { success, data } = claimSchema.safeParse(claim);
  if (!success)
    throw badClaim(`the claim ${name}: expected read, write, admin, scopes and constraints, and nothing else`);
  const { read, write, admin, scope, constraints = {} } = data;
  const scopes = [
    ...Object.entries({ read, write, admin }).flatMap(([action, list]) => list.map((each) => `${action}:${each}`)),
    ...listOf(data.scopes),
    ...listOf(scope),
  ];
  if (scopes.length > scopesMax) throw badClaim(`the claim ${name}: at most ${scopesMax} scopes`);
  return { scopes: scopes.map((each) => scopeOf(name, each)), constraints: constraintsOf(name, constraints) };
}

function listOf(list: string | readonly string[] | undefined): readonly string[] {
  if (typeof list !== 'string') return list ?? [];
  return list.trim() === '' ? [] : list.split(',').map((each) => each.trim());
}

function scopeOf(name: string, text: string): Scope {
  try {
    return parseScope(text);
  } catch (error) {
    throw badClaim(`the claim ${name}: ${clauseOf(error)}`);
  }
}

function constraintsOf(name: string, constraints: object): readonly Constraint[] {
  const entries = Object.entries(constraints);
  if (entries.length > constraintsMax) throw badClaim(`the claim ${name}: at most ${constraintsMax} constraints`);
  return entries.map(([pattern, bounds]) => {
    const { success, data } = boundsSchema.safeParse(bounds);
    if (!success)
      throw badClaim(
        `the claim ${name}: a constraint has range: [min, max], or maxRate above 0, or both, and nothing else`,
      );
    const { range, maxRate } = data;
    try {
      return {
        pattern: parsePattern(pattern),
        ...(range && { range }),
        ...(maxRate !== undefined && { maxRate: hertz(maxRate) }),
      };
    } catch (error) {
      throw badClaim(`the claim ${name}: the pattern of a constraint: ${clauseOf(error)}`);
    }
  });
}

function textOf({ scopes, constraints }: Rights): string {
  return JSON.stringify([
    scopes.map(formatScope).toSorted(),
    constraints.map((each) => JSON.stringify(each)).toSorted(),
  ]);
}

function clauseOf(error: unknown): string {
  return error instanceof InputError ? error.message.replace(/\.$/, '') : 'it cannot be read';
}

function badClaim(expected: string): InputError {
  return new InputError('bad-token', `${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`);
}
