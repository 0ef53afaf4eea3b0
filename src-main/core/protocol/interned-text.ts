import { mixed, stirred } from './word-hash.ts';

/** places that one text may take */
const ways = 4;
const slotsMax = 65_536;
const textBytesMax = 96;
const texts = new Array<string | undefined>(slotsMax).fill(undefined);
/** of the text in each slot, so that only the right one is compared letter by letter */
const hashes = new Int32Array(slotsMax);
/** which of its places the next newcomer takes */
let turn = 0;
/** a fader sends many in a row */
let latest = '';

/** The string for a short run of ASCII bytes, without building it anew when it was met before. The table has four places
 *  for each hash and a newcomer takes one of them, so a peer that invents addresses costs time of its own and no memory.
 *  @returns undefined for text that is long or not ASCII; the caller decodes that itself */
export function internedText(bytes: Uint8Array, start: number, size: number): string | undefined {
  if (size > textBytesMax) return undefined;
  if (isSame(latest, bytes, start, size)) return latest;
  const text = lookedUp(bytes, start, size);
  if (text !== undefined) latest = text;
  return text;
}

function lookedUp(bytes: Uint8Array, start: number, size: number): string | undefined {
  const end = start + size;
  let hash = size;
  let seen = 0;
  let i = start;
  // Four at once: each step waits for the one before.
  for (; i + 4 <= end; i += 4) {
    const word =
      (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
    hash = stirred(hash, word);
    seen |= word;
  }
  for (; i < end; i++) {
    const byte = bytes[i] ?? 0;
    hash = stirred(hash, byte);
    seen |= byte;
  }
  if ((seen & 0x8080_8080) !== 0) return undefined;
  hash = mixed(hash);
  const first = (hash & (slotsMax / ways - 1)) * ways;
  for (let slot = first; slot < first + ways; slot++) {
    if (hashes[slot] !== hash) continue;
    const known = texts[slot];
    if (known !== undefined && isSame(known, bytes, start, size)) return known;
  }
  return intern(first, hash, String.fromCharCode(...bytes.subarray(start, start + size)));
}

function intern(first: number, hash: number, text: string): string {
  let slot = first;
  while (slot < first + ways && texts[slot] !== undefined) slot++;
  if (slot === first + ways) slot = first + (turn++ & (ways - 1));
  hashes[slot] = hash;
  texts[slot] = text;
  return text;
}

function isSame(text: string, bytes: Uint8Array, start: number, size: number): boolean {
  if (text.length !== size) return false;
  // From the end, where addresses of one size differ.
  for (let i = size - 1; i >= 0; i--) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
