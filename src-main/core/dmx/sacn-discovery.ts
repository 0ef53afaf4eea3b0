import type { Millis } from '../../contract/units.ts';
import { flagsAndLength, writeAcnRoot } from './acn-root.ts';
import { fitSourceName, type SacnSource } from './sacn-source.ts';

/** The universe that carries discovery, and with it the multicast group 239.255.250.214. [E1.31 A] */
export const discoveryUniverse = 64_214;
/** [E1.31 A, E131_UNIVERSE_DISCOVERY_INTERVAL] */
export const discoveryEveryMs = 10_000 as Millis;

const universesPerPage = 512;
const headBytes = 120;
const encoder = new TextEncoder();

/** Tells the network which universes a source sends: one packet for every 512 of them.
 *  @param universes 1..63999 each, any order
 *  @see ANSI E1.31-2018, table 4-3 and clause 8 */
export function buildDiscoveryPackets(source: SacnSource, universes: readonly number[]): Uint8Array[] {
  const sorted = [...universes].sort((left, right) => left - right);
  const lastPage = Math.max(0, Math.ceil(sorted.length / universesPerPage) - 1);
  return Array.from({ length: lastPage + 1 }, (_, page) => {
    const from = page * universesPerPage;
    return buildPage(source, { page, lastPage, universes: sorted.slice(from, from + universesPerPage) });
  });
}

interface Page {
  readonly page: number;
  readonly lastPage: number;
  readonly universes: readonly number[];
}

function buildPage(source: SacnSource, { page, lastPage, universes }: Page): Uint8Array {
  const packet = new Uint8Array(headBytes + universes.length * 2);
  const view = new DataView(packet.buffer);
  writeAcnRoot(packet, 0x0000_0008, source.cid); // VECTOR_ROOT_E131_EXTENDED
  // Framing layer [6.4]
  view.setUint16(38, flagsAndLength(packet, 38)); // 38-39 flags and length
  view.setUint32(40, 0x0000_0002); // 40-43 VECTOR_E131_EXTENDED_DISCOVERY
  packet.set(encoder.encode(fitSourceName(source.sourceName)), 44); // 44-107 source name, ended by NUL; 108-111 reserved
  // Universe discovery layer [8]
  view.setUint16(112, flagsAndLength(packet, 112)); // 112-113 flags and length
  view.setUint32(114, 0x0000_0001); // 114-117 VECTOR_UNIVERSE_DISCOVERY_UNIVERSE_LIST
  view.setUint8(118, page); // 118 this page
  view.setUint8(119, lastPage); // 119 last page
  universes.forEach((universe, i) => view.setUint16(headBytes + i * 2, universe)); // 120-1143 universes, ascending
  return packet;
}
