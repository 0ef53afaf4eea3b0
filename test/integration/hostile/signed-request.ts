import { generateKeyPairSync, sign } from 'node:crypto';

/** A signed registration, as docs/rendezvous.md tells it. */
export function signedRegistration(name: string): { readonly headers: Record<string, string>; readonly body: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const body = JSON.stringify({ name, endpoints: { ws: 'ws://10.0.0.1:1/clasp' } });
  const time = String(Date.now() * 1000);
  const signed = `clasp-rendezvous-1\nPOST\n/api/v1/register\n${time}\n${body}`;
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'rendezvous-key': publicKey.export({ format: 'jwk' }).x ?? '',
      'rendezvous-time': time,
      'rendezvous-signature': sign(null, Buffer.from(signed), privateKey).toString('base64url'),
    },
  };
}
