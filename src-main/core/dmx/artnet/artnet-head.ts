/** UDP, at every node and controller. [Art-Net 4, Ethernet implementation] */
export const artnetPort = 0x1936;
/** The only one that was ever in use; receivers take later ones too. [Art-Net 4, ProtVer] */
export const protocolVersion = 14;

/** @see Art-Net 4, table 1 */
export const opcodes = {
  poll: 0x2000,
  pollReply: 0x2100,
  dmx: 0x5000,
  nzs: 0x5100,
  sync: 0x5200,
  address: 0x6000,
  input: 0x7000,
  ipProg: 0xf800,
} as const;

const identifier = Uint8Array.from('Art-Net\0', (letter) => letter.charCodeAt(0));
const headBytes = 10;

/** What every packet begins with.
 *  @param bytes one UDP payload
 *  @returns its operation code, known or not; undefined for a packet that is not Art-Net */
export function readOpcode(bytes: Uint8Array): number | undefined {
  if (bytes.length < headBytes) return undefined;
  for (let i = 0; i < identifier.length; i++) if (bytes[i] !== identifier[i]) return undefined; // 0-7 ID
  return (bytes[8] ?? 0) + (bytes[9] ?? 0) * 256; // 8-9 OpCode, low byte first
}

/** @returns the packet with its head written, and a view of it */
export function beginPacket(opcode: number, sizeBytes: number): { packet: Uint8Array<ArrayBuffer>; view: DataView } {
  const packet = new Uint8Array(sizeBytes);
  const view = new DataView(packet.buffer);
  packet.set(identifier); // 0-7 ID
  view.setUint16(8, opcode, true); // 8-9 OpCode, low byte first
  return { packet, view };
}
