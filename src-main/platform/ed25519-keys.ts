import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InputError } from '../contract/errors.ts';
import { systemReason } from './system-reason.ts';

export const publicKeyBytes = 32;

/** A key that signs, and its public half. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** 32 bytes */
  readonly publicKey: Uint8Array;
}

/** A public key as it is given on a command line: 64 hex digits, base64url of its 32 bytes, or a PEM file with it (of the
 *  private key too: its public half counts).
 *  @param what for the message: `--trust-anchor`
 *  @throws InputError 'bad-key' */
export function readPublicKey(text: string, what: string): Uint8Array {
  const bytes = writtenKey(text) ?? rawOf(keyOfFile(text, what));
  if (isWeak(bytes)) throw badKey(`${what}: anybody can sign for this key; expected one that openssl or flyrail made`);
  return bytes;
}

/** @throws InputError 'bad-key' */
export function readSigningKey(path: string, what: string): SigningKey {
  const pem = readPem(path, what);
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType === 'ed25519')
      return { privateKey, publicKey: rawOf(createPublicKey(privateKey)) };
  } catch {
    // Said below, without what the file holds.
  }
  throw badKey(`${what} ${path}: expected a private Ed25519 key in PEM, as flyrail token key makes it`);
}

/** @param bytes 32
 *  @returns undefined where they are no point of the curve */
export function publicKeyOf(bytes: Uint8Array): KeyObject | undefined {
  if (bytes.length !== publicKeyBytes || isWeak(bytes)) return undefined;
  try {
    const x = Buffer.from(bytes).toString('base64url');
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** @param issuer 32 bytes; nobody's signature counts for what is no key */
export function isSignedBy(issuer: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  const key = publicKeyOf(issuer);
  try {
    return key !== undefined && verify(null, signed, key, signature);
  } catch {
    return false;
  }
}

function writtenKey(text: string): Uint8Array | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  return /^[\w-]{43}=?$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
}

function keyOfFile(path: string, what: string): KeyObject {
  const pem = readPem(path, what);
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw badKey(`${what} ${path}: expected an Ed25519 key in PEM`);
}

function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const expected = 'expected 64 hex digits, base64url of 32 bytes, or a PEM file';
    throw badKey(`${what}: cannot read ${path}: ${systemReason(cause)}; ${expected}`, cause);
  }
}

function rawOf(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** The points of small order, without their sign: for them signatures can be made without any private key. Zeros are one. */
const weak = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

function isWeak(bytes: Uint8Array): boolean {
  const unsigned = Buffer.from(bytes);
  unsigned[publicKeyBytes - 1] = (unsigned[publicKeyBytes - 1] ?? 0) & 0x7f;
  return weak.has(unsigned.toString('hex'));
}

function badKey(reason: string, cause?: unknown): InputError {
  return new InputError('bad-key', `${reason}.`, {}, { cause });
}
