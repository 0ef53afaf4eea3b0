import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSignedBy, publicKeyOf, readPublicKey, readSigningKey } from '../../src-main/platform/ed25519-keys.ts';
import { signingKey } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const key = signingKey();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const fileOf = (content: string): string => {
  const path = join(temporaryFolder(), 'key.pem');
  writeFileSync(path, content);
  return path;
};

/** Of small order, as they may be written: with either sign. */
const weak = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `${'00'.repeat(31)}80`,
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(31)}`,
];

describe('Ed25519 keys', () => {
  it('[TK34] are read from hex, base64url, and PEM files of either half', () => {
    const bytes = Buffer.from(key.publicKey);
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const publicPem = publicKeyOf(key.publicKey)?.export({ type: 'spki', format: 'pem' }).toString() ?? '';
    const spellings = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64url')];
    for (const text of [...spellings, `${bytes.toString('base64url')}=`, fileOf(pem), fileOf(publicPem)])
      expect(Buffer.from(readPublicKey(text, 'key')).toString('hex')).toBe(spellings[0]);
  });

  it.each(weak)('[TK34] that anybody can sign for are refused: %s', (hex) => {
    expect(() => readPublicKey(hex, '--trust-anchor')).toThrow(/--trust-anchor: anybody can sign for this key/);
    expect(publicKeyOf(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('[TK34] that are none are refused, and nobody signs for them', () => {
    expect(() => readPublicKey('0123', '--trust-anchor')).toThrow(/cannot read 0123: it is not there; expected 64 hex/);
    const rsaPem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const content of ['', 'no key', rsaPem]) {
      expect(() => readPublicKey(fileOf(content), '--trust-anchor')).toThrow(/expected an Ed25519 key in PEM/);
      expect(() => readSigningKey(fileOf(content), '--issuer-key')).toThrow(/expected a private Ed25519 key in PEM/);
    }
    expect(() => readSigningKey('/nowhere', '--issuer-key')).toThrow(/cannot read \/nowhere/);
    const signed = Buffer.from('text');
    const signature = sign(null, signed, key.privateKey);
    expect(isSignedBy(key.publicKey, signed, signature)).toBe(true);
    for (const issuer of [key.publicKey.slice(1), Buffer.alloc(32, 2), Buffer.from(weak[1]!, 'hex')])
      expect(isSignedBy(issuer, signed, signature)).toBe(false);
    for (const other of [signature.subarray(1), Buffer.alloc(64), Buffer.alloc(0)])
      expect(isSignedBy(key.publicKey, signed, other)).toBe(false);
  });
});
