import type { PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import { putLength, putWebsocketHeader, websocketHeaderBytes } from './websocket-header.ts';

const slabBytes = 4 * 65_536;
/** For a few bytes a loop is cheaper than the call that copies many. */
const handCopiedMax = 48;
/** A view holds its whole slab as long as a slow peer has not taken it: only worth it for a fair part of that. */
const viewBytesMin = 4096;
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

/** The same for several, one after the other, for one write. Those that lie side by side, header and all, are taken as one;
 *  when that is all of them, and much, nothing is copied.
 *  @returns immutable bytes; they may share a slab with others */
export function frameAllFor(framing: Connection['framing'], frames: readonly PlacedFrame[]): Uint8Array {
  const [first] = frames;
  if (first && framing === 'websocket' && endOfRun(frames, 0) === frames.length) {
    const whole = first.slab.subarray(first.from, frames.at(-1)?.end);
    if (whole.length >= viewBytesMin) return whole;
  }
  let sizeBytes = 0;
  for (const { start, end } of frames) sizeBytes += headerBytesOf(framing, end - start) + end - start;
  const joined = new Uint8Array(sizeBytes);
  if (framing === 'websocket') joinRuns(joined, frames);
  else joinSingly(joined, framing, frames);
  return joined;
}

/** @returns the place behind the last of those that lie side by side with the frame at `first`; that one's own place where it
 *  has no header before it */
function endOfRun(frames: readonly PlacedFrame[], first: number): number {
  const one = frames[first];
  if (!one || one.from === one.start) return first;
  let end = one.end;
  let next = first + 1;
  for (; next < frames.length; next++) {
    const frame = frames[next];
    if (!frame || frame.from !== end || frame.from === frame.start || frame.slab !== one.slab) break;
    end = frame.end;
  }
  return next;
}

function joinRuns(joined: Uint8Array, frames: readonly PlacedFrame[]): void {
  let at = 0;
  for (let i = 0; i < frames.length;) {
    const frame = frames[i];
    if (!frame) break;
    const next = endOfRun(frames, i);
    if (next === i) {
      putWebsocketHeader(joined, at, frame.end - frame.start);
      at += websocketHeaderBytes(frame.end - frame.start);
      at = copy(joined, at, { slab: frame.slab, start: frame.start, end: frame.end });
      i++;
    } else {
      at = copy(joined, at, { slab: frame.slab, start: frame.from, end: frames[next - 1]?.end ?? frame.end });
      i = next;
    }
  }
}

function joinSingly(joined: Uint8Array, framing: 'length32' | 'none', frames: readonly PlacedFrame[]): void {
  let at = 0;
  for (const frame of frames) {
    if (framing === 'length32') putLength(joined, at, frame.end - frame.start);
    at = copy(joined, at + headerBytesOf(framing, frame.end - frame.start), frame);
  }
}

/** @returns where it ends */
function copy(into: Uint8Array, at: number, { slab, start, end }: Omit<PlacedFrame, 'from'>): number {
  const size = end - start;
  if (size > handCopiedMax) into.set(slab.subarray(start, end), at);
  else for (let i = 0; i < size; i++) into[at + i] = slab[start + i] ?? 0;
  return at + size;
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
