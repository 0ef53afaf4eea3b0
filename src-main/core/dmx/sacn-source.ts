/** Who sends: what receivers show and tell sources apart by. */
export interface SacnSource {
  /** component identifier: a UUID that stays for life */
  readonly cid: string;
  readonly sourceName: string;
}

/** Bytes of the name on the wire, without the NUL that ends it. [E1.31 6.2.2] */
export const sourceNameBytesMax = 63;

const segmenter = new Intl.Segmenter();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Cuts a name to what fits in UTF-8, never inside a character. */
export function fitSourceName(name: string): string {
  let fitting = '';
  let sizeBytes = 0;
  for (const { segment } of segmenter.segment(name.replaceAll('\0', ''))) {
    sizeBytes += encoder.encode(segment).length;
    if (sizeBytes > sourceNameBytesMax) break;
    fitting += segment;
  }
  return fitting;
}

/** @param cid a UUID in text
 *  @returns its 16 bytes */
export function cidBytes(cid: string): Uint8Array {
  const digits = cid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

/** @param bytes 64 of them, ended by NUL
 *  @returns the name as it came, without what could hide in it */
export function readSourceName(bytes: Readonly<Uint8Array>): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is left out
  return (decoder.decode(bytes).split('\0', 1)[0] ?? '').replace(/[\u0000-\u001f\u007f]/g, '');
}
