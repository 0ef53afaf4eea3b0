import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import { placedFrame, type PlacedFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import { EventedConnection } from '../evented-connection.ts';
import { readFramesFirst } from './frame-reader.ts';
import type { KeptAlive } from '../../platform/keep-alive.ts';
import type { WebSocketLimits } from './websocket-limits.ts';

export interface WebSocketConnectionOptions {
  readonly webSocket: WebSocket;
  readonly peer: string;
  readonly limits: WebSocketLimits;
  readonly clock: Clock;
  /** a text message came, which CLASP does not know; it is left out */
  readonly onText: () => void;
  /** server side: the socket of the upgrade, on which frames for clients are written as they are */
  readonly socket?: Socket;
}

/** One WebSocket as a connection. The library does handshake, control frames, fragments and closing; on the server side
 *  plain frames go past it, both ways: those to send come framed already, shared between peers. */
export class WebSocketConnection extends EventedConnection implements Connection, KeptAlive {
  readonly peer: string;
  readonly reliable = true;
  readonly framesStay = true;
  readonly maxBytes: number;
  readonly framing: 'websocket' | 'none';
  readonly #webSocket: WebSocket;
  readonly #socket: Socket | undefined;
  readonly #limits: WebSocketLimits;
  readonly #clock: Clock;
  /** client side: handed to the library, not yet taken by the system */
  #sendingBytes = 0;
  #closeReason: string | undefined;

  constructor({ webSocket, peer, limits, clock, onText, socket }: WebSocketConnectionOptions) {
    super();
    this.peer = peer;
    this.maxBytes = limits.frameBytesMax;
    this.framing = socket ? 'websocket' : 'none';
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#limits = limits;
    this.#clock = clock;
    // Frames wait in the system until somebody listens.
    webSocket.pause();
    webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary, onText));
    webSocket.on('pong', () => this.heard());
    webSocket.on('ping', () => this.heard());
    webSocket.on('error', (error) => (this.#closeReason ??= error.message));
    webSocket.on('close', (code, reason) => this.#finish(code, reason.toString()));
    socket?.on('drain', () => this.drained());
    if (socket) {
      const onFrame = (frame: PlacedFrame): void => this.#take(frame);
      readFramesFirst(socket, { frameBytesMax: limits.frameBytesMax, onFrame });
    }
  }

  send(chunk: Uint8Array): boolean {
    if (!this.isOpen || this.#webSocket.readyState !== this.#webSocket.OPEN) return false;
    return this.#socket ? this.#write(this.#socket, chunk) : this.#hand(chunk);
  }

  override onFrame(run: (frame: PlacedFrame) => void): Cancel {
    const cancel = super.onFrame(run);
    this.#webSocket.resume();
    return cancel;
  }

  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#closeReason ??= reason;
    if (last) this.#sendLast(last);
    // A paused socket would never see the peer's answer.
    this.#webSocket.resume();
    this.#webSocket.close(last ? tryAgainLater : normal, shorten(reason));
    this.#dropUnlessBehind();
  }

  /** Drops the connection without waiting for anything. */
  terminate(reason: string): void {
    this.isOpen = false;
    this.#closeReason ??= reason;
    this.#webSocket.terminate();
  }

  /** Leaves further frames in the system, where they slow the peer down; those under way still come. */
  pauseReading(): void {
    this.#webSocket.pause();
  }

  resumeReading(): void {
    this.#webSocket.resume();
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  #receive(data: RawData, isBinary: boolean, onText: () => void): void {
    // With the library's default binary type every message is one Buffer.
    if (isBinary && data instanceof Uint8Array) return this.#take(placedFrame(data));
    this.heard();
    if (this.isOpen) onText();
  }

  #take(frame: PlacedFrame): void {
    this.heard();
    if (this.isOpen) this.events.frame(frame);
  }

  #write(socket: Socket, chunk: Uint8Array): boolean {
    if (!socket.writable) return false;
    if (socket.writableNeedDrain && socket.writableLength + chunk.length > this.#limits.queueBytesMax)
      return this.refuseForNow();
    socket.write(chunk);
    return true;
  }

  #hand(chunk: Uint8Array): boolean {
    if (chunk.length > this.maxBytes) return false;
    if (this.#sendingBytes > 0 && this.#sendingBytes + chunk.length > this.#limits.queueBytesMax)
      return this.refuseForNow();
    this.#sendingBytes += chunk.length;
    this.#webSocket.send(chunk, { binary: true }, () => {
      this.#sendingBytes -= chunk.length;
      if (this.#sendingBytes === 0) this.drained();
    });
    return true;
  }

  #sendLast(chunk: Uint8Array): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (!this.#socket) this.#webSocket.send(chunk, { binary: true });
    else if (this.#socket.writable) this.#socket.write(chunk);
  }

  /** The library waits for as long as a peer that is behind may take; one that has everything is to answer sooner. */
  #dropUnlessBehind(): void {
    if (!this.#socket || this.#socket.writableLength > 0) return;
    this.events.onClose(this.#clock.after(this.#limits.closeTimeoutMs, () => this.#webSocket.terminate()));
  }

  #finish(code: number, reason: string): void {
    this.isOpen = false;
    this.events.close(this.#closeReason ?? (reason === '' ? `closed by the peer with ${code}` : reason));
  }
}

/** @see RFC 6455 7.4.1, and the registry that it set up */
const [normal, tryAgainLater] = [1000, 1013];

/** A close reason has at most 123 bytes. [RFC 6455 5.5] */
function shorten(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= 123) return reason;
  return bytes
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\uFFFD+$/u, '');
}
