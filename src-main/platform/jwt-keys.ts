import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InputError, messageOf } from '../contract/errors.ts';
import { z } from '../contract/zod.ts';
import { publicKeyOf } from './ed25519-keys.ts';
import { systemReason } from './system-reason.ts';

/** A key with the one algorithm it is for: what a token says of its algorithm chooses nothing. */
export interface JwtKey {
  readonly alg: 'HS256' | 'EdDSA';
  /** tokens that name a key name this one; undefined: tried for all */
  readonly kid: string | undefined;
  readonly key: Uint8Array | KeyObject;
}

/** Of HS256 [RFC 7518 3.2]. */
export const jwtSecretBytesMin = 32;
export const jwtKeysMax = 16;
const fileBytesMax = 64 * 1024;

const jwk = z.looseObject({
  kty: z.enum(['oct', 'OKP']),
  kid: z.string().min(1).max(256).optional(),
  alg: z.string().optional(),
  use: z.literal('sig').optional(),
  crv: z.literal('Ed25519').optional(),
  k: z.base64url().optional(),
  x: z.base64url().optional(),
});
const jwkSet = z.union([z.looseObject({ keys: z.array(jwk).min(1).max(jwtKeysMax) }), jwk]);

/** Reads the keys of `--jwt-key`: for HS256 a secret as text, `base64:` and the secret in base64 or base64url, or a JWK `oct`;
 *  for EdDSA a public Ed25519 key in PEM or a JWK `OKP`; several in a JWK set. Private keys are refused: who checks tokens
 *  need not be able to make them.
 *  @throws InputError 'bad-key', one sentence that says nothing of what the file holds */
export function readJwtKeys(path: string): readonly JwtKey[] {
  const refuse = (expected: string): InputError =>
    new InputError('bad-key', `--jwt-key ${path}: ${expected}.`, { path });
  const bytes = readKeyFile(path);
  if (bytes.length > fileBytesMax) throw refuse('it is too large for a key');
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
  try {
    if (text.includes('-----BEGIN')) return [pemKey(text)];
    if (text.startsWith('{')) return jwkKeys(text);
    return [secretKey(bytes, text)];
  } catch (error) {
    throw error instanceof Refusal ? refuse(error.message) : refuse('expected a secret, a public key in PEM or a JWK');
  }
}

/** A clause, without anything of the file. */
class Refusal extends Error {}

function pemKey(text: string): JwtKey {
  if (!/-----BEGIN PUBLIC KEY-----/.test(text) || /PRIVATE KEY-----/.test(text))
    throw new Refusal(
      'expected a public Ed25519 key in PEM (BEGIN PUBLIC KEY); the private one stays with who makes tokens',
    );
  const key = createPublicKey(text);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Refusal(`expected an Ed25519 key, this is ${key.asymmetricKeyType}`);
  return edKey(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'), undefined);
}

function jwkKeys(text: string): readonly JwtKey[] {
  const { success, data } = jwkSet.safeParse(JSON.parse(text));
  if (!success) throw new Refusal('expected a JWK of kty oct, or of kty OKP with crv Ed25519, or a set of them');
  const entries = 'kty' in data ? [data as z.infer<typeof jwk>] : (data as { keys: z.infer<typeof jwk>[] }).keys;
  return entries.map(keyOfJwk);
}

function keyOfJwk(entry: z.infer<typeof jwk>): JwtKey {
  const { kty, kid, alg, crv, k, x } = entry;
  const expected = kty === 'oct' ? 'HS256' : 'EdDSA';
  if (alg !== undefined && alg !== expected)
    throw new Refusal(`a JWK of kty ${kty} is for ${expected}, not for its alg`);
  if ('d' in entry) throw new Refusal('the JWK has the private part d; the public one is enough here');
  if (kty === 'oct') return { alg: 'HS256', kid, key: longEnough(Buffer.from(k ?? '', 'base64url')) };
  if (crv === undefined || x === undefined) throw new Refusal('a JWK of kty OKP has crv Ed25519 and x');
  return edKey(Buffer.from(x, 'base64url'), kid);
}

function edKey(raw: Uint8Array, kid: string | undefined): JwtKey {
  const key = publicKeyOf(raw);
  if (!key) throw new Refusal('it is no Ed25519 key that only its owner can sign for');
  return { alg: 'EdDSA', kid, key };
}

/** A public key that was meant for something else would be a secret that everybody knows. */
function secretKey(bytes: Buffer, text: string): JwtKey {
  if (/^(?:ssh-|ecdsa-)/.test(text)) throw new Refusal('this is a key of SSH; expected a public Ed25519 key in PEM');
  const encoded = /^base64:\s*([\w+/-]+={0,2})$/.exec(text)?.[1];
  if (encoded === undefined && text.startsWith('base64:')) throw new Refusal('expected base64 behind base64:');
  // A secret as text ends before the line does, one of bytes may end in any byte.
  const isText = /^[\x20-\x7e]+$/.test(text);
  const secret = encoded === undefined ? (isText ? Buffer.from(text) : bytes) : Buffer.from(encoded, 'base64');
  return { alg: 'HS256', kid: undefined, key: longEnough(secret) };
}

function longEnough(secret: Uint8Array): Uint8Array {
  if (secret.length < jwtSecretBytesMin)
    throw new Refusal(`a secret for HS256 has at least ${jwtSecretBytesMin} bytes`);
  return secret;
}

function readKeyFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? systemReason(cause) : messageOf(cause);
    throw new InputError('bad-key', `--jwt-key: cannot read ${path}: ${reason}.`, { path }, { cause });
  }
}
