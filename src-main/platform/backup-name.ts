import { showExtension } from '../contract/show-ref.ts';
import { millis, type Millis } from '../contract/units.ts';

/** What the name of a backup's file says of it. */
export interface BackupName {
  /** whose it is: a show keeps its id when it is renamed, and shows of one name have different ones */
  readonly showId: string;
  readonly showName: string;
  readonly madeAt: Millis;
}

/** `20261121T151609.123Z~Gala~<show id>.flyrail`: sorted by name is sorted by time. */
const pattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z~([^~/\\]*)~([A-Za-z0-9_-]{1,64})\.flyrail$/;

/** Those that some system does not allow in a file name, or would not show, and our own two. */
const forbidden = /[%~<>:"/\\|?*\p{C}\p{Zl}\p{Zp}]/u;

/** Keeps the name within the 255 bytes of a file name, and the id within what a page may ask for. */
const showNameBytesMax = 110;

export function formatBackupName({ showId, showName, madeAt }: BackupName): string {
  const time = new Date(madeAt).toISOString().replace(/[-:]/g, '');
  return `${time}~${encodeShowName(showName)}~${showId}${showExtension}`;
}

/** @returns undefined for a file that is no backup */
export function tryParseBackupName(fileName: string): BackupName | undefined {
  const [, year, month, day, hour, minute, second, name = '', showId = ''] = pattern.exec(fileName) ?? [];
  const madeAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(madeAt) ? undefined : { showId, showName: decodeShowName(name), madeAt: millis(madeAt) };
}

/** Reads as the name wherever a file can have it; the rest is written as in a URL, so that it can be read back. */
function encodeShowName(showName: string): string {
  const letters = Array.from(showName, (letter) => (forbidden.test(letter) ? encodeLetter(letter) : letter));
  const whole = letters.join('');
  if (Buffer.byteLength(whole) <= showNameBytesMax) return whole;
  let cut = '';
  for (const letter of letters) {
    if (Buffer.byteLength(`${cut}${letter}…`) > showNameBytesMax) break;
    cut += letter;
  }
  return `${cut}…`;
}

function encodeLetter(letter: string): string {
  return [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}

/** Older backups have `_` for what a file cannot have, and no `%`. */
function decodeShowName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A person gave it a name with a percent sign of its own.
    return text;
  }
}
