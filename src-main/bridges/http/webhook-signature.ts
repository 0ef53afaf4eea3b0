import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { HttpSignature } from '../../contract/bridges/http-fields.ts';
import type { Micros } from '../../contract/units.ts';

export interface SignedParts {
  /** the same in every try */
  readonly id: string;
  /** of this try */
  readonly at: Micros;
  readonly body: Uint8Array;
}

/** The headers that tell a receiver who knows the secret that a webhook comes from here, as it is.
 *  sha256: as GitHub signs, hexadecimal over the body. standard: with id and time, so that none can be played again later.
 *  @see https://www.standardwebhooks.com */
export function signatureHeaders(
  { form, header }: Pick<HttpSignature, 'form' | 'header'>,
  secret: string,
  { id, at, body }: SignedParts,
): Readonly<Record<string, string>> {
  if (form === 'sha256')
    return { [header.toLowerCase()]: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
  const seconds = String(Math.floor(at / 1_000_000));
  const signed = createHmac('sha256', standardKey(secret)).update(`${id}.${seconds}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signed}` };
}

/** Secrets of Standard Webhooks are written in base64 behind `whsec_`. */
function standardKey(secret: string): Uint8Array {
  const prefix = 'whsec_';
  return secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
}
