import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnavailableError, messageOf } from '../contract/errors.ts';
import type { Signer } from '../ports/signer.ts';
import { makeFolder } from './make-folder.ts';
import { replaceFile } from './replace-file.ts';

/** The Ed25519 key in a file, made on first use. Readable by its owner alone.
 *  @param path of a PEM file; what else is there is never overwritten
 *  @throws UnavailableError 'cannot-read-file' | 'cannot-write-file' */
export async function openSigningKey(path: string): Promise<Signer> {
  const key = existsSync(path) ? readKey(path) : await makeKey(path);
  const publicKey = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  return { publicKey, sign: (bytes) => sign(null, bytes, key).toString('base64url') };
}

function readKey(path: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(path, 'utf8'));
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`it is a key of the type ${key.asymmetricKeyType}`);
  } catch (cause) {
    const words = `${path}: expected a private Ed25519 key in PEM: ${messageOf(cause)}. Move the file away, and one is made.`;
    throw new UnavailableError('cannot-read-file', words, { path }, { cause });
  }
}

async function makeKey(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  makeFolder(dirname(path));
  await replaceFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { isSecret: true });
  return privateKey;
}
