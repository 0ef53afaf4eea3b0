import type { Pattern } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Scope } from '../contract/scope.ts';
import type { Hertz, Micros } from '../contract/units.ts';

/** What whoever shows a token may do. */
export interface Grant {
  /** of the token: for logs, the audit log and revocation. Never the secret, nor anything it can be made from */
  readonly id: string;
  /** for people; may be empty */
  readonly name: string;
  /** none: nothing may be done */
  readonly scopes: readonly Scope[];
  readonly constraints: readonly Constraint[];
  /** of the first that ends in a chain, leeway of clocks counted in; undefined: it does not end by itself */
  readonly expiresAt: Micros | undefined;
  /** ids of what the token was made with: when one of them is revoked, the token is */
  readonly standsOn?: readonly string[];
}

/** A bound on what is written where this pattern covers it. All that cover an address hold. */
export interface Constraint {
  readonly pattern: Pattern;
  /** numbers, both ends allowed; other values are refused there */
  readonly range?: readonly [min: number, max: number];
  /** writes of one session a second, on average, to all addresses of the pattern together */
  readonly maxRate?: Hertz;
}

/** Why a token opens nothing. */
export interface TokenFault {
  readonly because:
    'unknown' | 'expired' | 'not-yet' | 'revoked' | 'malformed' | 'bad-signature' | 'wrong-audience' | 'too-wide';
  /** for the person at the other end: what is wrong and what was expected; nothing of the token itself */
  readonly message: string;
}

/** Checks tokens, signatures and all. */
export interface TokenVerifier {
  /** At once where it can. Never throws or rejects because of the token.
   *  @param token as it came: any text of up to 64 KiB */
  verify(token: string): Grant | TokenFault | Promise<Grant | TokenFault>;
  /** Hears the id of each token that was revoked while we run, and of what tokens stand on. */
  onRevoked(run: (id: string) => void): Cancel;
}
