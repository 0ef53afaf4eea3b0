import { cidBytes } from './sacn-source.ts';

const identifier = Uint8Array.from('ASC-E1.17\0\0\0', (letter) => letter.charCodeAt(0));

/** 0-1 preamble size, 2-3 postamble size, 4-15 ACN packet identifier [E1.31 5.1-5.3] */
export function isAcn(bytes: Readonly<Uint8Array>): boolean {
  if (bytes.length < 16 || bytes[0] !== 0 || bytes[1] !== 0x10 || bytes[2] !== 0 || bytes[3] !== 0) return false;
  for (let i = 0; i < identifier.length; i++) if (bytes[4 + i] !== identifier[i]) return false;
  return true;
}

/** @returns the 16 bytes from there as a UUID in text, lower case */
export function uuidAt(view: DataView, offset: number): string {
  let digits = '';
  for (let i = 0; i < 16; i += 4)
    digits += view
      .getUint32(offset + i)
      .toString(16)
      .padStart(8, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** Writes the head of a packet; its lengths go to the end of the packet.
 *  @param vector of the root layer
 *  @param cid a UUID */
export function writeAcnRoot(packet: Uint8Array, vector: number, cid: string): void {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  view.setUint16(0, 0x0010);
  view.setUint16(2, 0);
  packet.set(identifier, 4);
  view.setUint16(16, flagsAndLength(packet, 16));
  view.setUint32(18, vector); // 18-21 root vector
  packet.set(cidBytes(cid), 22); // 22-37 component identifier
}

/** Each layer's first two bytes: 0x7, then in 12 bits its length from here to the end. */
export function flagsAndLength(packet: Readonly<Uint8Array>, offset: number): number {
  return 0x7000 | (packet.length - offset);
}
