import type { Address } from '../../../contract/address.ts';
import type { Payloads } from './gathered-payloads.ts';

/** Signals one behind the other, their addresses once. Lists of numbers: an object for each would be dear to keep. Lists and
 *  bytes may be longer than what is in them. */
export interface SignalChunk extends Payloads {
  count: number;
  readonly times: Float64Array;
  readonly orders: Float64Array;
  readonly bits: Uint8Array;
  readonly places: Uint16Array;
  addresses: readonly Address[];
}

/** in memory, beside the bytes of its signals */
const chunkOverheadBytes = 512;
const signalOverheadBytes = 27;
const addressOverheadBytes = 32;

/** A chunk for so much. What lives as long as a chunk and is then thrown away makes the garbage collector walk through all
 *  of the heap several times a second, so the memory of one that was forgotten is used again where it is of the right size. */
export function chunkFor(count: number, sizeBytes: number, spare?: SignalChunk): SignalChunk {
  if (spare && isRight(spare.ends.length, count) && isRight(spare.bytes.length, sizeBytes)) return spare;
  return {
    count: 0,
    bytes: new Uint8Array(sizeBytes + (sizeBytes >> 3)),
    starts: new Uint32Array(count),
    ends: new Uint32Array(count),
    times: new Float64Array(count),
    orders: new Float64Array(count),
    bits: new Uint8Array(count),
    places: new Uint16Array(count),
    addresses: [],
  };
}

/** What it takes in memory. */
export function chunkSizeOf({ bytes, ends, addresses }: SignalChunk): number {
  const own = chunkOverheadBytes + bytes.length + ends.length * signalOverheadBytes;
  return own + addresses.length * addressOverheadBytes;
}

function isRight(there: number, wanted: number): boolean {
  return there >= wanted && there <= wanted * 1.5;
}
