import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJwtKeys } from '../../src-main/platform/jwt-keys.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secret = 'only-the-hall-knows-these-32-bytes';
const pub = { format: 'pem', type: 'spki' } as const;
const priv = { format: 'pem', type: 'pkcs8' } as const;

function read(content: string | Uint8Array) {
  const path = join(temporaryFolder(), 'key');
  writeFileSync(path, content);
  return readJwtKeys(path);
}

const bytesOf = (content: string | Uint8Array): string =>
  Buffer.from(read(content)[0]?.key as Uint8Array).toString('hex');
const hex = (text: string | Uint8Array): string => Buffer.from(text).toString('hex');

describe('keys for JWTs', () => {
  it('[TK28] are secrets: text without its line end, base64 behind base64:, bytes as they are, or a JWK', () => {
    const raw = Buffer.concat([randomBytes(32), Buffer.from([0x80, 0x0a])]);
    expect(bytesOf(`${secret}\r\n`)).toBe(hex(secret));
    expect(bytesOf(`base64:${raw.toString('base64')}\n`)).toBe(hex(raw));
    expect(bytesOf(`base64: ${raw.toString('base64url')}`)).toBe(hex(raw));
    expect(bytesOf(raw)).toBe(hex(raw));
    const jwk = createSecretKey(raw).export({ format: 'jwk' });
    expect(bytesOf(JSON.stringify(jwk))).toBe(hex(raw));
    expect(read(JSON.stringify({ ...jwk, kid: 'a', alg: 'HS256' }))[0]).toMatchObject({ alg: 'HS256', kid: 'a' });
  });

  it('[TK28] are public Ed25519 keys in PEM or as JWK, several in a set', () => {
    const jwk = ed.publicKey.export({ format: 'jwk' });
    const set = {
      keys: [
        { ...jwk, kid: '1', use: 'sig' },
        { kty: 'oct', k: 'A'.repeat(43), kid: '2' },
      ],
    };
    expect(read(ed.publicKey.export(pub))).toMatchObject([{ alg: 'EdDSA', kid: undefined }]);
    expect(read(JSON.stringify(set)).map(({ alg, kid }) => [alg, kid])).toEqual([
      ['EdDSA', '1'],
      ['HS256', '2'],
    ]);
  });

  it.each([
    ['a short secret', 'thirty-one-bytes-are-too-short!', /at least 32 bytes/],
    ['nothing', '', /at least 32 bytes/],
    ['short base64', 'base64:AAAA', /at least 32 bytes/],
    ['bad base64', `base64:${'!'.repeat(50)}`, /expected base64 behind/],
    ['a public RSA key', rsa.publicKey.export(pub), /expected an Ed25519 key, this is rsa/],
    ['a public EC key', ec.publicKey.export(pub), /expected an Ed25519 key, this is ec/],
    ['a private key', ed.privateKey.export(priv), /the private one stays with who makes tokens/],
    [
      'a certificate',
      `-----BEGIN CERTIFICATE-----\n${'A'.repeat(60)}\n-----END CERTIFICATE-----`,
      /public Ed25519 key/,
    ],
    ['a PEM behind other text', `# key\n${rsa.publicKey.export(pub).toString()}`, /this is rsa/],
    [
      'a broken PEM',
      `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(60)}\n-----END PUBLIC KEY-----`,
      /expected a secret, a public/,
    ],
    ['a key of SSH', `ssh-ed25519 ${'A'.repeat(60)} tom@hall`, /a key of SSH/],
    ['broken JSON', `{"kty":"oct","k":"${'A'.repeat(43)}"`, /expected a secret, a public/],
    ['a JWK of RSA', JSON.stringify(rsa.publicKey.export({ format: 'jwk' })), /expected a JWK of kty oct/],
    ['a private JWK', JSON.stringify(ed.privateKey.export({ format: 'jwk' })), /private part d/],
    ['a JWK for another algorithm', JSON.stringify({ kty: 'oct', k: 'A'.repeat(43), alg: 'HS512' }), /is for HS256/],
    ['a secret JWK as EdDSA', JSON.stringify({ kty: 'oct', k: 'A'.repeat(43), alg: 'EdDSA' }), /is for HS256/],
    ['a short JWK', JSON.stringify({ kty: 'oct', k: 'AAAA' }), /at least 32 bytes/],
    ['a weak JWK', JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }), /only its owner can sign for/],
    ['a long file', 'x'.repeat(70_000), /too large/],
  ])('[TK28] refuses %s, in words that say nothing of it', (_what, content, message) => {
    let refusal: unknown;
    try {
      read(content);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'bad-key', message: expect.stringMatching(message) as string });
    if (content.length > 60) expect(String(refusal)).not.toContain(content.toString().slice(40, 60));
  });

  it('[TK28] refuses a file that is not there', () => {
    expect(() => readJwtKeys('/nowhere/key')).toThrow(/cannot read \/nowhere\/key: it is not there/);
  });
});
