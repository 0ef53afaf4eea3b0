/** How paths of OSC devices stand in addresses here, and back. A path that could stand in an address as it is does so: letters
 *  of any script, spaces, `#`, a slash at the end. The rest is escaped, so that no two paths meet:
 *
 *  | in the path | in the address |
 *  |---|---|
 *  | a control character | `%01` … `%1F`, `%7F` |
 *  | a byte that is no UTF-8 | `%80` … `%FF` |
 *  | an empty part, but for the last | a part that is `%` alone |
 *  | `%` before what would read as an escape, or alone in its part | `%25` |
 *  | `*`, going out only | `%2A` |
 *
 *  In a path as text, a byte that is no UTF-8 is the lone surrogate U+DC00 + byte. */

const escapes = /%(?:0[1-9A-F]|1[0-9A-F]|25|2A|7F|[89A-F][0-9A-F])/g;
const plain = /^(?:[^%\p{Cc}\p{Cs}/]|\/(?!\/))*$/u;
const surrogateOfByte = 0xdc00;

/** @param path starts with a slash
 *  @returns what follows a prefix: starts with a slash */
export function addressOfPath(path: string): string {
  if (plain.test(path)) return path;
  const parts = path.slice(1).split('/');
  return `/${parts.map((part, i) => (part === '' && i < parts.length - 1 ? '%' : escapePart(part))).join('/')}`;
}

/** The path that `addressOfPath` makes this of. */
export function pathOfAddress(address: string): string {
  if (!address.includes('%')) return address;
  const parts = address.slice(1).split('/');
  return `/${parts.map((part) => (part === '%' ? '' : part.replace(escapes, readEscape))).join('/')}`;
}

/** @param bytes of the path, without the zeros after it */
export function textOfPath(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeLoosely(bytes);
  }
}

/** @returns the path with 1 to 4 zeros after it, a multiple of 4 bytes [OSC 1.0] */
export function bytesOfPath(path: string): Uint8Array {
  const bytes = /\p{Cs}/u.test(path) ? encodeLoosely(path) : encoder.encode(path);
  const padded = new Uint8Array((bytes.length + 4) & ~3);
  padded.set(bytes);
  return padded;
}

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function escapePart(part: string): string {
  if (part === '%') return '%25';
  let escaped = '';
  for (const letter of part.replace(escapes, (escape) => `%25${escape.slice(1)}`)) {
    const code = letter.codePointAt(0) ?? 0;
    const byte = code >= 0xdc80 && code <= 0xdcff ? code - surrogateOfByte : code;
    escaped += code < 0x20 || code === 0x7f || byte !== code ? `%${hexOf(byte)}` : letter;
  }
  return escaped;
}

function readEscape(escape: string): string {
  const byte = parseInt(escape.slice(1), 16);
  return String.fromCharCode(byte < 0x80 ? byte : surrogateOfByte + byte);
}

function hexOf(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

/** What is UTF-8 as that, any other byte as a lone surrogate. */
function decodeLoosely(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const size = [1, 2, 3, 4].find((count) => isLetter(bytes.subarray(i, i + count), count)) ?? 0;
    text +=
      size > 0 ? strict.decode(bytes.subarray(i, i + size)) : String.fromCharCode(surrogateOfByte + (bytes[i] ?? 0));
    i += size || 1;
  }
  return text;
}

function isLetter(bytes: Uint8Array, size: number): boolean {
  if (bytes.length !== size) return false;
  try {
    return Array.from(strict.decode(bytes)).length === 1;
  } catch {
    return false;
  }
}

function encodeLoosely(path: string): Uint8Array {
  const bytes: number[] = [];
  for (const letter of path) {
    const code = letter.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - surrogateOfByte);
    else bytes.push(...encoder.encode(letter));
  }
  return Uint8Array.from(bytes);
}
