const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the bytes from `start` up to `end` are UTF-8 as Unicode defines it: shortest forms, no surrogates, up to U+10FFFF.
 *  Allocates nothing. @see Unicode 15, table 3-7 */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const follow = followersOf(lead);
    if (follow === 0 || at + follow >= end) return false;
    const second = bytes[at + 1] ?? 0;
    if (second < secondMin(lead) || second > secondMax(lead)) return false;
    for (let i = 2; i <= follow; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return false;
    at += follow + 1;
  }
  return true;
}

/** @throws TypeError unless the bytes are UTF-8; ask `isUtf8` first where they come from outside */
export function textOfUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Writes as much of the text as fits; a lone surrogate becomes U+FFFD.
 *  @returns bytes written, or -1 when the text did not fit */
export function writeUtf8(text: string, into: Uint8Array): number {
  const { read, written } = encoder.encodeInto(text, into);
  return read === text.length ? written : -1;
}

/** Bytes of the text in UTF-8, counting a lone surrogate as the U+FFFD that is written for it. */
export function utf8Size(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) size += 1;
    else if (isHighSurrogate(code) && isLowSurrogate(text.charCodeAt(i + 1))) {
      size += 2;
      i++;
    } else size += 2;
  }
  return size;
}

function followersOf(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}

function secondMin(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

function secondMax(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
