import type { AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { encodeFrame } from '../../core/protocol/frame.ts';
import { messageType } from '../../core/protocol/messages.ts';
import { placedFrame, type PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import { ConnectionEvents } from '../connection-events.ts';
import type { KeptAlive } from '../keep-alive.ts';
import type { UdpLimits } from './udp-limits.ts';

export interface UdpConnectionOptions {
  readonly peer: string;
  /** of one frame to it */
  readonly maxBytes: number;
  readonly limits: UdpLimits;
  /** whether the peer has shown that the address is its own */
  readonly isProven: boolean;
  /** Hands one datagram to the system, which may lose it. */
  readonly transmit: (bytes: Uint8Array, settled: (failure?: AppError) => void) => void;
}

/** Says that there is no such session, or no more. No frame is empty, so old peers leave it out. */
export const goodbye = new Uint8Array(0);

/** One peer of a UDP socket: each datagram is a frame. What is lost on the way is lost; the client's side sends again what was
 *  to be acknowledged. */
export class UdpConnection implements Connection, KeptAlive {
  readonly peer: string;
  readonly reliable = false;
  readonly framing = 'none';
  readonly maxBytes: number;
  readonly #options: UdpConnectionOptions;
  readonly #events = new ConnectionEvents();
  #isOpen = true;
  #isReading = true;
  #wasHeard = true;
  #mustDrain = false;
  #sendingBytes = 0;
  /** it said something after its first datagram, so it gets what is sent to it */
  #isProven: boolean;
  /** that may still be sent before that */
  #grantBytes = 0;
  #wasGreeted = false;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(options: UdpConnectionOptions) {
    this.peer = options.peer;
    this.maxBytes = options.maxBytes;
    this.#options = options;
    this.#isProven = options.isProven;
  }

  send(chunk: Uint8Array): boolean {
    if (!this.#isOpen || chunk.length > this.maxBytes) return false;
    const isFull = this.#sendingBytes > 0 && this.#sendingBytes + chunk.length > this.#options.limits.queueBytesMax;
    if (isFull || (!this.#isProven && chunk.length > this.#grantBytes)) {
      this.#mustDrain = true;
      return false;
    }
    this.#grantBytes -= chunk.length;
    this.#transmit(chunk);
    return true;
  }

  onFrame(run: (frame: PlacedFrame) => void): Cancel {
    const cancel = this.#events.onFrame(run);
    // As from a socket: not while the listener is still being set up.
    void Promise.resolve().then(() => this.#giveWaiting());
    return cancel;
  }

  onDrain(run: () => void): Cancel {
    return this.#events.onDrain(run);
  }

  onClose(run: (reason: string) => void): Cancel {
    return this.#events.onClose(run);
  }

  /** The peer is told, if the network lets it know. */
  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.#isOpen) return;
    if (last) this.#transmit(last);
    this.#transmit(goodbye);
    this.#end(reason);
  }

  terminate(reason: string): void {
    this.#end(reason);
  }

  /** Nothing slows a sender down here: what comes meanwhile waits, and what is too much of it is lost. */
  pauseReading(): void {
    this.#isReading = false;
  }

  resumeReading(): void {
    this.#isReading = true;
    this.#giveWaiting();
  }

  wasHeardSince(): boolean {
    const wasHeard = this.#wasHeard;
    this.#wasHeard = false;
    return wasHeard;
  }

  ping(): void {
    this.send(encodeFrame({ type: messageType.ping }));
  }

  /** One datagram came. @param bytes valid only during the call @returns whether it was not left out */
  receive(bytes: Uint8Array): boolean {
    if (!this.#isOpen) return false;
    if (bytes.length === goodbye.length) {
      this.#end('closed by the peer');
      return true;
    }
    this.#wasHeard = true;
    this.#grant(bytes.length);
    if (this.#isReading && this.#events.hasFrameListener && this.#waiting.length === 0) {
      this.#events.frame(placedFrame(bytes));
      return true;
    }
    if (this.#waitingBytes + sizeOf(bytes) > this.#options.limits.waitingBytesMax) return false;
    this.#waiting.push(bytes.slice());
    this.#waitingBytes += sizeOf(bytes);
    return true;
  }

  #grant(bytes: number): void {
    if (this.#isProven) return;
    this.#isProven = this.#wasGreeted;
    this.#grantBytes = this.#options.limits.unprovenBytesMax + 3 * bytes;
    this.#wasGreeted = true;
    if (this.#isProven) this.#drained();
  }

  #giveWaiting(): void {
    while (this.#isOpen && this.#isReading && this.#events.hasFrameListener) {
      const bytes = this.#waiting.shift();
      if (!bytes) return;
      this.#waitingBytes -= sizeOf(bytes);
      this.#events.frame(placedFrame(bytes));
    }
  }

  #transmit(bytes: Uint8Array): void {
    this.#sendingBytes += bytes.length;
    // What failed is as what was lost: the peer is pinged, and gone when it stays silent.
    this.#options.transmit(bytes, () => {
      this.#sendingBytes -= bytes.length;
      if (this.#sendingBytes === 0) this.#drained();
    });
  }

  #drained(): void {
    if (!this.#mustDrain || !this.#isOpen) return;
    this.#mustDrain = false;
    this.#events.drain();
  }

  #end(reason: string): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#events.close(reason);
  }
}

/** What a datagram takes while it waits: the short ones are mostly what holds them. */
function sizeOf(bytes: Uint8Array): number {
  return bytes.length + 256;
}
