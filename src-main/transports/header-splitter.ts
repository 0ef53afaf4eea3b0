import { ProtocolError } from '../contract/errors.ts';
import { frameMagic, isTimed } from '../core/protocol/frame.ts';
import { frameHeaderBytes, frameTimestampBytes } from '../core/protocol/limits.ts';
import type { PlacedFrame } from '../ports/placed-frame.ts';
import { arrivalSlab } from './frame-slab.ts';
import type { FrameSplitter } from './frame-splitter.ts';
import { PartialFrame } from './partial-frame.ts';

/** Frames one behind the other, each told by its own header. What does not begin with the magic byte is a fault: on a stream
 *  that loses nothing it cannot be known where a frame begins again.
 *  @see CLASP-WIRE §1 */
export class HeaderSplitter implements FrameSplitter {
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
      if (bytes[at] !== frameMagic) throw badMagic(bytes[at]);
      if (end - at < frameHeaderBytes) return this.#partial.keep(bytes, at, frameHeaderBytes);
      const timestampBytes = isTimed(bytes, at) ? frameTimestampBytes : 0;
      const size = frameHeaderBytes + timestampBytes + bytes.readUInt16BE(at + 2);
      if (end - at < size) return this.#partial.keep(bytes, at, size);
      this.#onFrame(arrivalSlab.copy(bytes, at, size));
      at += size;
    }
  }
}

function badMagic(byte = 0): ProtocolError {
  const message = `A frame begins with 0x53, got 0x${byte.toString(16).padStart(2, '0')}.`;
  return new ProtocolError('bad-frame', message, { byte });
}
