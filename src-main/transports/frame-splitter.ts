import { ProtocolError } from '../contract/errors.ts';
import { frameBytesMax, frameHeaderBytes } from '../core/protocol/limits.ts';
import type { PlacedFrame } from '../ports/placed-frame.ts';
import { arrivalSlab } from './frame-slab.ts';
import { PartialFrame } from './partial-frame.ts';

/** Takes the bytes of a stream apart into frames. */
export interface FrameSplitter {
  /** @param chunk its own from now on
   *  @throws ProtocolError 'bad-length' | 'bad-frame' where no frame can follow; nothing more can be read then */
  read(chunk: Buffer): void;
}

const lengthBytes = 4;

/** Frames behind their lengths, u32 big-endian. A length of more than a frame has, or less than its header, is a fault: it
 *  cannot be known where the next one begins.
 *  @see CLASP-WIRE §12 */
export class LengthSplitter implements FrameSplitter {
  readonly #onFrame: (frame: PlacedFrame) => void;
  readonly #partial = new PartialFrame();

  /** @param onFrame one whole frame; nobody writes to its bytes again */
  constructor(onFrame: (frame: PlacedFrame) => void) {
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    const bytes = this.#partial.add(chunk);
    if (!bytes) return;
    const end = bytes.length;
    for (let at = 0; at < end;) {
      if (end - at < lengthBytes) return this.#partial.keep(bytes, at, lengthBytes);
      const size = bytes.readUInt32BE(at);
      if (size < frameHeaderBytes || size > frameBytesMax) throw badLength(size);
      const start = at + lengthBytes;
      if (end - start < size) return this.#partial.keep(bytes, at, lengthBytes + size);
      this.#onFrame(arrivalSlab.copy(bytes, start, size));
      at = start + size;
    }
  }
}

function badLength(size: number): ProtocolError {
  const message = `A frame has ${frameHeaderBytes} to ${frameBytesMax} bytes, this one claims ${size}.`;
  return new ProtocolError('bad-length', message, { bytes: size, bytesMax: frameBytesMax });
}
