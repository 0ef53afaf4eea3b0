/** [Art-Net 4, Ethernet implementation] */
export const artnetPort = 0x1936;

const identifier = 'Art-Net\0';
const opPoll = 0x2000;
const opPollReply = 0x2100;
const protocolVersion = 14;
/** Up to and with the field `NumPorts` and what belongs to the ports; later fields came with later versions. */
const replyBytesMin = 194;
const portsMax = 4;
const decoder = new TextDecoder('latin1');

/** Asks every node who it is; each answers once.
 *  @see Art-Net 4, ArtPoll: packet definition */
export function buildArtPoll(): Uint8Array {
  const packet = new Uint8Array(14);
  const view = new DataView(packet.buffer);
  writeIdentifier(packet); // 0-7 ID
  view.setUint16(8, opPoll, true); // 8-9 OpCode, low byte first
  view.setUint16(10, protocolVersion); // 10-11 ProtVer, high byte first
  view.setUint8(12, 0); // 12 Flags: no replies but to a poll, no diagnostics
  view.setUint8(13, 0); // 13 DiagPriority
  return packet;
}

/** What one node says of itself. One with more than four ports says it in several, by `bindIndex`. */
export interface ArtPollReply {
  readonly address: string;
  readonly port: number;
  /** as they came, up to 17 and 63 bytes */
  readonly shortName: string;
  readonly longName: string;
  /** 0 and 1: the first, or the only one */
  readonly bindIndex: number;
  /** six bytes as `00:0a:…`; undefined where it says none */
  readonly mac: string | undefined;
  /** port-addresses 0..32767 that it puts out */
  readonly universes: readonly number[];
}

/** Reads one ArtPollReply.
 *  @param bytes one UDP payload; not kept
 *  @returns undefined for anything else, cut packets included
 *  @see Art-Net 4, ArtPollReply: packet definition */
export function readArtPollReply(bytes: Uint8Array): ArtPollReply | undefined {
  if (bytes.length < replyBytesMin || decoder.decode(bytes.subarray(0, 8)) !== identifier) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(8, true) !== opPollReply) return undefined;
  const net = view.getUint8(18) & 0x7f; // 18 NetSwitch
  const subnet = view.getUint8(19) & 0x0f; // 19 SubSwitch
  const ports = Math.min(portsMax, view.getUint16(172)); // 172-173 NumPorts
  const universes: number[] = [];
  for (let i = 0; i < ports; i++) {
    const puts = (view.getUint8(174 + i) & 0x80) !== 0; // 174-177 PortTypes: can output data from Art-Net
    if (puts) universes.push((net << 8) | (subnet << 4) | (view.getUint8(190 + i) & 0x0f)); // 190-193 SwOut
  }
  const mac = bytes.length >= 207 ? bytes.subarray(201, 207) : new Uint8Array(); // 201-206 MAC
  return {
    address: bytes.subarray(10, 14).join('.'), // 10-13 IP address
    port: view.getUint16(14, true), // 14-15 Port, low byte first
    shortName: textAt(bytes, 26, 18), // 26-43 ShortName
    longName: textAt(bytes, 44, 64), // 44-107 LongName
    bindIndex: bytes.length >= 212 ? view.getUint8(211) : 0, // 211 BindIndex
    mac: mac.some((byte) => byte !== 0) ? Array.from(mac, hex).join(':') : undefined,
    universes,
  };
}

/** @returns whether it goes by the head of another packet of Art-Net, such as DMX for a lamp */
export function isOtherArtnet(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || decoder.decode(bytes.subarray(0, 8)) !== identifier) return false;
  return (bytes[8] ?? 0) + (bytes[9] ?? 0) * 256 !== opPollReply;
}

function writeIdentifier(packet: Uint8Array): void {
  for (let i = 0; i < identifier.length; i++) packet[i] = identifier.charCodeAt(i);
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return decoder.decode(bytes.subarray(start, start + length)).split('\0', 1)[0] ?? '';
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
