import type { Cancel } from '../../src-main/contract/message-link.ts';
import { decodeFrame } from '../../src-main/core/protocol/frame.ts';
import { frameBytesMax } from '../../src-main/core/protocol/limits.ts';
import type { Message } from '../../src-main/core/protocol/messages.ts';
import { placedFrame, type PlacedFrame } from '../../src-main/ports/placed-frame.ts';
import type { Connection } from '../../src-main/ports/transport.ts';

/** The router's end of a connection whose other end is the test: frames come by call, and what leaves is there to be read. */
export class HandFedEnd implements Connection {
  readonly peer = 'hand-fed';
  readonly reliable = true;
  readonly maxBytes = frameBytesMax;
  readonly framing = 'none';
  closedBecause: string | undefined;
  /** whether it has said HELLO */
  isGreeted = false;
  #sent: Message[] = [];
  #waiting: Uint8Array[] = [];
  #isPaused = false;
  #onFrame: (frame: PlacedFrame) => void = () => undefined;
  #onClose: (reason: string) => void = () => undefined;

  /** The bytes are gone after the call, as the port says. */
  feed(frame: Uint8Array): void {
    if (this.closedBecause !== undefined) return;
    if (this.#isPaused) return void this.#waiting.push(frame.slice());
    const view = frame.slice();
    this.#onFrame(placedFrame(view));
    view.fill(0xee);
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    this.#isPaused = false;
    for (const frame of this.#waiting.splice(0)) this.feed(frame);
  }

  /** Everything that has left since the last call. @throws ProtocolError for what is no frame */
  take(): Message[] {
    return this.#sent.splice(0);
  }

  send(chunk: Uint8Array): boolean {
    if (this.closedBecause !== undefined) return false;
    this.#sent.push(decodeFrame(chunk.slice()).message);
    return true;
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    this.#onFrame = run;
    return () => undefined;
  }

  onDrain(): Cancel {
    return () => undefined;
  }

  onClose(run: (reason: string) => void): Cancel {
    this.#onClose = run;
    return () => undefined;
  }

  close(reason = 'closed'): void {
    if (this.closedBecause !== undefined) return;
    this.closedBecause = reason;
    this.#onClose(reason);
  }
}
