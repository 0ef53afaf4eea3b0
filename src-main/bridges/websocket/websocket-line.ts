import type { Buffer } from 'node:buffer';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { Outcome } from '../../core/realtime/outbox.ts';
import { createBackoff, type Backoff } from '../../core/retry/backoff.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { agentFrom } from '../../platform/card-dial.ts';
import { KeepAlive, type KeptAlive } from '../../platform/keep-alive.ts';
import { SendPace } from '../../platform/send-pace.ts';
import type { DialCard } from '../../ports/dial-card.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { endOf, faultOf, type WebSocketFault } from './websocket-faults.ts';
import type { WebSocketLogin } from './websocket-login.ts';

/** Waits between tries while nobody answers: somebody who comes back is found within 2 s. */
const quick = { first: millis(100), cap: millis(1000) };
/** Waits between tries while the server refuses us: somebody has to repair something first. */
const slow = { first: millis(3000), cap: millis(15_000) };
const handshakeTimeoutMs = 4000;
/** A connection that lasts this long stands. */
const standsAfter = millis(1500);
/** So many in a row that did not last: the server has something against us. */
const shortLivedMax = 5;
/** The library ends a connection that brings more in one message; what is shorter and still too long costs that message alone. */
const payloadBytesMax = 16 * 1024 * 1024;
const goodbyeLimit = millis(500);

export interface WebSocketLineOptions {
  readonly login: WebSocketLogin;
  /** what it is dialled from */
  readonly card: DialCard;
  /** 0: the other end is not asked whether it is there */
  readonly pingSeconds: number;
  readonly clock: Clock;
  readonly random: Random;
  /** It stands: nothing was said yet. */
  onUp(): void;
  /** It stands no more, or did not come about. */
  onDown(): void;
  onMessage(data: Buffer, isBinary: boolean): void;
  /** There is room again. */
  onDrain(): void;
}

/** The connection to a server through all cuts: it is dialled again for ever. */
export class WebSocketLine {
  readonly #options: WebSocketLineOptions;
  readonly #quick: Backoff;
  readonly #slow: Backoff;
  readonly #pace: SendPace;
  #socket: WebSocket | undefined;
  #fault: WebSocketFault | undefined;
  #isUp = false;
  #isOver = false;
  #shortLived = 0;
  #wasHeard = false;
  #wasSilent = false;
  #cancelDial: Cancel = () => undefined;
  #cancelStands: Cancel = () => undefined;
  #cancelPing: Cancel = () => undefined;

  /** Dials at once. */
  constructor(options: WebSocketLineOptions) {
    this.#options = options;
    this.#quick = createBackoff({ random: options.random, ...quick });
    this.#slow = createBackoff({ random: options.random, ...slow });
    this.#pace = new SendPace(() => {
      if (this.#isUp) options.onDrain();
    });
    this.#dial();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** why it does not stand, as a sentence */
  get fault(): string {
    return this.#fault?.words ?? 'The server does not answer.';
  }

  /** The network is behind, or others are to have their turn: messages wait with us. */
  get isFull(): boolean {
    return this.#pace.isFull;
  }

  send(data: string | Buffer, done: (outcome: Outcome) => void): void {
    const socket = this.#socket;
    if (!this.#isUp || socket?.readyState !== WebSocket.OPEN) return done(this.#isOver ? over : 'again');
    this.#pace.count();
    socket.send(data, { binary: typeof data !== 'string' }, (error) =>
      done(!error ? 'sent' : this.#isOver ? over : 'again'),
    );
  }

  /** Says goodbye, and settles when the connection is closed, or after a while. */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isUp = false;
    for (const cancel of [this.#cancelDial, this.#cancelStands, this.#cancelPing]) cancel();
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
    else socket.close(1000);
    if (await settleWithin(this.#options.clock, goodbyeLimit, closed)) return;
    socket.terminate();
    await closed;
  }

  #dial(): void {
    if (this.#isOver) return;
    const { login, card } = this.#options;
    const { url, subprotocols, options } = login;
    const agent = agentFrom(card, url.startsWith('wss'));
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, [...subprotocols], { ...clientOptions, ...options, ...(agent && { agent }) });
    } catch {
      // The library's words hold the URL, and with it the secret.
      this.#fault = { words: 'It cannot be dialled like this: check the URL, headers and secret.', isRefusal: true };
      return this.#dialLater();
    }
    this.#socket = socket;
    let fault: WebSocketFault | undefined;
    socket.on('upgrade', ({ socket: stream }) => this.#pace.begin(stream));
    socket.on('open', () => this.#comeUp(socket));
    socket.on('error', (error) => (fault ??= faultOf(error)));
    socket.on('close', (code, reason) => this.#goDown(fault ?? endOf(code, reason.toString('utf8'))));
    socket.on('message', (data: RawData, isBinary) => {
      this.#wasHeard = true;
      if (!this.#isOver) this.#options.onMessage(data as Buffer, isBinary);
    });
    for (const sign of ['ping', 'pong'] as const) socket.on(sign, () => (this.#wasHeard = true));
  }

  #comeUp(socket: WebSocket): void {
    if (this.#isOver) return;
    this.#isUp = true;
    this.#fault = undefined;
    this.#cancelStands = this.#options.clock.after(standsAfter, () => {
      this.#shortLived = 0;
      this.#quick.reset();
      this.#slow.reset();
    });
    const { clock, pingSeconds } = this.#options;
    if (pingSeconds > 0) {
      const keepAlive = new KeepAlive(clock, millis(pingSeconds * 1000));
      const kept = this.#kept(socket);
      keepAlive.add(kept);
      this.#cancelPing = () => keepAlive.remove(kept);
    }
    this.#options.onUp();
  }

  #goDown(fault: WebSocketFault): void {
    this.#cancelStands();
    this.#cancelPing();
    const wasUp = this.#isUp;
    this.#isUp = false;
    if (this.#isOver) return;
    // A server that was away in between does not end them by itself.
    this.#shortLived = wasUp ? this.#shortLived + 1 : 0;
    this.#fault = wasUp && this.#wasSilent ? silent : fault;
    this.#wasSilent = false;
    this.#dialLater();
    this.#options.onDown();
  }

  #dialLater(): void {
    const isRefused = this.#fault?.isRefusal === true || this.#shortLived >= shortLivedMax;
    const wait = (isRefused ? this.#slow : this.#quick).next();
    this.#cancelDial = this.#options.clock.after(wait, () => this.#dial());
  }

  /** Asked once in each interval, and ended when it was silent for two. */
  #kept(socket: WebSocket): KeptAlive {
    return {
      wasHeardSince: () => {
        const wasHeard = this.#wasHeard;
        this.#wasHeard = false;
        return wasHeard;
      },
      ping: () => socket.ping(),
      terminate: () => {
        this.#wasSilent = true;
        socket.terminate();
      },
    };
  }
}

const over: Outcome = { refused: 'the connection ended' };
const silent: WebSocketFault = { words: 'The server went silent.', isRefusal: false };

const clientOptions: ClientOptions = {
  perMessageDeflate: false,
  // Each message has a turn of the event loop, since a server may say ten thousand at once.
  allowSynchronousEvents: false,
  followRedirects: false,
  maxPayload: payloadBytesMax,
  handshakeTimeout: handshakeTimeoutMs,
};
