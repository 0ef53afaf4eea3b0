const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

/** The checksum of gzip and Ethernet: finds every single flipped bit, and all but one in 2^32 of other damage.
 *  @returns u32
 *  @see RFC 1952, 8 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = 0xffff_ffff;
  for (let i = start; i < end; i++) sum = (table[(sum ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffff_ffff) >>> 0;
}
