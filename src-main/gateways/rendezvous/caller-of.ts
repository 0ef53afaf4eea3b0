import { createPublicKey, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { InputError } from '../../contract/errors.ts';
import { signatureHeaders } from '../../contract/rendezvous.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { ReplayGuard } from '../../core/discovery/replay-guard.ts';
import type { Caller } from '../../core/discovery/rendezvous-entry.ts';
import { signedBytes } from '../../core/discovery/signed-request.ts';
import { sourceOf } from '../../core/discovery/source-of.ts';

export interface RequestParts {
  readonly method: string;
  /** as it came: with its query, without scheme and host */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** of the peer */
  readonly address: string;
  readonly body: Uint8Array;
}

interface Signature {
  readonly key: string;
  readonly time: Micros;
  readonly signature: Buffer;
}

/** Who asks: with a key where the request is signed by it, and was not taken before.
 *  @throws InputError 'bad-signature' | 'stale-signature': what is signed wrongly is not taken as unsigned */
export function callerOf(request: RequestParts, guard: ReplayGuard): Caller {
  const source = sourceOf(request.address);
  const signed = readSignature(request.headers);
  if (!signed) return { source, key: undefined };
  const { key, time, signature } = signed;
  const { method, target, body } = request;
  if (!isSignedBy(key, signedBytes({ method, target, time }, body), signature))
    throw badSignature('it is not of this request and key');
  guard.enter({ key, source, time });
  return { source, key };
}

/** @returns undefined where nothing of a signature is there */
function readSignature(headers: IncomingHttpHeaders): Signature | undefined {
  const [key, time, signature] = [signatureHeaders.key, signatureHeaders.time, signatureHeaders.signature].map(
    (name) => headers[name],
  );
  if (key === undefined && time === undefined && signature === undefined) return undefined;
  if (typeof key !== 'string' || !bytesOf(key, 32)) throw badSignature(`${signatureHeaders.key}: expected 32 bytes`);
  if (typeof time !== 'string' || !/^[1-9]\d{0,15}$/.test(time) || !Number.isSafeInteger(Number(time)))
    throw badSignature(`${signatureHeaders.time}: expected µs since 1970`);
  const bytes = typeof signature === 'string' ? bytesOf(signature, 64) : undefined;
  if (!bytes) throw badSignature(`${signatureHeaders.signature}: expected 64 bytes`);
  return { key, time: micros(Number(time)), signature: bytes };
}

/** In the one form that these bytes have: a key that could be written in two ways would be two owners.
 *  @returns undefined for all else */
function bytesOf(base64url: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(base64url, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === base64url ? bytes : undefined;
}

function isSignedBy(x: string, bytes: Uint8Array, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

function badSignature(reason: string): InputError {
  return new InputError('bad-signature', `The signature is refused: ${reason} (base64url without padding).`);
}
