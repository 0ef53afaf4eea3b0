const slotsMax = 32_768;
const textBytesMax = 96;
const slots = new Array<string | undefined>(slotsMax).fill(undefined);

/** The string for a short run of ASCII bytes, without building it anew when it was met before. The table has one place
 *  for each hash and a newcomer takes it, so a peer that invents addresses costs time of its own and no memory.
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
  const slot = (hash ^ (hash >>> 15)) & (slotsMax - 1);
  const known = slots[slot];
  if (known !== undefined && isSame(known, bytes, start, size)) return known;
  const text = String.fromCharCode.apply(undefined, [...bytes.subarray(start, start + size)]);
  slots[slot] = text;
  return text;
}

function isSame(text: string, bytes: Uint8Array, start: number, size: number): boolean {
  if (text.length !== size) return false;
  for (let i = 0; i < size; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
