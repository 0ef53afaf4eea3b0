import type { AppError } from '../../contract/errors.ts';
import { encodeFrame } from '../../core/protocol/frame.ts';
import { messageType } from '../../core/protocol/messages.ts';
import type { Connection } from '../../ports/transport.ts';
import type { KeptAlive } from '../../platform/keep-alive.ts';
import { MessageConnection } from '../message-connection.ts';
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
export class UdpConnection extends MessageConnection implements Connection, KeptAlive {
  readonly peer: string;
  readonly reliable = false;
  readonly framing = 'none';
  readonly maxBytes: number;
  readonly #options: UdpConnectionOptions;
  #sendingBytes = 0;
  /** it said something after its first datagram, so it gets what is sent to it */
  #isProven: boolean;
  /** that may still be sent before that */
  #grantBytes = 0;
  #wasGreeted = false;
  /** what was sent first */
  #welcome: Uint8Array | undefined;

  constructor(options: UdpConnectionOptions) {
    super(options.limits.waitingBytesMax);
    this.peer = options.peer;
    this.maxBytes = options.maxBytes;
    this.#options = options;
    this.#isProven = options.isProven;
  }

  /** whether it said more than one thing */
  get isProven(): boolean {
    return this.#isProven;
  }

  send(chunk: Uint8Array): boolean {
    const isTaken = this.#put(chunk);
    // A copy: it would hold what else was made in that turn.
    if (isTaken) this.#welcome ??= chunk.slice();
    return isTaken;
  }

  #put(chunk: Uint8Array): boolean {
    if (!this.isOpen || chunk.length > this.maxBytes) return false;
    const isFull = this.#sendingBytes > 0 && this.#sendingBytes + chunk.length > this.#options.limits.queueBytesMax;
    if (isFull || (!this.#isProven && chunk.length > this.#grantBytes)) return this.refuseForNow();
    this.#grantBytes -= chunk.length;
    this.#transmit(chunk);
    return true;
  }

  /** Says once more what was said first. */
  welcomeAgain(): void {
    if (this.#welcome) this.send(this.#welcome);
  }

  /** The peer is told, if the network lets it know. */
  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.isOpen) return;
    if (last) this.#transmit(last);
    this.#transmit(goodbye);
    this.end(reason);
  }

  terminate(reason: string): void {
    this.end(reason);
  }

  ping(): void {
    this.#put(encodeFrame({ type: messageType.ping }));
  }

  /** One datagram came. @param bytes valid only during the call @returns whether it was not left out */
  receive(bytes: Uint8Array): boolean {
    if (!this.isOpen) return false;
    if (bytes.length === goodbye.length) {
      this.end('closed by the peer');
      return true;
    }
    this.heard();
    this.#grant(bytes.length);
    return this.take(bytes);
  }

  #grant(bytes: number): void {
    if (this.#isProven) return;
    this.#isProven = this.#wasGreeted;
    this.#grantBytes = this.#options.limits.unprovenBytesMax + 3 * bytes;
    this.#wasGreeted = true;
    if (this.#isProven) this.drained();
  }

  #transmit(bytes: Uint8Array): void {
    this.#sendingBytes += bytes.length;
    // What failed is as what was lost: the peer is pinged, and gone when it stays silent.
    this.#options.transmit(bytes, () => {
      this.#sendingBytes -= bytes.length;
      if (this.#sendingBytes === 0) this.drained();
    });
  }
}
