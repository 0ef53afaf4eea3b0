import { toBuffer, type OscArgOrArrayInput } from 'osc-min';
import { ProtocolError } from '../../contract/errors.ts';
import type { Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { rawTextAt, readArguments } from './osc-arguments.ts';
import { bytesOfPath, textOfPath } from './osc-paths.ts';
import { writeText, type TextCoding } from './osc-text.ts';
import { timeOfTag, type TimeTag } from './osc-time.ts';
import { argumentsAs } from './osc-types.ts';
import { argumentsOfValue } from './osc-values.ts';

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
export function decodeOscPacket(bytes: Uint8Array, coding: TextCoding = 'utf-8'): DecodedPacket {
  const found: Found = { messages: [], malformed: 0 };
  readPacket(bytes, { depth: 0, at: undefined, coding }, found);
  return found;
}

export interface OscWriting {
  /** as a rule of the show wants them: see `argumentsAs` */
  readonly tags?: string | undefined;
  readonly coding?: TextCoding;
}

/** One message with the arguments that carry the value.
 *  @throws InputError 'bad-value' when OSC, or a rule, cannot carry it */
export function encodeOscMessage(path: string, value: Value, writing: OscWriting = {}): Uint8Array {
  const { tags, coding = 'utf-8' } = writing;
  const args = tags === undefined ? argumentsOfValue(value) : argumentsAs(tags, value);
  const head = bytesOfPath(path);
  const tail = bytesOfArguments(args, coding);
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
  readonly coding: TextCoding;
}

const bundleMark = new TextEncoder().encode('#bundle\0');

function readPacket(bytes: Uint8Array, place: Place, found: Found): void {
  if (bundleMark.every((byte, i) => bytes[i] === byte)) readBundle(bytes, place, found);
  else readMessage(bytes, place, found);
}

// The library would unpack bundles too, but leaves out what it cannot read without a word and nests without bound.
function readBundle(bytes: Uint8Array, { depth, at, coding }: Place, found: Found): void {
  if (bytes.length < bundleHeadBytes || depth >= bundleDepthMax) {
    found.malformed++;
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const own = timeOfTag([view.getUint32(8), view.getUint32(12)]);
  const place = { depth: depth + 1, at: later(at, own), coding };
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

function readMessage(bytes: Uint8Array, { at, coding }: Place, found: Found): void {
  try {
    const { raw, end } = rawTextAt(bytes, 0);
    if (raw[0] !== slash) throw new ProtocolError('bad-message', 'A path begins with a slash.');
    const { value, isBare } = readArguments(bytes.subarray(end), coding);
    const message = { address: textOfPath(raw), value, ...(isBare && { isBare }) };
    found.messages.push(at === undefined ? message : { ...message, at });
  } catch {
    found.malformed++;
  }
}

const slash = '/'.charCodeAt(0);
const noPathBytes = 4;

/** An argument that the library is given as MIDI, which it writes as the bytes it is given. */
interface Raw {
  /** where its tag stands */
  readonly at: number;
  readonly tag: 'r' | 's' | 'S';
}

/** The type tags and the arguments. The library gives a colour 16 bytes, and writes text in UTF-8 alone: those it gets as bytes. */
function bytesOfArguments(args: readonly OscArgOrArrayInput[], coding: TextCoding): Uint8Array {
  const raws: Raw[] = [];
  const plain = withoutRaws(args, { next: 1, raws, coding });
  const { buffer, byteOffset, byteLength } = toBuffer({ address: '/', args: plain });
  const bytes = new Uint8Array(buffer, byteOffset + noPathBytes, byteLength - noPathBytes);
  for (const { at, tag } of raws) bytes[at] = tag.charCodeAt(0);
  return bytes;
}

/** @param tags where the next tag stands, and which are raw */
function withoutRaws(
  args: readonly OscArgOrArrayInput[],
  tags: { next: number; readonly raws: Raw[]; readonly coding: TextCoding },
): OscArgOrArrayInput[] {
  return args.map((arg) => {
    const at = tags.next++;
    if (typeof arg !== 'object' || arg === null || !('type' in arg)) return arg;
    if (arg.type === 'array') {
      const value = withoutRaws(arg.value, tags);
      tags.next++;
      return { type: 'array', value };
    }
    const raw = (tag: Raw['tag'], octets: Iterable<number>): OscArgOrArrayInput => {
      tags.raws.push({ at, tag });
      return { type: 'midi', value: octets as [number, number, number, number] };
    };
    if (arg.type === 'color') {
      const { red, green, blue, alpha } = arg.value;
      return raw('r', [red, green, blue, alpha]);
    }
    if (tags.coding === 'utf-8' || (arg.type !== 'string' && arg.type !== 'symbol')) return arg;
    return raw(arg.type === 'string' ? 's' : 'S', writeText(arg.value, tags.coding));
  });
}

function later(left: Micros | undefined, right: Micros | undefined): Micros | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left > right ? left : right;
}
