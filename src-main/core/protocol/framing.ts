import type { Connection } from '../../ports/transport.ts';

const slabBytes = 4 * 65_536;
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
    case 'length32':
      return behind(lengthHeader(frame.length), frame);
    case 'websocket':
      return behind(websocketHeader(frame.length), frame);
    default:
      return framing satisfies never;
  }
}

function behind(header: readonly number[], frame: Uint8Array): Uint8Array {
  const whole = carve(header.length + frame.length);
  whole.set(header);
  whole.set(frame, header.length);
  return whole;
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

function lengthHeader(size: number): readonly number[] {
  return [size >>> 24, size >>> 16, size >>> 8, size];
}

function websocketHeader(size: number): readonly number[] {
  // FIN and opcode 2, then a 7-bit length or its 16- or 64-bit form.
  if (size < 126) return [0x82, size];
  if (size <= 0xffff) return [0x82, 126, size >>> 8, size];
  return [0x82, 127, 0, 0, 0, 0, ...lengthHeader(size)];
}
