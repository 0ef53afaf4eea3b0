/** How texts that are sent on a line, and looked for there, are written in settings. */

/** A part of a text: characters, or bytes that were written as such. */
export type TextPart = { readonly text: string } | { readonly bytes: readonly number[] };

const escapes: Readonly<Record<string, number>> = { r: 13, n: 10, t: 9, 0: 0, a: 7, b: 8, e: 27, f: 12, '\\': 92 };

/** Reads `\r \n \t \0 \a \b \e \f \\` and `\x0d` as bytes; all else stands for itself.
 *  @returns the parts, or why there are none, as a clause */
export function readEscapes(written: string): readonly TextPart[] | string {
  const parts: TextPart[] = [];
  let at = 0;
  while (at < written.length) {
    const next = written.indexOf('\\', at);
    const plain = written.slice(at, next < 0 ? undefined : next);
    if (plain !== '') parts.push({ text: plain });
    if (next < 0) break;
    const [, hex, letter = ''] = /^\\(?:x([\da-f]{2})|(.?))/is.exec(written.slice(next, next + 4)) ?? [];
    const byte = hex === undefined ? escapes[letter] : Number.parseInt(hex, 16);
    if (byte === undefined)
      return `\\${letter} stands for nothing: write \\r, \\n, \\t, \\x0d, or \\\\ for a backslash`;
    parts.push({ bytes: [byte] });
    at = next + (hex === undefined ? 2 : 4);
  }
  return parts;
}

const encoder = new TextEncoder();

/** The bytes of a text with escapes, other characters in UTF-8; undefined where it is none. */
export function tryEscapedBytes(written: string): Uint8Array | undefined {
  const parts = readEscapes(written);
  if (typeof parts === 'string') return undefined;
  return Uint8Array.from(parts.flatMap((part) => ('bytes' in part ? part.bytes : [...encoder.encode(part.text)])));
}

/** `7E 01 ff`, blanks where they please; undefined for what is no hexadecimal. */
export function tryHexBytes(written: string): Uint8Array | undefined {
  const digits = written.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[\da-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
