import { flagsAndLength, writeAcnRoot } from './acn-root.ts';

/** Says that everything that was sent for this sync universe is to be seen now.
 *  @param sequence 0..255, counted for each sync universe
 *  @param universe 1..63999
 *  @see ANSI E1.31-2018, table 4-2 */
export function buildSyncPacket(cid: string, sequence: number, universe: number): Uint8Array {
  const packet = new Uint8Array(49);
  const view = new DataView(packet.buffer);
  writeAcnRoot(packet, 0x0000_0008, cid); // VECTOR_ROOT_E131_EXTENDED
  view.setUint16(38, flagsAndLength(packet, 38)); // 38-39 flags and length
  view.setUint32(40, 0x0000_0001); // 40-43 VECTOR_E131_EXTENDED_SYNCHRONIZATION
  view.setUint8(44, sequence); // 44 sequence number
  view.setUint16(45, universe); // 45-46 synchronization address, 47-48 reserved
  return packet;
}
