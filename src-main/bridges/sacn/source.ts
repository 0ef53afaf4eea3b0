/** Who sends: what receivers show and tell sources apart by. */
export interface SacnSource {
  /** component identifier: a UUID that stays for life */
  readonly cid: string;
  readonly sourceName: string;
}

/** Bytes of the name on the wire, without the NUL that ends it. [E1.31 6.2.2] */
export const sourceNameBytesMax = 63;

const segmenter = new Intl.Segmenter();

/** Cuts a name to what fits in UTF-8, never inside a character. */
export function fitSourceName(name: string): string {
  let fitting = '';
  let sizeBytes = 0;
  for (const { segment } of segmenter.segment(name.replaceAll('\0', ''))) {
    sizeBytes += Buffer.byteLength(segment);
    if (sizeBytes > sourceNameBytesMax) break;
    fitting += segment;
  }
  return fitting;
}

/** @param cid a UUID in text
 *  @returns its 16 bytes */
export function cidBytes(cid: string): Uint8Array {
  return Buffer.from(cid.replaceAll('-', ''), 'hex');
}
