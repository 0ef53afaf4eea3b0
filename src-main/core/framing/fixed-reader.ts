import type { FrameEvents } from './frame-reader.ts';
import { SizedReader } from './sized-reader.ts';

interface FixedFraming {
  /** of a whole message, its beginning included */
  readonly sizeBytes: number;
  /** what all begin with; may be empty */
  readonly start: Uint8Array;
}

/** Messages that all have the same size. */
export class FixedReader extends SizedReader {
  constructor({ sizeBytes, start }: FixedFraming, events: FrameEvents) {
    super({ start, begun: () => ({ sizeBytes, headBytes: 0 }), hasPauses: false }, events);
  }
}
