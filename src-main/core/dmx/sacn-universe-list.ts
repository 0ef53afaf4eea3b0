import { isAcn, uuidAt } from './acn-root.ts';
import { discoveryUniverse } from './sacn-discovery.ts';

const universesMax = 512;
const decoder = new TextDecoder();

/** One page of what a source sends. */
export interface UniverseListPage {
  /** UUID, lower case */
  readonly cid: string;
  /** as it came, up to 63 bytes */
  readonly sourceName: string;
  readonly page: number;
  readonly lastPage: number;
  /** 1..63999, as they came */
  readonly universes: readonly number[];
}

/** Where a form of the packet has its list. */
interface Layout {
  /** byte of the page; the last page is behind it, and the list behind that */
  readonly page: number;
  /** byte of a layer's flags and length; the layer ends with the list */
  readonly layer: number;
}

/** Reads one packet of universe discovery; in the form of the draft too, which OLA sends to this day.
 *  @param bytes one UDP payload; not kept
 *  @returns undefined for anything else, cut packets included
 *  @see ANSI E1.31-2018, table 4-3 and clause 8 */
export function readUniverseList(bytes: Uint8Array): UniverseListPage | undefined {
  // Shorter than either form with an empty list.
  if (bytes.length < 117) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = layoutOf(view);
  if (!isAcn(bytes) || !layout) return undefined;
  const listAt = layout.page + 2;
  const endAt = layout.layer + (view.getUint16(layout.layer) & 0x0fff);
  if (endAt < listAt || endAt > bytes.length || (endAt - listAt) % 2 !== 0) return undefined;
  const count = Math.min(universesMax, (endAt - listAt) / 2);
  const universes = Array.from({ length: count }, (_, i) => view.getUint16(listAt + i * 2));
  return {
    cid: uuidAt(view, 22), // 22-37 component identifier
    sourceName: decoder.decode(bytes.subarray(44, 108)).split('\0', 1)[0] ?? '', // 44-107 source name
    page: view.getUint8(layout.page),
    lastPage: view.getUint8(layout.page + 1),
    universes: universes.filter((universe) => universe >= 1 && universe <= 63_999),
  };
}

/** @returns whether it goes by the head of another packet of sACN: data, or synchronization [E1.31 table 4-1, 4-2] */
export function isOtherSacn(bytes: Uint8Array): boolean {
  if (bytes.length < 44) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [root, framing] = [view.getUint32(18), view.getUint32(40)];
  return isAcn(bytes) && ((root === 4 && framing === 2) || (root === 8 && framing === 1));
}

function layoutOf(view: DataView): Layout | undefined {
  const root = view.getUint32(18); // 18-21 root vector
  const framing = view.getUint32(40); // 40-43 framing vector
  // VECTOR_ROOT_E131_EXTENDED, VECTOR_E131_EXTENDED_DISCOVERY, 114-117 VECTOR_UNIVERSE_DISCOVERY_UNIVERSE_LIST
  if (root === 8 && framing === 2 && view.byteLength >= 120 && view.getUint32(114) === 1)
    return { page: 118, layer: 112 };
  // The draft has the framing of a data packet, with the discovery universe at 113-114.
  if (root === 4 && framing === 4 && view.getUint16(113) === discoveryUniverse) return { page: 115, layer: 16 };
  return undefined;
}
