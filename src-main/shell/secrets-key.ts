import { randomBytes } from 'node:crypto';
import { messageOf, UnavailableError } from '../contract/errors.ts';
import { tryReadWholeFile } from '../platform/read-file.ts';
import { replaceFile } from '../platform/replace-file.ts';
import type { SystemKeyring } from './system-keyring.ts';

const keyBytes = 32;
const fileBytesMax = 64 * 1024;

/** The key that secrets are sealed with, made when it is first asked for. The file holds it sealed by the system's keyring.
 *  @returns 32 bytes in base64; null where the system keeps no keys
 *  @throws UnavailableError 'cannot-read-file' when there is one that the keyring does not open, which is then asked anew
 *  each time; 'cannot-write-file' */
export function createSecretsKey(path: string, keyring: SystemKeyring): () => Promise<string | null> {
  let known: Promise<string | null> | undefined;
  const find = async (): Promise<string | null> => {
    const sealed = await tryReadWholeFile(path, fileBytesMax);
    if (sealed) return openKey(path, sealed, keyring);
    if (!(await keyring.isThere())) return null;
    const key = randomBytes(keyBytes).toString('base64');
    await replaceFile(path, await keyring.seal(key), { isSecret: true });
    return key;
  };
  return () => {
    const asked = known ?? find();
    known = asked;
    // A keyring may be unlocked, or come, later.
    const forget = (): void => {
      if (known === asked) known = undefined;
    };
    asked.then((key) => key ?? forget(), forget);
    return asked;
  };
}

async function openKey(path: string, sealed: Buffer, keyring: SystemKeyring): Promise<string> {
  let reason = 'there is none now';
  try {
    if (await keyring.isThere()) {
      const key = await keyring.open(sealed);
      if (Buffer.from(key, 'base64').length === keyBytes) return key;
      reason = 'it gives no key for it';
    }
  } catch (error) {
    reason = messageOf(error);
  }
  const message = `The system's keyring does not open the key of the kept secrets (${reason}). Unlock it, or move ${path} away and set the secrets again.`;
  throw new UnavailableError('cannot-read-file', message, { path });
}
