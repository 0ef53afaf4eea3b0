/** Some bits of a report: the lowest at `bit` of `byte`, the rest above it and in the bytes behind.
 *  @see HID 1.11, 8.4 */
export interface BitField {
  readonly byte: number;
  /** 0..7 */
  readonly bit: number;
  /** 1..32 */
  readonly bits: number;
  readonly signed?: boolean;
  /** the high byte first: for whole bytes only */
  readonly bigEndian?: boolean;
}

/** @returns undefined where the report is too short for it */
export function readBits(bytes: Uint8Array, field: BitField): number | undefined {
  const { byte, bit, bits, signed = false, bigEndian = false } = field;
  if (byte * 8 + bit + bits > bytes.length * 8) return undefined;
  let value = 0;
  // By arithmetic, for 32 bits are more than the operators on bits keep apart from minus.
  for (let at = 0; at < bits;) {
    const place = bit + at;
    const taken = Math.min(8 - (place % 8), bits - at);
    const index = byte + (place >> 3);
    const part = ((bytes[index] ?? 0) >> (place % 8)) & ((1 << taken) - 1);
    value = bigEndian ? value * 256 + part : value + part * 2 ** at;
    at += taken;
  }
  return signed && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

/** Puts the lowest bits of a whole number there; what is beyond the end of `bytes` is left out. */
export function writeBits(bytes: Uint8Array, { byte, bit, bits }: BitField, value: number): void {
  for (let at = 0; at < bits; at++) {
    const place = byte * 8 + bit + at;
    const index = place >> 3;
    const mask = 1 << (place % 8);
    const old = bytes[index];
    if (old === undefined) return;
    const isOn = Math.floor(value / 2 ** at) % 2 !== 0;
    bytes[index] = isOn ? old | mask : old & ~mask;
  }
}
