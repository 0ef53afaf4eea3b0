import { segmentsOf } from '../contract/address.ts';
import { parseScope, scopeContains, type Scope } from '../contract/scope.ts';
import { micros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Grant, TokenFault } from '../ports/token-verifier.ts';
import {
  bytesOfProof,
  bytesOfToken,
  capabilityId,
  decodeCapability,
  type CapabilityToken,
} from './capability-token.ts';
import { isSignedBy } from './ed25519-keys.ts';

export interface CapabilityVerifierOptions {
  /** public keys of who may issue tokens, 32 bytes each */
  readonly trustAnchors: readonly Uint8Array[];
  /** by which tokens mean this router */
  readonly audience: string | undefined;
  readonly clock: Clock;
  /** whether this id, of a token or of one of its proofs, opens nothing any longer */
  readonly refuses: (id: string) => TokenFault | undefined;
}

/** Of a chain: each scope is compared with all of the step before, and patterns can be made to take long. */
export const chainScopesMax = 16;
export const chainSegmentsMax = 16;
const chainLooksMax = 50_000;

interface Step {
  readonly issuer: Uint8Array;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
}

/** Checks capability tokens, from who is trusted down to the token: the first issuer is a trust anchor; each proof is signed by its
 *  issuer, for the issuer of the next step, in this very chain; each step allows nothing that the one before did not; none
 *  has ended or was revoked; an audience is this router's. Nothing is taken on trust that no signature covers.
 *  @see CLASP-WIRE §14, and `bytesOfProof` for what proofs sign */
export function createCapabilityVerifier({ trustAnchors, audience, clock, refuses }: CapabilityVerifierOptions) {
  const anchors = new Set(trustAnchors.map(hexOf));
  return (text: string): Grant | TokenFault => {
    const token = decodeCapability(text);
    if (!token) return malformed('It is no capability token as docs/tokens.md tells them.');
    const steps = stepsOf(token);
    if (!steps[0] || !anchors.has(hexOf(steps[0].issuer)))
      return { because: 'unknown', message: 'This router does not trust who issued the token.' };
    if (!steps.every(({ issuer, signed, signature }) => isSignedBy(issuer, signed, signature)))
      return { because: 'bad-signature', message: 'A signature in the token is not that of its issuer.' };
    return judged(token, steps, { audience, now: clock.nowMicros() / 1e6, refuses });
  };
}

function stepsOf(token: CapabilityToken): readonly Step[] {
  const { proofs, audience } = token;
  const issuers = [...proofs.map(({ issuer }) => issuer), token.issuer];
  const links = proofs.map((proof, index) => {
    const delegate = issuers[index + 1] ?? token.issuer;
    return { ...proof, signed: bytesOfProof(proof, { delegate, audience, previous: proofs[index - 1] }) };
  });
  return [...links, { ...token, signed: bytesOfToken(token) }];
}

/** What is left once every signature is known to be good. */
function judged(
  token: CapabilityToken,
  steps: readonly Step[],
  { audience, now, refuses }: Pick<CapabilityVerifierOptions, 'audience' | 'refuses'> & { readonly now: number },
): Grant | TokenFault {
  if (token.proofs.some(({ hasAudience }) => hasAudience && !token.audience))
    return malformed('A proof is for one router only, and the token names none.');
  if (token.audience && (audience === undefined || !Buffer.from(audience).equals(token.audience)))
    return { because: 'wrong-audience', message: 'The token is meant for another router.' };
  const expiresAt = Math.min(...steps.map((step) => step.expiresAt));
  if (expiresAt <= now) return { because: 'expired', message: 'The token, or a proof in it, has ended.' };
  const ids = steps.map(({ signed }) => capabilityId(signed));
  for (const id of ids) {
    const refused = refuses(id);
    if (refused) return refused;
  }
  const scopes = scopesOf(steps);
  if ('because' in scopes) return scopes;
  const end = micros(Math.min(expiresAt * 1e6, Number.MAX_SAFE_INTEGER));
  const standsOn = ids.slice(0, -1);
  return { id: ids.at(-1) ?? '', name: '', scopes: scopes.last, constraints: [], expiresAt: end, standsOn };
}

/** Those of the token, where each step stays within the one before. */
function scopesOf(steps: readonly Step[]): { readonly last: readonly Scope[] } | TokenFault {
  let outer: readonly Scope[] | undefined;
  const looks = { left: chainLooksMax };
  for (const { scopes } of steps) {
    const inner = parsed(scopes);
    if (!inner) return malformed('A scope in the token is none: expected read, write or admin, then : and a pattern.');
    if (steps.length > 1 && (inner.length > chainScopesMax || inner.some(isLong)))
      return malformed(`In a chain a step has at most ${chainScopesMax} scopes of ${chainSegmentsMax} parts.`);
    const wide = outer;
    if (wide && !inner.every((scope) => wide.some((each) => scopeContains(each, scope, looks))))
      return { because: 'too-wide', message: 'A step of the token allows more than the step before it.' };
    outer = inner;
  }
  return { last: outer ?? [] };
}

function parsed(scopes: readonly string[]): readonly Scope[] | undefined {
  try {
    return scopes.map(parseScope);
  } catch {
    return undefined;
  }
}

function isLong({ pattern }: Scope): boolean {
  return segmentsOf(pattern).length > chainSegmentsMax;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function malformed(message: string): TokenFault {
  return { because: 'malformed', message };
}
