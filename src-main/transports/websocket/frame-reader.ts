import type { Socket } from 'node:net';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import { FrameSlab } from './frame-slab.ts';

export interface FrameReaderOptions {
  /** of one message */
  readonly frameBytesMax: number;
  /** one whole binary message, unmasked; nobody writes to its bytes again */
  readonly onFrame: (frame: PlacedFrame) => void;
  /** one whole ping or pong as it came */
  readonly onHeartbeat: (bytes: Buffer) => void;
  /** all from here on is for somebody else; nothing more is read */
  readonly onOther: (bytes: Buffer) => void;
}

const binary = 0x82;
const ping = 0x89;
const pong = 0x8a;
const masked = 0x80;
/** of a length that follows in two bytes, and in eight */
const [wide, widest] = [126, 127];
const shortHeaderBytes = 6;
const wideHeaderBytes = 8;
/** of one frame, before they are joined: each takes some hundred bytes beside its own */
const partsMax = 64;
/** of all readers: what came from several peers leaves together too */
const slab = new FrameSlab();

/** Reads what CLASP clients send, one message in one masked binary frame, and heartbeats between them. Everything else that
 *  RFC 6455 knows, right or wrong, is not for this reader: it lets go at the first such frame. */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  /** the beginning of a frame whose end has not come */
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  /** with fewer there is nothing to be told */
  #wantedBytes = 0;
  #hasLetGo = false;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** @param chunk its own from now on */
  read(chunk: Buffer): void {
    if (this.#hasLetGo) return;
    if (this.#partsBytes === 0) return this.#readWhole(chunk);
    this.#parts.push(chunk);
    this.#partsBytes += chunk.length;
    const isWhole = this.#partsBytes >= this.#wantedBytes;
    if (!isWhole && this.#parts.length < partsMax) return;
    const joined = Buffer.concat(this.#parts);
    this.#parts = isWhole ? [] : [joined];
    if (!isWhole) return;
    this.#partsBytes = 0;
    this.#readWhole(joined);
  }

  #readWhole(bytes: Buffer): void {
    const { frameBytesMax, onFrame, onHeartbeat } = this.#options;
    const { buffer, byteOffset, length: end } = bytes;
    const view = new DataView(buffer, byteOffset, end);
    let at = 0;
    while (at < end) {
      if (end - at < 2) return this.#keep(bytes, at, 2);
      const kind = bytes[at] ?? 0;
      const shortSize = (bytes[at + 1] ?? 0) ^ masked;
      // An unmasked frame has a size beyond all others here.
      if (!isOurs(kind, shortSize)) return this.#letGo(bytes, at);
      const headerBytes = shortSize === wide ? wideHeaderBytes : shortHeaderBytes;
      if (end - at < headerBytes) return this.#keep(bytes, at, headerBytes);
      const size = shortSize === wide ? ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0) : shortSize;
      if (size > frameBytesMax) return this.#letGo(bytes, at);
      const from = at + headerBytes;
      if (end - from < size) return this.#keep(bytes, at, headerBytes + size);
      if (kind === binary) {
        onFrame(slab.unmask(view, from, size));
      } else {
        onHeartbeat(bytes.subarray(at, from + size));
      }
      at = from + size;
    }
  }

  #keep(bytes: Buffer, at: number, wantedBytes: number): void {
    const rest = bytes.subarray(at);
    // A view would hold the whole chunk for as long as its peer likes to wait.
    this.#parts = [rest.length * 2 < bytes.length ? new Uint8Array(rest) : rest];
    this.#partsBytes = bytes.length - at;
    this.#wantedBytes = wantedBytes;
  }

  #letGo(bytes: Buffer, at: number): void {
    this.#hasLetGo = true;
    this.#options.onOther(bytes.subarray(at));
  }
}

/** Puts a reader between a socket and the library that reads it. The library gets heartbeats, and the socket back with the
 *  first frame that is not the reader's: fragments, text, a close, an error.
 *  @returns false, with nothing changed, when more than the library listens */
export function readFramesFirst(
  socket: Socket,
  { frameBytesMax, onFrame }: Pick<FrameReaderOptions, 'frameBytesMax' | 'onFrame'>,
): boolean {
  const [library, ...others] = socket.listeners('data') as ((this: Socket, bytes: Buffer) => void)[];
  if (!library || others.length > 0) return false;
  const reader = new FrameReader({
    frameBytesMax,
    onFrame,
    onHeartbeat: (bytes) => library.call(socket, bytes),
    onOther: (bytes) => {
      socket.on('data', library);
      socket.off('data', read);
      library.call(socket, bytes);
    },
  });
  const read = (chunk: Buffer): void => reader.read(chunk);
  socket.on('data', read);
  socket.off('data', library);
  return true;
}

function isOurs(kind: number, shortSize: number): boolean {
  if (kind === binary) return shortSize < widest;
  return (kind === ping || kind === pong) && shortSize < wide;
}
