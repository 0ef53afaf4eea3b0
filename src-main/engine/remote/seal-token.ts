import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ProtocolError } from '../../contract/errors.ts';
import { sealPurpose } from '../../contract/login.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** For the other end of the pairing alone. @param sessionKey base64url, as both ends agreed on it @see sealPurpose */
export function sealToken(token: string, sessionKey: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(sessionKey), nonce);
  return Buffer.concat([nonce, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** @throws ProtocolError 'bad-message' for what was sealed with another key, or changed on its way */
export function openToken(sealed: string, sessionKey: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(sessionKey), bytes.subarray(0, nonceBytes));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new ProtocolError('bad-message', 'The token was not sealed by who agreed on the code.', {}, { cause });
  }
}

function keyOf(sessionKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(sessionKey, 'base64url'), '', sealPurpose, 32));
}
