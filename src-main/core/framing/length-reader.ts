import type { FrameEvents } from './frame-reader.ts';
import { SizedReader, type Begun } from './sized-reader.ts';

/** Messages with their length before each. */
export interface LengthFraming {
  readonly by: 'length';
  /** stands before the length; may be empty */
  readonly start: Uint8Array;
  readonly lengthBytes: 1 | 2 | 4;
  readonly order: 'big' | 'little';
  /** the bytes of the length are counted in it */
  readonly countsItself: boolean;
  /** bytes at the end of a message that it does not count */
  readonly leavesOutBytes: number;
}

interface LengthLimits {
  readonly bytesMax: number;
  readonly hasPauses: boolean;
}

export class LengthReader extends SizedReader {
  constructor(framing: LengthFraming, { bytesMax, hasPauses }: LengthLimits, events: FrameEvents) {
    super({ start: framing.start, begun: (bytes) => begunOf(framing, bytesMax, bytes), hasPauses }, events);
  }
}

/** What stands before a message. */
export function headSize({ start, lengthBytes }: LengthFraming): number {
  return start.length + lengthBytes;
}

/** @param sizeBytes of the message behind the head */
export function lengthHead(framing: LengthFraming, sizeBytes: number): Uint8Array {
  const { start, lengthBytes, order, countsItself, leavesOutBytes } = framing;
  const head = new Uint8Array(headSize(framing));
  head.set(start);
  let left = Math.max(0, sizeBytes + (countsItself ? lengthBytes : 0) - leavesOutBytes);
  for (let i = 0; i < lengthBytes; i++) {
    head[order === 'little' ? start.length + i : head.length - 1 - i] = left % 256;
    left = Math.floor(left / 256);
  }
  return head;
}

function begunOf(framing: LengthFraming, bytesMax: number, bytes: Uint8Array): Begun {
  const { start, lengthBytes, order, countsItself, leavesOutBytes } = framing;
  const headBytes = headSize(framing);
  if (bytes.length < headBytes) return 'more';
  let length = 0;
  for (let i = 0; i < lengthBytes; i++)
    length = length * 256 + (bytes[order === 'big' ? start.length + i : headBytes - 1 - i] ?? 0);
  const sizeBytes = length - (countsItself ? lengthBytes : 0) + leavesOutBytes;
  if (sizeBytes < leavesOutBytes) return { fault: 'bad-length' };
  if (sizeBytes > bytesMax) return { fault: 'too-long' };
  return { sizeBytes: headBytes + sizeBytes, headBytes };
}
