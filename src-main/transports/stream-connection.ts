import type { Duplex } from 'node:stream';
import { ProtocolError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { encodeFrame, payloadTypeOf } from '../core/protocol/frame.ts';
import { frameFor } from '../core/protocol/framing.ts';
import { messageType } from '../core/protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlacedFrame } from '../ports/placed-frame.ts';
import type { Connection } from '../ports/transport.ts';
import { EventedConnection } from './evented-connection.ts';
import type { FrameSplitter } from './frame-splitter.ts';
import type { KeptAlive } from '../platform/keep-alive.ts';
import type { StreamLimits } from './stream-limits.ts';

export interface StreamConnectionOptions {
  /** TCP, TLS, a QUIC stream, a serial port: open, and read by nobody else */
  readonly stream: Duplex;
  readonly peer: string;
  readonly framing: 'length32' | 'none';
  /** what finds frames in the stream */
  readonly split: (onFrame: (frame: PlacedFrame) => void) => FrameSplitter;
  readonly limits: StreamLimits;
  readonly clock: Clock;
  /** the peer sent what no frame begins with; it is told, and closed */
  readonly onFault?: (fault: ProtocolError) => void;
}

/** @see CLASP-WIRE §11 */
const invalidFrame = 100;

/** One stream of bytes as a connection. The wire has no word for a close and its reason: a peer only sees the end. */
export class StreamConnection extends EventedConnection implements Connection, KeptAlive {
  readonly peer: string;
  readonly reliable = true;
  readonly framesStay = true;
  readonly maxBytes: number;
  readonly framing: 'length32' | 'none';
  readonly #options: StreamConnectionOptions;
  readonly #stream: Duplex;
  readonly #splitter: FrameSplitter;
  /** Old clients may not know PING: only who answered one is expected to answer the next. */
  #answersPings = false;
  #closeReason: string | undefined;

  constructor(options: StreamConnectionOptions) {
    super();
    const { stream, peer, framing, split, limits } = options;
    this.peer = peer;
    this.framing = framing;
    this.maxBytes = limits.frameBytesMax;
    this.#options = options;
    this.#stream = stream;
    this.#splitter = split((frame) => this.#take(frame));
    // Bytes wait in the system until somebody listens.
    stream.pause();
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('drain', () => this.drained());
    stream.on('error', (error) => (this.#closeReason ??= error.message));
    stream.on('end', () => (this.#closeReason ??= 'closed by the peer'));
    stream.on('close', () => this.#finish());
  }

  send(chunk: Uint8Array): boolean {
    const stream = this.#stream;
    if (!this.isOpen || !stream.writable || this.#isTooLarge(chunk)) return false;
    if (stream.writableNeedDrain && stream.writableLength + chunk.length > this.#options.limits.queueBytesMax)
      return this.refuseForNow();
    stream.write(chunk);
    return true;
  }

  override onFrame(run: (frame: PlacedFrame) => void): Cancel {
    const cancel = super.onFrame(run);
    this.#stream.resume();
    return () => {
      cancel();
      if (this.isOpen && !this.events.hasFrameListener) this.#stream.pause();
    };
  }

  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.isOpen) return;
    const stream = this.#stream;
    const { clock, limits } = this.#options;
    this.isOpen = false;
    this.#closeReason ??= reason;
    // Over TLS even a peer that reads has not taken the last word yet.
    const withinMs = stream.writableLength > 0 ? limits.farewellTimeoutMs : limits.closeTimeoutMs;
    if (last && stream.writable) stream.write(last);
    // A paused stream would never see the peer's end.
    stream.resume();
    stream.end();
    this.events.onClose(clock.after(withinMs, () => stream.destroy()));
  }

  /** Drops the connection without waiting for anything. */
  terminate(reason: string): void {
    this.isOpen = false;
    this.#closeReason ??= reason;
    this.#stream.destroy();
  }

  /** Leaves further bytes in the system, where they slow the peer down. */
  pauseReading(): void {
    if (this.isOpen) this.#stream.pause();
  }

  resumeReading(): void {
    this.#stream.resume();
  }

  override wasHeardSince(): boolean {
    return super.wasHeardSince() || !this.#answersPings;
  }

  ping(): void {
    this.send(frameFor(this.framing, encodeFrame({ type: messageType.ping })));
  }

  #read(chunk: Buffer): void {
    if (!this.isOpen) return;
    this.heard();
    try {
      this.#splitter.read(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#options.onFault?.(error);
      const last = encodeFrame({ type: messageType.error, code: invalidFrame, message: error.message });
      this.close(error.message, frameFor(this.framing, last));
    }
  }

  #take(frame: PlacedFrame): void {
    if (!this.isOpen) return;
    if (!this.#answersPings && payloadTypeOf(frame) === messageType.pong) this.#answersPings = true;
    this.events.frame(frame);
  }

  /** A batch of several is larger than any frame; of those the sender knows the sizes. */
  #isTooLarge(chunk: Uint8Array): boolean {
    if (chunk.length <= this.maxBytes) return false;
    if (this.framing === 'none') return true;
    const first = ((chunk[0] ?? 0) << 24) | ((chunk[1] ?? 0) << 16) | ((chunk[2] ?? 0) << 8) | (chunk[3] ?? 0);
    return first > this.maxBytes;
  }

  #finish(): void {
    this.isOpen = false;
    this.events.close(this.#closeReason ?? 'closed');
  }
}
