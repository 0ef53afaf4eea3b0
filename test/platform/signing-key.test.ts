import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSigningKey } from '../../src-main/platform/signing-key.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('the signing key of this machine', () => {
  it('[RZ47] is made on first use, kept, and readable by its owner alone', async () => {
    const path = join(temporaryFolder(), 'new', 'key.pem');
    const { publicKey, sign } = await openSigningKey(path);
    expect(publicKey).toMatch(/^[\w-]{43}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const bytes = Buffer.from('hello');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    expect(verify(null, bytes, key, Buffer.from(sign(bytes), 'base64url'))).toBe(true);
    expect((await openSigningKey(path)).publicKey).toBe(publicKey);
  });

  it('[RZ47] never takes the place of what is no key', async () => {
    const path = join(temporaryFolder(), 'key.pem');
    writeFileSync(path, 'my diary');
    await expect(openSigningKey(path)).rejects.toMatchObject({ code: 'cannot-read-file', details: { path } });
    expect(readFileSync(path, 'utf8')).toBe('my diary');
  });
});
