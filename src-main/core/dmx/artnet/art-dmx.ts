import { slotsPerUniverse } from '../dmx-address.ts';
import { beginPacket, opcodes, protocolVersion } from './artnet-head.ts';

const dmxHeadBytes = 18;

/** One frame of one port address. */
export interface ArtDmx {
  /** 0..32767 */
  readonly portAddress: number;
  /** 1..255, counts up and wraps to 1; 0: the sender does not count */
  readonly sequence: number;
  /** the sender's own input, which tells two of its streams apart */
  readonly physical: number;
  /** 1..512 levels, slot 1 first; an even number of them where we send */
  readonly levels: Readonly<Uint8Array>;
}

/** @returns up to 530 bytes; the levels are copied
 *  @see Art-Net 4, ArtDmx: packet definition */
export function buildArtDmx({ portAddress, sequence, physical, levels }: ArtDmx): Uint8Array {
  const { packet, view } = beginPacket(opcodes.dmx, dmxHeadBytes + levels.length);
  view.setUint16(10, protocolVersion); // 10-11 ProtVer, high byte first
  view.setUint8(12, sequence); // 12 Sequence
  view.setUint8(13, physical); // 13 Physical
  view.setUint16(14, portAddress, true); // 14 SubUni, 15 Net
  view.setUint16(16, levels.length); // 16-17 Length, high byte first
  packet.set(levels, dmxHeadBytes); // 18- Data
  return packet;
}

/** Reads the rest of a packet whose head is that of an ArtDmx.
 *  @param bytes one UDP payload; the levels are a view of it
 *  @returns undefined for a cut packet, and for a length that is not 1..512; it should be even, and with senders of three colours
 *    often is not [Art-Net 4, ArtDmx, Length] */
export function readArtDmx(bytes: Uint8Array): ArtDmx | undefined {
  if (bytes.length < dmxHeadBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(16);
  if (length < 1 || length > slotsPerUniverse) return undefined;
  if (bytes.length < dmxHeadBytes + length) return undefined;
  return {
    portAddress: view.getUint16(14, true) & 0x7fff,
    sequence: view.getUint8(12),
    physical: view.getUint8(13),
    levels: bytes.subarray(dmxHeadBytes, dmxHeadBytes + length),
  };
}

/** Tells nodes to put out, together, what they were sent since the last of these. @see Art-Net 4, ArtSync */
export function buildArtSync(): Uint8Array {
  const { packet, view } = beginPacket(opcodes.sync, 14);
  view.setUint16(10, protocolVersion); // 10-11 ProtVer, high byte first; 12-13 Aux are zero
  return packet;
}
