import { Buffer } from 'node:buffer';
import type { SerialSettings } from '../../contract/bridges/serial.ts';

type Content = Pick<SerialSettings, 'content' | 'encoding'>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A message as text; one of bytes with a letter for each.
 *  @returns undefined when it is no text in the encoding of the settings */
export function textOfMessage({ content, encoding }: Content, message: Uint8Array): string | undefined {
  if (content === 'bytes' || encoding === 'latin1')
    return Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  try {
    return utf8.decode(message);
  } catch {
    return undefined;
  }
}

/** @returns undefined when the encoding has no such letters */
export function messageOfText({ encoding }: Content, words: string): Buffer | undefined {
  if (encoding !== 'latin1') return Buffer.from(words);
  return /^[\0-\xff]*$/.test(words) ? Buffer.from(words, 'latin1') : undefined;
}
