import { fromBuffer, toBuffer, type OscArgOrArrayInput } from 'osc-min';
import type { Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { bytesOfPath, textOfPath } from './osc-paths.ts';
import { timeOfTag, type TimeTag } from './osc-time.ts';
import { argumentsAs } from './osc-types.ts';
import { argumentsOfValue, valueOfArguments } from './osc-values.ts';

/** Bundles inside bundles; deeper ones are malformed. */
export const bundleDepthMax = 8;

/** of a bundle: the mark and the time tag */
export const bundleHeadBytes = 16;
/** before each message in a bundle: its length */
export const bundlePartBytes = 4;

export interface OscMessage {
  /** as on the wire: starts with a slash, may hold wildcards; see `textOfPath` for bytes that are no UTF-8 */
  readonly address: string;
  readonly value: Value;
  /** it carries nothing but its address: no argument, or I, or N */
  readonly isBare?: true;
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
 *  @param tags as a rule of the show wants them: see `argumentsAs`
 *  @throws InputError 'bad-value' when OSC, or this rule, cannot carry it */
export function encodeOscMessage(path: string, value: Value, tags?: string): Uint8Array {
  const args = tags === undefined ? argumentsOfValue(value) : argumentsAs(tags, value);
  const head = bytesOfPath(path);
  const tail = bytesOfArguments(args);
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

/** @param messages encoded, in their order */
export function encodeOscBundle([seconds, fraction]: TimeTag, messages: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(messages.reduce((size, { length }) => size + bundlePartBytes + length, bundleHeadBytes));
  const view = new DataView(bytes.buffer);
  bytes.set(bundleMark);
  view.setUint32(8, seconds);
  view.setUint32(12, fraction);
  let at = bundleHeadBytes;
  for (const message of messages) {
    view.setUint32(at, message.length);
    bytes.set(message, at + 4);
    at += 4 + message.length;
  }
  return bytes;
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
    const address = addressOf(bytes, packet.address);
    const message = { address, value: valueOfArguments(packet.args), ...(isBare(packet.args) && bare) };
    found.messages.push(at === undefined ? message : { ...message, at });
  } catch {
    // The library has one kind of error for what senders do wrong, and lets RangeErrors of DataView through as well.
    found.malformed++;
  }
}

/** The library puts the same sign for any byte that is no UTF-8. */
function addressOf(bytes: Uint8Array, read: string): string {
  return read.includes('\ufffd') ? textOfPath(bytes.subarray(0, bytes.indexOf(0))) : read;
}

const bare = { isBare: true } as const;

function isBare(args: readonly { readonly type: string }[]): boolean {
  return args.length === 0 || (args.length === 1 && (args[0]?.type === 'bang' || args[0]?.type === 'null'));
}

const noPathBytes = 4;
const tagOfColour = 'r'.charCodeAt(0);

/** The type tags and the arguments. The library gives a colour 16 bytes, so it leaves as MIDI, which has the same four. */
function bytesOfArguments(args: readonly OscArgOrArrayInput[]): Uint8Array {
  const colours: number[] = [];
  const plain = withoutColours(args, { next: 1, colours });
  const { buffer, byteOffset, byteLength } = toBuffer({ address: '/', args: plain });
  const bytes = new Uint8Array(buffer, byteOffset + noPathBytes, byteLength - noPathBytes);
  for (const at of colours) bytes[at] = tagOfColour;
  return bytes;
}

/** @param tags where the next tag stands, and where those of colours do */
function withoutColours(
  args: readonly OscArgOrArrayInput[],
  tags: { next: number; readonly colours: number[] },
): OscArgOrArrayInput[] {
  return args.map((arg) => {
    const at = tags.next++;
    if (typeof arg !== 'object' || arg === null || !('type' in arg)) return arg;
    if (arg.type === 'array') {
      const value = withoutColours(arg.value, tags);
      tags.next++;
      return { type: 'array', value };
    }
    if (arg.type !== 'color') return arg;
    tags.colours.push(at);
    const { red, green, blue, alpha } = arg.value;
    return { type: 'midi', value: [red, green, blue, alpha] };
  });
}

function later(left: Micros | undefined, right: Micros | undefined): Micros | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left > right ? left : right;
}
