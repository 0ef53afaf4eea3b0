import type { Socket } from 'node:net';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import { arrivalSlab } from '../frame-slab.ts';
import { PartialFrame } from '../partial-frame.ts';

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

/** Reads what CLASP clients send, one message in one masked binary frame, and heartbeats between them. Everything else that
 *  RFC 6455 knows, right or wrong, is not for this reader: it lets go at the first such frame. */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  readonly #partial = new PartialFrame();
  #hasLetGo = false;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** @param chunk its own from now on */
  read(chunk: Buffer): void {
    if (this.#hasLetGo) return;
    const bytes = this.#partial.add(chunk);
    if (bytes) this.#readWhole(bytes);
  }

  #readWhole(bytes: Buffer): void {
    const { frameBytesMax, onFrame, onHeartbeat } = this.#options;
    const { buffer, byteOffset, length: end } = bytes;
    const view = new DataView(buffer, byteOffset, end);
    let at = 0;
    while (at < end) {
      if (end - at < 2) return this.#partial.keep(bytes, at, 2);
      const kind = bytes[at] ?? 0;
      const shortSize = (bytes[at + 1] ?? 0) ^ masked;
      // An unmasked frame has a size beyond all others here.
      if (!isOurs(kind, shortSize)) return this.#letGo(bytes, at);
      const headerBytes = shortSize === wide ? wideHeaderBytes : shortHeaderBytes;
      if (end - at < headerBytes) return this.#partial.keep(bytes, at, headerBytes);
      const size = shortSize === wide ? ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0) : shortSize;
      if (size > frameBytesMax) return this.#letGo(bytes, at);
      const from = at + headerBytes;
      if (end - from < size) return this.#partial.keep(bytes, at, headerBytes + size);
      if (kind === binary) {
        onFrame(arrivalSlab.unmask(view, from, size));
      } else {
        onHeartbeat(bytes.subarray(at, from + size));
      }
      at = from + size;
    }
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
