import { createHash } from 'node:crypto';
import { AppError } from '../contract/errors.ts';
import { micros, type Micros } from '../contract/units.ts';
import { z } from '../contract/zod.ts';
import type { Clock } from '../ports/clock.ts';
import type { Grant, TokenFault } from '../ports/token-verifier.ts';
import { rightsOfClaims } from './jwt-claims.ts';
import type { JwtKey } from './jwt-keys.ts';

/** Clocks of two machines differ: a JWT counts from so long before `nbf` and `iat` until so long after `exp`. */
export const jwtLeewaySeconds = 30;

export interface JwtVerifierOptions {
  readonly keys: readonly JwtKey[];
  /** by which tokens mean this router; with it, `aud` must hold it */
  readonly audience: string | undefined;
  readonly clock: Clock;
  /** whether this id opens nothing any longer */
  readonly refuses: (id: string) => TokenFault | undefined;
}

/** Beyond it a Date says nothing. */
const seconds = z.number().min(0).max(8.64e12);
const claims = z.looseObject({
  iat: seconds.optional(),
  nbf: seconds.optional(),
  exp: seconds.optional(),
  jti: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/)
    .optional(),
});

/** Checks JWTs in their compact form. A key is only ever used for its own algorithm, so `none`, and a public key taken for a
 *  secret, open nothing. `iss` is not looked at: who has the key is the issuer. A token without `exp` does not end by itself.
 *  @returns the grant ends `jwtLeewaySeconds` after `exp`; its id is `jwt:` and the `jti`, without one a hash of what was signed
 *  @see RFC 7519, RFC 8725; the claims are told at `rightsOfClaims` */
export function createJwtVerifier({ keys, audience, clock, refuses }: JwtVerifierOptions) {
  return async (token: string): Promise<Grant | TokenFault> => {
    if (keys.length === 0)
      return { because: 'unknown', message: 'This router takes no JWT: it was given no key for them.' };
    const { jwtVerify, decodeProtectedHeader, errors } = await import('jose');
    let kid: unknown;
    try {
      ({ kid } = decodeProtectedHeader(token));
    } catch {
      return malformed('It is not a JWT: expected three parts in base64url, the first of them a JSON header.');
    }
    const now = clock.nowMicros() / 1e6;
    const options = {
      clockTolerance: jwtLeewaySeconds,
      currentDate: new Date(now * 1000),
      ...(audience !== undefined && { audience }),
    };
    for (const { key, alg } of candidates(keys, kid)) {
      try {
        const { payload } = await jwtVerify(token, key, { ...options, algorithms: [alg] });
        return grantOf(token, payload, now, refuses);
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed)
          continue;
        return faultOf(error, errors);
      }
    }
    return { because: 'bad-signature', message: 'No key of this router signed the JWT, with HS256 or EdDSA.' };
  };
}

type JoseErrors = (typeof import('jose'))['errors'];

/** A key with a name is for tokens that name it, or none. */
function candidates(keys: readonly JwtKey[], kid: unknown): readonly JwtKey[] {
  return keys.filter((each) => each.kid === undefined || kid === undefined || each.kid === kid);
}

function grantOf(
  token: string,
  payload: Readonly<Record<string, unknown>>,
  now: number,
  refuses: JwtVerifierOptions['refuses'],
): Grant | TokenFault {
  const { success, data } = claims.safeParse(payload);
  if (!success) return malformed('The JWT: expected iat, nbf and exp in seconds, and as jti up to 128 signs of ASCII.');
  const { iat, exp, jti } = data;
  if (iat !== undefined && iat > now + jwtLeewaySeconds)
    return { because: 'not-yet', message: 'The JWT was issued in the future: the clocks of the two machines differ.' };
  const id = `jwt:${jti ?? hashOfSigned(token)}`;
  const refused = refuses(id);
  if (refused) return refused;
  try {
    const rights = rightsOfClaims(payload);
    const expiresAt = exp === undefined ? undefined : endOf(exp);
    return { id, name: nameOf(payload['sub']), ...rights, expiresAt };
  } catch (error) {
    if (error instanceof AppError) return malformed(error.message);
    throw error;
  }
}

/** Some write 9999999999 for never. */
function endOf(exp: number): Micros {
  return micros(Math.min((exp + jwtLeewaySeconds) * 1e6, Number.MAX_SAFE_INTEGER));
}

/** Signatures have several forms in base64url; what is signed has one. */
function hashOfSigned(token: string): string {
  const signed = token.slice(0, token.lastIndexOf('.'));
  return createHash('sha256').update(signed).digest('hex').slice(0, 32);
}

function nameOf(subject: unknown): string {
  return typeof subject === 'string' && /^[\x20-\x7e]{1,128}$/.test(subject) ? subject : '';
}

/** What jose says of the token quotes nothing of it, but its words are for programmers. */
function faultOf(error: unknown, errors: JoseErrors): TokenFault {
  if (error instanceof errors.JWTExpired) return { because: 'expired', message: 'The JWT has ended (exp).' };
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud')
      return { because: 'wrong-audience', message: 'The JWT is meant for somebody else: aud is not this router.' };
    if (error.claim === 'nbf' && error.reason === 'check_failed')
      return { because: 'not-yet', message: 'The JWT does not count yet (nbf).' };
    return malformed(`The JWT: its claim ${error.claim} cannot be read.`);
  }
  if (error instanceof errors.JOSEError)
    return malformed('It is not a JWT that can be checked: a header or claim is bad.');
  throw error;
}

function malformed(message: string): TokenFault {
  return { because: 'malformed', message };
}
