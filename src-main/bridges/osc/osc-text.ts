import type { OscSettings } from '../../contract/bridges/osc.ts';
import { InputError } from '../../contract/errors.ts';

/** How the text of an OSC argument is written. OSC 1.0 knows ASCII alone; devices write UTF-8, or Latin-1 (ISO 8859-1). */
export type TextCoding = OscSettings['text'];

/** @param bytes without the zeros after them
 *  @returns in `utf-8` what is not UTF-8 is read as Latin-1, so that each byte stands for something */
export function readText(bytes: Uint8Array, coding: TextCoding): string {
  try {
    if (coding === 'utf-8') return strict.decode(bytes);
  } catch {
    // Another device, or an older one.
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** @returns the text with 1 to 4 zeros after it, a multiple of 4 bytes [OSC 1.0]
 *  @throws InputError 'bad-value' for what Latin-1 has no letter for */
export function writeText(text: string, coding: TextCoding): Uint8Array {
  if (coding === 'latin-1' && /[^\0-\xff]/.test(text)) {
    throw new InputError('bad-value', 'Latin-1, as the bridge is set to write, has no such letters.');
  }
  const bytes = Buffer.from(text, coding === 'latin-1' ? 'latin1' : 'utf8');
  const padded = new Uint8Array((bytes.length + 4) & ~3);
  padded.set(bytes);
  return padded;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
