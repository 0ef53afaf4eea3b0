import { isAcn, uuidAt } from './acn-root.ts';

/** What a data packet carries. [E1.31 7.6, and the start codes of E1.11] */
export const startCodes = { levels: 0x00, slotPriorities: 0xdd } as const;

/** One data packet. Views are of the packet, valid as long as its bytes. */
export interface SacnData {
  readonly kind: 'data';
  /** UUID, lower case */
  readonly cid: string;
  /** 64 bytes, ended by NUL */
  readonly nameBytes: Readonly<Uint8Array>;
  /** 0..200 */
  readonly priority: number;
  /** the universe whose sync packets it waits for; 0 for none */
  readonly syncUniverse: number;
  /** 0..255 */
  readonly sequence: number;
  /** not for lamps, but for those who plan them */
  readonly isPreview: boolean;
  /** the source sends this universe no more */
  readonly isTerminated: boolean;
  /** whether levels are taken again when sync packets stay away; otherwise everything stands still */
  readonly runsWithoutSync: boolean;
  /** 1..63999 */
  readonly universe: number;
  readonly startCode: number;
  /** 0..512, slot 1 first */
  readonly slots: Readonly<Uint8Array>;
}

/** Everything that waited for this universe's sync is taken now. */
export interface SacnSync {
  readonly kind: 'sync';
  readonly cid: string;
  readonly sequence: number;
  /** 1..63999 */
  readonly universe: number;
}

/** Why bytes are not taken for a packet. */
export type SacnFault =
  'not-acn' | 'bad-length' | 'bad-vector' | 'bad-universe' | 'bad-priority' | 'bad-dmp' | 'other-packet';

const dataBytesMin = 126;
const syncBytes = 49;
const universeMax = 63_999;

/** Reads one packet of data or of synchronization.
 *  @param bytes one UDP payload; not kept, but the result looks into it
 *  @returns why not, for anything else; 'other-packet' is one of discovery, which is read elsewhere
 *  @see ANSI E1.31-2018, tables 4-1 and 4-2 */
export function readSacnPacket(bytes: Readonly<Uint8Array>): SacnData | SacnSync | SacnFault {
  if (bytes.length < 44) return isAcn(bytes) ? 'bad-length' : 'not-acn';
  if (!isAcn(bytes)) return 'not-acn';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!holds(view, 16)) return 'bad-length';
  const root = view.getUint32(18); // 18-21 root vector
  const framing = view.getUint32(40); // 40-43 framing vector
  if (root === 0x0000_0004 && framing === 0x0000_0002) return readData(bytes, view);
  if (root === 0x0000_0008 && framing === 0x0000_0001) return readSync(bytes, view);
  if (root === 0x0000_0008 && framing === 0x0000_0002) return 'other-packet';
  // Discovery as the draft had it, which olad sends to this day.
  return root === 0x0000_0004 && framing === 0x0000_0004 ? 'other-packet' : 'bad-vector';
}

function readData(bytes: Readonly<Uint8Array>, view: DataView): SacnData | SacnFault {
  if (bytes.length < dataBytesMin || !holds(view, 38) || !holds(view, 115)) return 'bad-length';
  // 117 DMP set property, 118 address and data type, 119-120 first address, 121-122 increment [E1.31 7]
  if (view.getUint8(117) !== 0x02 || view.getUint8(118) !== 0xa1) return 'bad-dmp';
  if (view.getUint16(119) !== 0 || view.getUint16(121) !== 1) return 'bad-dmp';
  const count = view.getUint16(123); // 123-124 property values: the start code and the slots
  if (count < 1 || count > 513) return 'bad-dmp';
  // The DMP layer has to have them, not the datagram alone.
  if (lengthAt(view, 115) < 10 + count || bytes.length < 125 + count) return 'bad-length';
  const universe = view.getUint16(113);
  if (universe < 1 || universe > universeMax) return 'bad-universe';
  const priority = view.getUint8(108);
  if (priority > 200) return 'bad-priority';
  const options = view.getUint8(112);
  return {
    kind: 'data',
    cid: uuidAt(view, 22),
    nameBytes: bytes.subarray(44, 108),
    priority,
    syncUniverse: view.getUint16(109),
    sequence: view.getUint8(111),
    isPreview: (options & 0x80) !== 0,
    isTerminated: (options & 0x40) !== 0,
    runsWithoutSync: (options & 0x20) !== 0,
    universe,
    startCode: view.getUint8(125),
    slots: bytes.subarray(126, 125 + count),
  };
}

function readSync(bytes: Readonly<Uint8Array>, view: DataView): SacnSync | SacnFault {
  if (bytes.length < syncBytes || !holds(view, 38)) return 'bad-length';
  const universe = view.getUint16(45);
  if (universe < 1 || universe > universeMax) return 'bad-universe';
  return { kind: 'sync', cid: uuidAt(view, 22), sequence: view.getUint8(44), universe };
}

/** Whether a layer that begins here has its flags, and ends within the datagram. What lies behind its end is passed over. */
function holds(view: DataView, offset: number): boolean {
  if (offset + 2 > view.byteLength || (view.getUint8(offset) & 0xf0) !== 0x70) return false;
  return offset + lengthAt(view, offset) <= view.byteLength;
}

/** of a layer, its first two bytes included */
function lengthAt(view: DataView, offset: number): number {
  return view.getUint16(offset) & 0x0fff;
}
