import { createHash, randomBytes } from 'node:crypto';

export const cpskPrefix = 'cpsk_';
const cpskLetters = 32;
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 62 in a byte: bytes beyond it would make some letters likelier than others. */
const fairBytes = 248;

/** Gives so many random bytes, fit for secrets. */
export type SecretBytes = (count: number) => Uint8Array;

/** Makes a key that clients show: `cpsk_` and 32 letters or digits, which is 190 bits.
 *  @see CLASP-WIRE §14 */
export function makeCpsk(bytes: SecretBytes = randomBytes): string {
  return cpskPrefix + randomLetters(cpskLetters, bytes);
}

/** Letters and digits, each as likely as any other. */
export function randomLetters(count: number, bytes: SecretBytes = randomBytes): string {
  let letters = '';
  while (letters.length < count) {
    for (const byte of bytes(count))
      if (byte < fairBytes && letters.length < count) letters += base62.charAt(byte % base62.length);
  }
  return letters;
}

/** What is kept of a token: its SHA-256, 64 hex digits. A slow hash, as passwords need, would guard nothing here: a token has at
 *  least 128 bits of chance, which nobody tries through. Tokens are looked up by it, so no comparison tells by its time how
 *  much of a guess was right. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
