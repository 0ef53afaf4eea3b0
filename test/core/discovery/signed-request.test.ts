import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { signedBytes } from '../../../src-main/core/discovery/signed-request.ts';

describe('what is signed', () => {
  it('[RZ26] is what docs/rendezvous.md says, to the letter', () => {
    const docs = readFileSync(new URL('../../../docs/rendezvous.md', import.meta.url), 'utf8');
    const field = (name: string): string => new RegExp(`^    ${name}: (.*)$`, 'm').exec(docs)?.[1] ?? '';
    const body = field('body');
    const time = micros(Number(field('rendezvous-time')));
    const bytes = signedBytes({ method: 'POST', target: '/api/v1/register', time }, new TextEncoder().encode(body));
    const lines = `clasp-rendezvous-1\nPOST\n/api/v1/register\n${time}\n${body}`;
    expect(new TextDecoder().decode(bytes)).toBe(lines);
    for (const line of lines.split('\n')) expect(docs).toContain(`    ${line}`);
    const [d, x] = [field('seed'), field('rendezvous-key')];
    const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
    expect(createPublicKey(key).export({ format: 'jwk' }).x).toBe(x);
    expect(sign(null, bytes, key).toString('base64url')).toBe(field('rendezvous-signature'));
    expect(verify(null, bytes, createPublicKey(key), Buffer.from(field('rendezvous-signature'), 'base64url'))).toBe(
      true,
    );
  });
});
