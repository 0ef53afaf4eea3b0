import { artnetPort, beginPacket, opcodes, readOpcode } from './artnet-head.ts';

/** Up to and with the field `NumPorts` and what belongs to the ports; later fields came with later versions. */
const replyBytesMin = 194;
const replyBytes = 239;
/** Ports of one reply; a node with more sends several, told apart by their bind index. */
export const portsPerReply = 4;
const putsOut = 0x80;
const takesIn = 0x40;
const decoder = new TextDecoder('latin1');

/** What one node says of itself. One with more than four ports says it in several, by `bindIndex`. */
export interface ArtPollReply {
  readonly address: string;
  readonly port: number;
  /** as they came, up to 17 and 63 bytes */
  readonly shortName: string;
  readonly longName: string;
  /** 0 and 1: the first, or the only one */
  readonly bindIndex: number;
  /** what it says of its state, up to 63 bytes */
  readonly report: string;
  /** six bytes as `00:0a:…`; undefined where it says none */
  readonly mac: string | undefined;
  /** its maker's count: `2.11`; undefined where it says none */
  readonly firmware: string | undefined;
  /** port-addresses 0..32767 that it puts out */
  readonly universes: readonly number[];
  /** port-addresses 0..32767 that it takes in from DMX and sends */
  readonly inputs: readonly number[];
}

/** Reads one ArtPollReply.
 *  @param bytes one UDP payload; not kept
 *  @returns undefined for anything else, cut packets included
 *  @see Art-Net 4, ArtPollReply: packet definition */
export function readArtPollReply(bytes: Uint8Array): ArtPollReply | undefined {
  if (bytes.length < replyBytesMin || readOpcode(bytes) !== opcodes.pollReply) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const net = view.getUint8(18) & 0x7f; // 18 NetSwitch
  const subnet = view.getUint8(19) & 0x0f; // 19 SubSwitch
  const ports = Math.min(portsPerReply, view.getUint16(172)); // 172-173 NumPorts
  // 174-177 PortTypes; 186-189 SwIn; 190-193 SwOut
  const having = (bit: number, switches: number): number[] =>
    Array.from({ length: ports }, (_, i) => i)
      .filter((i) => (view.getUint8(174 + i) & bit) !== 0)
      .map((i) => (net << 8) | (subnet << 4) | (view.getUint8(switches + i) & 0x0f));
  const mac = bytes.length >= 207 ? bytes.subarray(201, 207) : new Uint8Array(); // 201-206 MAC
  return {
    address: bytes.subarray(10, 14).join('.'), // 10-13 IP address
    port: view.getUint16(14, true), // 14-15 Port, low byte first
    shortName: textAt(bytes, 26, 18), // 26-43 ShortName
    longName: textAt(bytes, 44, 64), // 44-107 LongName
    bindIndex: bytes.length >= 212 ? view.getUint8(211) : 0, // 211 BindIndex
    report: textAt(bytes, 108, 64), // 108-171 NodeReport
    mac: mac.some((byte) => byte !== 0) ? Array.from(mac, hex).join(':') : undefined,
    firmware: view.getUint16(16) === 0 ? undefined : `${view.getUint8(16)}.${view.getUint8(17)}`, // 16-17 VersInfo
    universes: having(putsOut, 190),
    inputs: having(takesIn, 186),
  };
}

/** @returns whether it goes by the head of another packet of Art-Net, such as DMX for a lamp */
export function isOtherArtnet(bytes: Uint8Array): boolean {
  const opcode = readOpcode(bytes);
  return opcode !== undefined && opcode !== opcodes.pollReply;
}

/** One port as a node tells of it. */
export interface ReplyPort {
  /** 0..32767; all of one reply share all but the last four bits */
  readonly portAddress: number;
  /** out: what comes by Art-Net is put out. in: what it has is sent by Art-Net. */
  readonly way: 'in' | 'out';
  /** data comes now */
  readonly isActive: boolean;
  /** of an output: two sources are merged now, and how */
  readonly isMerging: boolean;
  readonly isLtp: boolean;
}

export interface ReplyPage {
  /** of the card that the one who asked is on */
  readonly address: string;
  readonly shortName: string;
  readonly longName: string;
  /** 1..255 */
  readonly bindIndex: number;
  /** as `#0001 [0012] text`: status, count of answers, words [Art-Net 4, NodeReport] */
  readonly report: string;
  /** 0..4 */
  readonly ports: readonly ReplyPort[];
}

/** Says what a node is and has.
 *  @returns 239 bytes
 *  @see Art-Net 4, ArtPollReply: packet definition */
export function buildArtPollReply({ address, shortName, longName, bindIndex, report, ports }: ReplyPage): Uint8Array {
  const { packet, view } = beginPacket(opcodes.pollReply, replyBytes);
  const own = address.split('.').map(Number);
  const first = ports[0]?.portAddress ?? 0;
  packet.set(own, 10); // 10-13 IP address
  view.setUint16(14, artnetPort, true); // 14-15 Port, low byte first
  view.setUint8(18, first >> 8); // 18 NetSwitch
  view.setUint8(19, (first >> 4) & 0x0f); // 19 SubSwitch
  view.setUint16(20, 0x00ff); // 20-21 Oem: OemUnknown
  view.setUint8(23, 0xe0); // 23 Status1: indicators normal, addresses set by the network or a browser
  putText(packet, shortName, { at: 26, length: 18 }); // 26-43 PortName
  putText(packet, longName, { at: 44, length: 64 }); // 44-107 LongName
  putText(packet, report, { at: 108, length: 64 }); // 108-171 NodeReport
  view.setUint16(172, ports.length); // 172-173 NumPorts
  ports.forEach((port, i) => putPort(view, port, i));
  view.setUint8(200, ports.some(({ way }) => way === 'out') ? 0x00 : 0x01); // 200 Style: StNode, StController
  packet.set(own, 207); // 207-210 BindIp
  view.setUint8(211, bindIndex); // 211 BindIndex
  view.setUint8(212, 0x08); // 212 Status2: 15-bit port addresses
  return packet;
}

/** The standard wants the universe in the low four bits, and says nothing of the others. OLA compares the whole byte with subnet
 *  and universe, and sends it so itself: with the subnet there both kinds of reader are right. */
function putPort(view: DataView, { portAddress, way, isActive, isMerging, isLtp }: ReplyPort, i: number): void {
  view.setUint8(174 + i, way === 'out' ? putsOut : takesIn); // 174-177 PortTypes, DMX512
  if (way === 'in') {
    view.setUint8(178 + i, isActive ? 0x80 : 0); // 178-181 GoodInput
    view.setUint8(186 + i, portAddress & 0xff); // 186-189 SwIn
    return;
  }
  // 182-185 GoodOutputA: data comes, merging, LTP
  view.setUint8(182 + i, (isActive ? 0x80 : 0) | (isMerging ? 0x08 : 0) | (isLtp ? 0x02 : 0));
  view.setUint8(190 + i, portAddress & 0xff); // 190-193 SwOut
  view.setUint8(213 + i, 0x80 | 0x40); // 213-216 GoodOutputB: no RDM, output goes on
}

/** Latin letters; others become a question mark. Ended by NUL. */
function putText(packet: Uint8Array, text: string, { at, length }: { at: number; length: number }): void {
  const letters = Array.from(text, (letter) => (letter >= ' ' && letter <= '~' ? letter.charCodeAt(0) : 0x3f));
  packet.set(letters.slice(0, length - 1), at);
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return decoder.decode(bytes.subarray(start, start + length)).split('\0', 1)[0] ?? '';
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
