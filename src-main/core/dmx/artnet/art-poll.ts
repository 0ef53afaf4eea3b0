import { beginPacket, opcodes, protocolVersion } from './artnet-head.ts';

/** Of the first edition: everything later may be missing. */
const pollBytesMin = 14;
const targetedBytesMin = 18;
const isTargeted = 0x20;

/** A question who is there. */
export interface ArtPoll {
  /** only nodes with one of these port addresses are to answer; undefined for all */
  readonly target: { readonly first: number; readonly last: number } | undefined;
}

/** Asks every node who it is; each answers once.
 *  @see Art-Net 4, ArtPoll: packet definition */
export function buildArtPoll(): Uint8Array {
  const { packet, view } = beginPacket(opcodes.poll, pollBytesMin);
  view.setUint16(10, protocolVersion); // 10-11 ProtVer, high byte first
  view.setUint8(12, 0); // 12 Flags: no replies but to a poll, no diagnostics
  view.setUint8(13, 0); // 13 DiagPriority
  return packet;
}

/** Reads the rest of a packet whose head is that of an ArtPoll. Flags about diagnostics ask for what is never sent here.
 *  @param bytes one UDP payload; not kept
 *  @returns undefined for a cut packet */
export function readArtPoll(bytes: Uint8Array): ArtPoll | undefined {
  if (bytes.length < pollBytesMin) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if ((view.getUint8(12) & isTargeted) === 0 || bytes.length < targetedBytesMin) return { target: undefined };
  // 14-15 TargetPortAddressTop, 16-17 TargetPortAddressBottom
  return { target: { first: view.getUint16(16) & 0x7fff, last: view.getUint16(14) & 0x7fff } };
}
