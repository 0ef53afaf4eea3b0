import type { ParseArgsOptionsConfig } from 'node:util';
import { InputError } from '../contract/errors.ts';
import { audienceBytesMax } from '../platform/capability-token.ts';
import { jwtKeysMax } from '../platform/jwt-keys.ts';

/** Who may connect, as the flags of `flyrail serve` say it. Files are named, not read. */
export interface TokenSettings {
  /** clients must show a token */
  readonly auth: boolean;
  readonly tokenFile: string | undefined;
  /** paths */
  readonly jwtKeys: readonly string[];
  /** the name by which JWTs and capability tokens mean this router */
  readonly audience: string | undefined;
  /** public keys as they were typed: hex, base64url or paths */
  readonly trustAnchors: readonly string[];
}

export const trustAnchorsMax = 64;

/** For `parseArgs`. */
export const tokenFlagOptions = {
  auth: { type: 'boolean' },
  'token-file': { type: 'string' },
  'jwt-key': { type: 'string', multiple: true },
  'jwt-audience': { type: 'string' },
  'trust-anchor': { type: 'string', multiple: true },
} as const satisfies ParseArgsOptionsConfig;

/** Lines for the help text of a command that has these flags. */
export const tokenFlagsUsage = `\
  --auth                     clients must show a token: of flyrail token create, or of what the next four name; each of
                             them asks for tokens by itself
  --token-file FILE          tokens written by hand, one a line: token scope,scope; a token alone may do everything
  --jwt-key FILE             takes JWTs of this key, as often as wanted: a secret of 32 bytes or more (HS256), a public
                             Ed25519 key in PEM (EdDSA), or a JWK
  --jwt-audience TEXT        the name of this router: aud of JWTs must hold it, capability tokens for a router must name it
  --trust-anchor KEY         takes capability tokens whose first issuer has this public Ed25519 key, as often as wanted:
                             hex, base64url, or a PEM file
`;

export interface TokenFlagValues {
  readonly auth?: boolean | undefined;
  readonly 'token-file'?: string | undefined;
  readonly 'jwt-key'?: readonly string[] | undefined;
  readonly 'jwt-audience'?: string | undefined;
  readonly 'trust-anchor'?: readonly string[] | undefined;
}

/** @param values as `parseArgs` gives them for `tokenFlagOptions`
 *  @throws InputError 'bad-flag', one sentence that says what was expected */
export function parseTokenFlags(values: TokenFlagValues): TokenSettings {
  const tokenFile = text('token-file', values['token-file'], 'a path');
  const jwtKeys = list('jwt-key', values['jwt-key'], { expected: 'a path', most: jwtKeysMax });
  const audience = text('jwt-audience', values['jwt-audience'], 'the name of this router');
  const anchors = { expected: 'a public key or a path', most: trustAnchorsMax };
  const trustAnchors = list('trust-anchor', values['trust-anchor'], anchors);
  if (audience !== undefined && Buffer.byteLength(audience) > audienceBytesMax)
    throw fault('jwt-audience', `at most ${audienceBytesMax} bytes`);
  if (audience !== undefined && jwtKeys.length === 0 && trustAnchors.length === 0)
    throw fault('jwt-audience', 'it goes with --jwt-key or --trust-anchor');
  // Who names tokens wants them asked for: without --auth everybody would get in.
  const auth = values.auth === true || tokenFile !== undefined || jwtKeys.length > 0 || trustAnchors.length > 0;
  return { auth, tokenFile, jwtKeys, audience, trustAnchors };
}

/** A script with an unset variable does not mean the working directory, or no audience. */
function text(flag: string, value: string | undefined, expected: string): string | undefined {
  if (value === '') throw fault(flag, `expected ${expected}`);
  return value;
}

function list(
  flag: string,
  values: readonly string[] = [],
  { expected, most }: { readonly expected: string; readonly most: number },
): readonly string[] {
  if (values.length > most) throw fault(flag, `at most ${most} of them`);
  for (const each of values) text(flag, each, expected);
  return values;
}

function fault(flag: string, expected: string): InputError {
  return new InputError('bad-flag', `--${flag}: ${expected}.`);
}
