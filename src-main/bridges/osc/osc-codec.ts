import { fromBuffer, toBuffer } from 'osc-min';
import type { Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { argumentsOfValue, valueOfArguments } from './osc-values.ts';
import { timeOfTag } from './osc-time.ts';

/** Bundles inside bundles; deeper ones are malformed. */
export const bundleDepthMax = 8;

export interface OscMessage {
  /** as on the wire: starts with a slash, may hold wildcards */
  readonly address: string;
  readonly value: Value;
  /** when its bundle wants it done; undefined for now */
  readonly at?: Micros;
}

export interface DecodedPacket {
  /** in the order of the packet, bundles unpacked */
  readonly messages: readonly OscMessage[];
  /** messages and bundles that could not be read; the others of the packet stand */
  readonly malformed: number;
}

/** Decodes one datagram, whatever is in it; never throws.
 *  @param bytes not kept
 *  @see OSC 1.0 */
export function decodeOscPacket(bytes: Uint8Array): DecodedPacket {
  const found: Found = { messages: [], malformed: 0 };
  readPacket(bytes, { depth: 0, at: undefined }, found);
  return found;
}

/** One message with the arguments that carry the value.
 *  @throws InputError 'bad-value' when OSC cannot carry it */
export function encodeOscMessage(address: string, value: Value): Uint8Array {
  const { buffer, byteOffset, byteLength } = toBuffer({ address, args: argumentsOfValue(value) });
  return new Uint8Array(buffer, byteOffset, byteLength);
}

interface Found {
  readonly messages: OscMessage[];
  malformed: number;
}

interface Place {
  readonly depth: number;
  /** the time of the bundle around it */
  readonly at: Micros | undefined;
}

const bundleMark = new TextEncoder().encode('#bundle\0');
/** the mark and the time tag */
const bundleHeadBytes = 16;

function readPacket(bytes: Uint8Array, place: Place, found: Found): void {
  if (bundleMark.every((byte, i) => bytes[i] === byte)) readBundle(bytes, place, found);
  else readMessage(bytes, place, found);
}

// The library would unpack bundles too, but leaves out what it cannot read without a word and nests without bound.
function readBundle(bytes: Uint8Array, { depth, at }: Place, found: Found): void {
  if (bytes.length < bundleHeadBytes || depth >= bundleDepthMax) {
    found.malformed++;
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const own = timeOfTag([view.getUint32(8), view.getUint32(12)]);
  const place = { depth: depth + 1, at: later(at, own) };
  for (let offset = bundleHeadBytes; offset < bytes.length;) {
    const sizeBytes = offset + 4 <= bytes.length ? view.getUint32(offset) : Infinity;
    const end = offset + 4 + sizeBytes;
    if (end > bytes.length || sizeBytes === 0) {
      found.malformed++;
      return;
    }
    readPacket(bytes.subarray(offset + 4, end), place, found);
    offset = end;
  }
}

function readMessage(bytes: Uint8Array, { at }: Place, found: Found): void {
  try {
    const packet = fromBuffer(bytes);
    if (packet.oscType !== 'message') throw new TypeError('not a message');
    const message = { address: packet.address, value: valueOfArguments(packet.args) };
    found.messages.push(at === undefined ? message : { ...message, at });
  } catch {
    // The library has one kind of error for what senders do wrong, and lets RangeErrors of DataView through as well.
    found.malformed++;
  }
}

function later(left: Micros | undefined, right: Micros | undefined): Micros | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left > right ? left : right;
}
