import type { Cancel } from '../contract/message-link.ts';
import { placedFrame, type PlacedFrame } from '../ports/placed-frame.ts';
import { EventedConnection } from './evented-connection.ts';

/** A connection to which frames come one by one and nothing slows their sender down: what comes while nobody reads waits. */
export abstract class MessageConnection extends EventedConnection {
  readonly #waitingBytesMax: number;
  #isReading = true;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(waitingBytesMax: number) {
    super();
    this.#waitingBytesMax = waitingBytesMax;
  }

  override onFrame(run: (frame: PlacedFrame) => void): Cancel {
    const cancel = super.onFrame(run);
    // As from a socket: not while the listener is still being set up.
    void Promise.resolve().then(() => this.#giveWaiting());
    return cancel;
  }

  pauseReading(): void {
    this.#isReading = false;
  }

  resumeReading(): void {
    this.#isReading = true;
    this.#giveWaiting();
  }

  /** One frame came. @param bytes valid only during the call @returns false where it was left out, since too much waits */
  protected take(bytes: Uint8Array): boolean {
    if (this.#isReading && this.events.hasFrameListener && this.#waiting.length === 0) {
      this.events.frame(placedFrame(bytes));
      return true;
    }
    if (this.#waitingBytes + sizeOf(bytes) > this.#waitingBytesMax) return false;
    this.#waiting.push(bytes.slice());
    this.#waitingBytes += sizeOf(bytes);
    return true;
  }

  /** Nothing is sent or taken any more. */
  protected end(reason: string): void {
    this.isOpen = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.events.close(reason);
  }

  #giveWaiting(): void {
    while (this.isOpen && this.#isReading && this.events.hasFrameListener) {
      const bytes = this.#waiting.shift();
      if (!bytes) return;
      this.#waitingBytes -= sizeOf(bytes);
      this.events.frame(placedFrame(bytes));
    }
  }
}

/** What a frame takes while it waits: the short ones are mostly what holds them. */
function sizeOf(bytes: Uint8Array): number {
  return bytes.length + 256;
}
