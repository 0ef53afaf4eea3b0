/** places that one text may take */
const ways = 4;
const slotsMax = 65_536;
const textBytesMax = 96;
const texts = new Array<string | undefined>(slotsMax).fill(undefined);
/** of the text in each slot, so that only the right one is compared letter by letter */
const hashes = new Int32Array(slotsMax);
/** which of its places the next newcomer takes */
let turn = 0;

/** The string for a short run of ASCII bytes, without building it anew when it was met before. The table has four places
 *  for each hash and a newcomer takes one of them, so a peer that invents addresses costs time of its own and no memory.
 *  @returns undefined for text that is long or not ASCII; the caller decodes that itself */
export function internedText(bytes: Uint8Array, start: number, size: number): string | undefined {
  if (size > textBytesMax) return undefined;
  let hash = size;
  let seen = 0;
  for (let i = start; i < start + size; i++) {
    const byte = bytes[i] ?? 0;
    hash = (Math.imul(hash, 31) + byte) | 0;
    seen |= byte;
  }
  if (seen >= 0x80) return undefined;
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

/** Addresses that differ in a digit or two must not fall on the same places. @see MurmurHash3, its last steps */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return half ^ (half >>> 13);
}

function isSame(text: string, bytes: Uint8Array, start: number, size: number): boolean {
  if (text.length !== size) return false;
  for (let i = 0; i < size; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
