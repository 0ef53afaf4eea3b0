import type { Connection } from '../../ports/transport.ts';
import type { EncodedFrame } from './frame.ts';

const slabBytes = 4 * 65_536;
/** For a few bytes a loop is cheaper than the call that copies many. */
const handCopiedMax = 48;
const lengthHeaderBytes = 4;
let slab = new Uint8Array(slabBytes);
let slabUsed = 0;

/** Puts one frame into what a connection of this framing writes.
 *  websocket: one unmasked binary message, as a server sends it [RFC 6455 5.2]. length32: u32 length, big-endian, then the
 *  frame. none: the frame as it is.
 *  @returns immutable bytes; they share a slab with others, so copy what is to be kept, and never transfer `buffer` */
export function frameFor(framing: Connection['framing'], frame: Uint8Array): Uint8Array {
  switch (framing) {
    case 'none':
      return frame;
    case 'length32': {
      const whole = carve(lengthHeaderBytes + frame.length);
      putLength(whole, 0, frame.length);
      whole.set(frame, lengthHeaderBytes);
      return whole;
    }
    case 'websocket': {
      const headerBytes = websocketHeaderBytes(frame.length);
      const whole = carve(headerBytes + frame.length);
      putWebsocketHeader(whole, 0, frame.length);
      whole.set(frame, headerBytes);
      return whole;
    }
    default:
      return framing satisfies never;
  }
}

/** The same for several, one after the other, for one write.
 *  @returns immutable bytes of their own */
export function frameAllFor(framing: Connection['framing'], frames: readonly EncodedFrame[]): Uint8Array {
  let sizeBytes = 0;
  for (const { start, end } of frames) sizeBytes += headerBytesOf(framing, end - start) + end - start;
  const joined = new Uint8Array(sizeBytes);
  let at = 0;
  for (const { slab, start, end } of frames) {
    const size = end - start;
    if (framing === 'websocket') putWebsocketHeader(joined, at, size);
    else if (framing === 'length32') putLength(joined, at, size);
    at += headerBytesOf(framing, size);
    if (size > handCopiedMax) joined.set(slab.subarray(start, end), at);
    else for (let i = 0; i < size; i++) joined[at + i] = slab[start + i] ?? 0;
    at += size;
  }
  return joined;
}

function headerBytesOf(framing: Connection['framing'], size: number): number {
  if (framing === 'none') return 0;
  return framing === 'websocket' ? websocketHeaderBytes(size) : lengthHeaderBytes;
}

/** Never the same bytes twice: a socket may still be sending what was given out before. */
function carve(size: number): Uint8Array {
  if (size > slabBytes) return new Uint8Array(size);
  if (slabUsed + size > slabBytes) {
    slab = new Uint8Array(slabBytes);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += size;
  return slab.subarray(start, slabUsed);
}

function putLength(into: Uint8Array, at: number, size: number): void {
  into[at] = size >>> 24;
  into[at + 1] = size >>> 16;
  into[at + 2] = size >>> 8;
  into[at + 3] = size;
}

function websocketHeaderBytes(size: number): number {
  return size < 126 ? 2 : size <= 0xffff ? 4 : 10;
}

/** FIN and opcode 2, then a 7-bit length or its 16- or 64-bit form. The bytes are zero before. */
function putWebsocketHeader(into: Uint8Array, at: number, size: number): void {
  into[at] = 0x82;
  if (size < 126) {
    into[at + 1] = size;
  } else if (size <= 0xffff) {
    into[at + 1] = 126;
    into[at + 2] = size >>> 8;
    into[at + 3] = size;
  } else {
    into[at + 1] = 127;
    putLength(into, at + 6, size);
  }
}
