import { CobsReader, encodeCobs } from './cobs.ts';
import { DelimiterReader } from './delimiter-reader.ts';
import { FixedReader } from './fixed-reader.ts';
import type { FrameEvents, FrameReader } from './frame-reader.ts';
import { GapReader } from './gap-reader.ts';
import { headSize, lengthHead, LengthReader, type LengthFraming } from './length-reader.ts';
import { encodeSlip, SlipDecoder } from './slip.ts';

/** How messages are told apart in a stream of bytes. */
export type Framing =
  /** Bytes that end each. Without any a line end does: CR, LF or both. */
  | { readonly by: 'delimiter'; readonly delimiter: Uint8Array }
  /** All have the same size. @param start bytes of it that all begin with */
  | { readonly by: 'fixed'; readonly sizeBytes: number; readonly start: Uint8Array }
  | LengthFraming
  /** Silence ends each. */
  | { readonly by: 'gap' }
  | { readonly by: 'cobs' }
  | { readonly by: 'slip' };

export interface ReaderLimits {
  /** of one message, without what is around it */
  readonly bytesMax: number;
  /** silence is told with `pause` */
  readonly hasPauses: boolean;
}

export function createFrameReader(framing: Framing, limits: ReaderLimits, events: FrameEvents): FrameReader {
  switch (framing.by) {
    case 'delimiter':
      return new DelimiterReader(framing.delimiter, limits.bytesMax, events);
    case 'fixed':
      return new FixedReader(framing, events);
    case 'length':
      return new LengthReader(framing, limits, events);
    case 'gap':
      return new GapReader(limits.bytesMax, events);
    case 'cobs':
      return new CobsReader(limits.bytesMax, events);
    case 'slip':
      return slipReader(limits.bytesMax, events);
    default:
      return framing satisfies never;
  }
}

/** What stands before a message of this many bytes, and belongs to it: nothing but a length does. */
export function headOf(framing: Framing, sizeBytes: number): Uint8Array {
  return framing.by === 'length' ? lengthHead(framing, sizeBytes) : new Uint8Array();
}

/** @param frame a message with its head
 *  @returns why it would not be read as one message, as a clause; undefined where it would */
export function frameFault(framing: Framing, frame: Uint8Array): string | undefined {
  switch (framing.by) {
    case 'delimiter':
      return holdsDelimiter(frame, framing.delimiter) ? 'it holds what ends a message' : undefined;
    case 'length':
      return frame.length - headSize(framing) > lengthMax(framing) ? 'it is longer than its length can say' : undefined;
    default:
      return undefined;
  }
}

/** @param frame a message with its head
 *  @returns the bytes for the stream */
export function encodeFrame(framing: Framing, frame: Uint8Array): Uint8Array {
  switch (framing.by) {
    case 'delimiter':
      return joined(frame, framing.delimiter);
    case 'cobs':
      return encodeCobs(frame);
    case 'slip':
      return encodeSlip(frame);
    case 'fixed':
    case 'length':
    case 'gap':
      return frame;
    default:
      return framing satisfies never;
  }
}

function slipReader(bytesMax: number, { onFrame, onFault }: FrameEvents): FrameReader {
  const decoder = new SlipDecoder(bytesMax, {
    onFrame: (frame) => void onFrame(frame, 0),
    onMalformed: () => onFault('malformed'),
    onTooLong: () => onFault('too-long'),
  });
  return { read: (chunk) => decoder.read(chunk), pause: () => undefined };
}

function holdsDelimiter(frame: Uint8Array, delimiter: Uint8Array): boolean {
  if (delimiter.length === 0) return false;
  for (let at = 0; at + delimiter.length <= frame.length; at++)
    if (delimiter.every((byte, i) => frame[at + i] === byte)) return true;
  return false;
}

function lengthMax({ lengthBytes, countsItself, leavesOutBytes }: LengthFraming): number {
  return 2 ** (8 * lengthBytes) - 1 - (countsItself ? lengthBytes : 0) + leavesOutBytes;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
