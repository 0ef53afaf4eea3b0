import { beginPacket, opcodes, protocolVersion } from './artnet-head.ts';

/** Of the first edition: everything later may be missing. */
const pollBytesMin = 14;
const targetedBytesMin = 18;
const tellsChanges = 0x02;
const isTargeted = 0x20;

/** A question who is there. */
export interface ArtPoll {
  /** only nodes with one of these port addresses are to answer; undefined for all */
  readonly target: PortAddressSpan | undefined;
  /** also when something of the answer changes it wants to have another */
  readonly wantsChanges: boolean;
}

export interface PortAddressSpan {
  readonly first: number;
  readonly last: number;
}

/** @returns a target within which both lie */
export function widestTarget(one: ArtPoll['target'], other: ArtPoll['target']): ArtPoll['target'] {
  return one && other && { first: Math.min(one.first, other.first), last: Math.max(one.last, other.last) };
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
  const flags = view.getUint8(12); // 12 Flags
  const wantsChanges = (flags & tellsChanges) !== 0;
  if ((flags & isTargeted) === 0 || bytes.length < targetedBytesMin) return { target: undefined, wantsChanges };
  // 14-15 TargetPortAddressTop, 16-17 TargetPortAddressBottom
  return { target: { first: view.getUint16(16) & 0x7fff, last: view.getUint16(14) & 0x7fff }, wantsChanges };
}
