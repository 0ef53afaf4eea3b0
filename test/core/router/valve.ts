import type { Cancel } from '../../../src-main/contract/message-link.ts';
import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import type { Message } from '../../../src-main/core/protocol/messages.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';

/** A connection that is full when the test says so. */
export class Valve implements Connection {
  readonly peer = 'valve';
  readonly reliable = true;
  readonly maxBytes: number;
  readonly framing: Connection['framing'];
  readonly chunks: Uint8Array[] = [];
  isFull = false;
  #drain: () => void = () => undefined;

  constructor(framing: Connection['framing'] = 'length32', maxBytes = 70_000) {
    this.framing = framing;
    this.maxBytes = maxBytes;
  }

  send(chunk: Uint8Array): boolean {
    if (!this.isFull) this.chunks.push(chunk);
    return !this.isFull;
  }

  onDrain(run: () => void): Cancel {
    this.#drain = run;
    return () => undefined;
  }

  isPaused = false;
  pauseReading = (): void => void (this.isPaused = true);
  resumeReading = (): void => void (this.isPaused = false);
  onFrame = (): Cancel => () => undefined;
  onClose = (): Cancel => () => undefined;
  close = (): void => undefined;

  drain(): void {
    this.isFull = false;
    this.#drain();
  }

  /** What arrived, frame by frame. */
  messages(): Message[] {
    return this.chunks.flatMap((chunk) => {
      if (this.framing === 'none') return [decodeFrame(chunk).message];
      const messages: Message[] = [];
      for (let at = 0; at < chunk.length;) {
        const size = new DataView(chunk.buffer, chunk.byteOffset + at).getUint32(0);
        messages.push(decodeFrame(chunk.subarray(at + 4, at + 4 + size)).message);
        at += 4 + size;
      }
      return messages;
    });
  }
}
