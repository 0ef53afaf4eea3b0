import { Manager, type Socket } from 'socket.io-client';
import type { SocketioBridge } from '../../contract/bridges/socketio.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { createBackoff, type Backoff } from '../../core/retry/backoff.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { agentFrom } from '../../platform/card-dial.ts';
import { TurnPace } from '../../platform/turn-pace.ts';
import type { DialCard } from '../../ports/dial-card.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { guardDecoder, guardedTransports } from './guarded-transports.ts';
import { endOf, faultOf, refusalOf, type SocketioFault } from './socketio-faults.ts';
import type { SocketioLogin } from './socketio-login.ts';

/** Waits between tries while nobody answers: somebody who comes back is found within 2 s. */
const quick = { first: millis(100), cap: millis(1000) };
/** Waits between tries while the server refuses us: somebody has to repair something first. */
const slow = { first: millis(3000), cap: millis(15_000) };
const connectTimeout = millis(4000);
/** A connection that lasts this long stands. */
const standsAfter = millis(1500);
/** So many that did not last are the server's doing. */
const shortLivedMax = 5;
/** Packets and bytes that wait for the network; past them events wait with us. */
const packetsMax = 1000;
const unwrittenMax = 256 * 1024;
const fullAgain = millis(20);
const goodbyeLimit = millis(500);
/** Of one message from the server. */
const receivedBytesMax = 1024 * 1024;

export interface ConnectionEvents {
  onUp(namespace: string): void;
  onDown(namespace: string): void;
  /** The line did not come about, or is there no more. */
  onFault(): void;
  /** @param answer tells the server that it was taken, where it wants to know; runs once */
  onEvent(namespace: string, args: readonly unknown[], answer: ((said: unknown) => void) | undefined): void;
  /** what waits may leave */
  onDrain(): void;
}

interface ConnectionOptions extends ConnectionEvents {
  readonly settings: SocketioBridge['settings'];
  readonly login: SocketioLogin;
  /** what it is dialled from */
  readonly card: DialCard;
  readonly clock: Clock;
  readonly random: Random;
}

interface Line {
  readonly name: string;
  readonly socket: Socket;
  readonly retry: Backoff;
  /** joining: the server has not said yet whether it lets us in */
  state: 'away' | 'joining' | 'up' | 'refused';
  fault: SocketioFault | undefined;
  cancelRetry: Cancel;
}

/** One line to the server with all namespaces on it, through all cuts: the library dials again for ever; when it does, and
 *  what an operator reads of it, is decided here. */
export class SocketioConnection {
  readonly #options: ConnectionOptions;
  readonly #manager: Manager;
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #turn: TurnPace;
  #fault: SocketioFault | undefined;
  #isOver = false;
  #shortLived = 0;
  #cancelStands: Cancel = () => undefined;
  #cancelDrain: Cancel | undefined;

  /** Dials at once. */
  constructor(options: ConnectionOptions) {
    const { settings, login, card, random } = options;
    this.#options = options;
    this.#turn = new TurnPace(() => {
      if (!this.#isOver) options.onDrain();
    });
    this.#manager = new Manager(settings.url.replace(/^ws/, 'http').replace(/\/$/, ''), {
      ...login.dialling,
      card,
      // Of a WebSocket. Its types are those of a page, which has no agents.
      agent: agentFrom(card, /^(https|wss)/.test(settings.url)) as never,
      path: settings.path,
      transports: guardedTransports(settings.transports),
      tryAllTransports: true,
      // A line that stands by polling goes over to a WebSocket by itself, where that is among the ways.
      upgrade: settings.transports.includes('websocket'),
      maxPayload: receivedBytesMax,
      autoConnect: false,
      reconnectionDelay: quick.first,
      reconnectionDelayMax: quick.cap,
      timeout: connectTimeout,
    } as ConstructorParameters<typeof Manager>[1]);
    guardDecoder((this.#manager as unknown as { readonly decoder: unknown }).decoder);
    this.#manager.on('open', () => this.#open());
    this.#manager.on('error', (error) => this.#note(faultOf(error)));
    this.#manager.on('close', (reason) => this.#close(reason));
    this.#lines = new Map(
      settings.namespaces.map(({ name }) => {
        const socket = this.#manager.socket(name, { auth: login.auth });
        return [name, this.#watch(name, socket, createBackoff({ random, ...slow }))];
      }),
    );
    for (const { socket } of this.#lines.values()) socket.connect();
  }

  isUp(namespace: string): boolean {
    return this.#lines.get(namespace)?.state === 'up';
  }

  /** how many namespaces are there; none, some or all */
  get upCount(): number {
    return [...this.#lines.values()].filter(({ state }) => state === 'up').length;
  }

  /** Whether the server has still to say whether it lets us in somewhere. */
  get isJoining(): boolean {
    return [...this.#lines.values()].some(({ state }) => state === 'joining');
  }

  /** what is wrong, as a sentence; undefined when every namespace is there */
  get fault(): string | undefined {
    const lines = [...this.#lines.values()].filter(({ state }) => state !== 'up');
    if (lines.length === 0) return undefined;
    const refused = lines.find(({ state, fault }) => state === 'refused' && fault !== undefined)?.fault;
    if (this.#shortLived >= shortLivedMax)
      return `The server ends each connection at once. ${this.#fault?.words ?? ''}`.trim();
    return (refused ?? this.#fault)?.words ?? 'The server does not answer.';
  }

  /** Bytes that one message to the server may have; undefined where it did not say. */
  get bytesMax(): number | undefined {
    const said = (this.#engine as { readonly _maxPayload?: unknown } | undefined)?._maxPayload;
    return typeof said === 'number' && said > 0 ? said : undefined;
  }

  get isFull(): boolean {
    if (this.#turn.isFull) return true;
    const engine = this.#engine;
    const isFull =
      (engine?.writeBuffer.length ?? 0) > packetsMax || (this.#webSocket?.bufferedAmount ?? 0) > unwrittenMax;
    // The library does not say when the network has taken what it was given.
    if (isFull && !this.#cancelDrain && !this.#isOver)
      this.#cancelDrain = this.#options.clock.after(fullAgain, () => {
        this.#cancelDrain = undefined;
        this.#options.onDrain();
      });
    return isFull;
  }

  /** @param done with what the server answered, or why nothing came: it went, or the time is over */
  emit(
    {
      namespace,
      event,
      args,
    }: { readonly namespace: string; readonly event: string; readonly args: readonly unknown[] },
    ack?: { readonly timeoutMillis: number; done(outcome: 'gone' | 'late' | readonly unknown[]): void },
  ): void {
    const line = this.#lines.get(namespace);
    if (!line || line.state !== 'up') return ack?.done('gone');
    this.#turn.count();
    if (!ack) return void line.socket.emit(event, ...args);
    line.socket.timeout(ack.timeoutMillis).emit(event, ...args, (error: Error | null, ...answer: unknown[]) => {
      const outcome = line.state === 'up' && line.socket.connected ? 'late' : 'gone';
      ack.done(error ? outcome : answer);
    });
  }

  /** Says goodbye, and settles when the connection is closed, or after a while. */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelStands();
    this.#cancelDrain?.();
    const engine = this.#engine;
    const webSocket = this.#webSocket;
    const polling = engine?.transport as { readonly pollXhr?: { abort(): void } } | undefined;
    const closed = new Promise<void>((resolve) => {
      if (!engine || engine.readyState === 'closed') return resolve();
      if (webSocket) webSocket.addEventListener('close', () => resolve());
      else engine.on('close', () => resolve());
    });
    for (const { socket, cancelRetry } of this.#lines.values()) {
      cancelRetry();
      socket.disconnect();
    }
    this.#manager.reconnection(false);
    engine?.close();
    if (!(await settleWithin(this.#options.clock, goodbyeLimit, closed))) webSocket?.terminate();
    polling?.pollXhr?.abort();
  }

  get #engine(): Manager['engine'] | undefined {
    return this.#manager.engine;
  }

  get #webSocket(): NodeSocket | undefined {
    return (this.#engine?.transport as { readonly ws?: NodeSocket | null } | undefined)?.ws ?? undefined;
  }

  #watch(name: string, socket: Socket, retry: Backoff): Line {
    const line: Line = { name, socket, retry, state: 'away', fault: undefined, cancelRetry: () => undefined };
    socket.on('connect', () => this.#comeUp(line));
    socket.on('disconnect', (reason) => this.#goDown(line, reason));
    // Why the line itself did not come about is the manager's to say.
    socket.on('connect_error', (error) => {
      if (!socket.active) this.#beRefused(line, refusalOf(name, error));
      else if (this.#manager._readyState === 'open') this.#beRefused(line, faultOf(error));
    });
    socket.onAny((...args: unknown[]) => {
      const last = args.at(-1);
      const answer = typeof last === 'function' ? (last as (said: unknown) => void) : undefined;
      if (!this.#isOver) this.#options.onEvent(name, answer ? args.slice(0, -1) : args, answer);
    });
    return line;
  }

  #open(): void {
    const { clock } = this.#options;
    this.#cancelStands();
    this.#cancelStands = clock.after(standsAfter, () => {
      this.#shortLived = 0;
      this.#wait(quick);
    });
    for (const line of this.#lines.values()) if (line.socket.active) line.state = 'joining';
    this.#manager.engine.on('drain', () => this.#options.onDrain());
  }

  #close(reason: string): void {
    this.#cancelStands();
    this.#cancelStands = () => undefined;
    if (this.#isOver || reason === 'forced close') return;
    this.#shortLived++;
    this.#note(endOf(reason));
    this.#wait(this.#shortLived >= shortLivedMax ? slow : this.#fault?.isRefusal ? slow : quick);
    for (const line of this.#lines.values()) if (line.state === 'joining') line.state = 'away';
  }

  #comeUp(line: Line): void {
    if (this.#isOver) return;
    line.state = 'up';
    line.fault = undefined;
    line.retry.reset();
    if (this.upCount === this.#lines.size) this.#fault = undefined;
    this.#options.onUp(line.name);
  }

  #goDown(line: Line, reason: string): void {
    line.state = 'away';
    if (this.#isOver) return;
    // Whom the server sends away the library leaves there.
    if (!line.socket.active) this.#beRefused(line, endOf(reason));
    this.#options.onDown(line.name);
  }

  #beRefused(line: Line, fault: SocketioFault): void {
    if (this.#isOver) return;
    const wasThere = line.state === 'joining' || line.state === 'up';
    line.state = 'refused';
    line.fault = fault;
    line.cancelRetry();
    line.cancelRetry = this.#options.clock.after(line.retry.next(), () => {
      line.state = this.#manager._readyState === 'open' ? 'joining' : 'away';
      line.socket.disconnect().connect();
    });
    if (wasThere) this.#options.onDown(line.name);
  }

  #note(fault: SocketioFault): void {
    this.#fault = fault;
    if (!this.#isOver) this.#options.onFault();
    this.#wait(fault.isRefusal || this.#shortLived >= shortLivedMax ? slow : quick);
  }

  /** The library reads it when it begins to wait. */
  #wait({ first, cap }: typeof quick): void {
    this.#manager.reconnectionDelay(first).reconnectionDelayMax(cap);
  }
}

/** What the library has of `ws` inside. */
interface NodeSocket {
  readonly bufferedAmount: number;
  addEventListener(event: 'close', run: () => void): void;
  terminate(): void;
}
