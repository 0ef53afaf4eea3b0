/** What was in a stream and is no message. too-long: past the bound. malformed: its escapes or codes cannot be read. skipped: bytes
 *  before the beginning of a message. cut-short: silence came before its end. bad-length: its length cannot be. */
export type FrameFault = 'too-long' | 'malformed' | 'skipped' | 'cut-short' | 'bad-length';

export interface FrameEvents {
  /** @param frame valid only during the call; never empty
   *  @param headBytes how many of them say where it ends, and are not the message itself
   *  @returns false when it was none after all: where messages have a beginning it is looked for from the second byte on */
  readonly onFrame: (frame: Uint8Array, headBytes: number) => boolean;
  /** Told once for all that lies together. */
  readonly onFault: (why: FrameFault) => void;
}

/** Finds messages in a stream, however it is cut. Whatever comes, it never throws, and what it holds is bounded. */
export interface FrameReader {
  read(chunk: Uint8Array): void;
  /** Nothing came for as long as ends a message. */
  pause(): void;
}
