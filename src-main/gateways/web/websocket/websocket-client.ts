import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { InputError, ProtocolError } from '../../../contract/errors.ts';
import { text, type Value } from '../../../contract/signal.ts';
import type { JsonNumbers } from '../../../platform/json-value.ts';
import type { KeptAlive } from '../../../platform/keep-alive.ts';
import type { ForeignClient } from '../../../ports/gateway.ts';
import { SlowReader, unwrittenMax } from '../../slow-reader.ts';
import type { WebHost } from '../../web-service.ts';
import { problemOf } from '../problem.ts';
import { WebGuest } from '../web-guest.ts';
import { queryTokenOf } from '../web-token.ts';
import { closeCode, closeReason, endOf, refusalOf } from './close-codes.ts';
import {
  errorAnswer,
  idIn,
  isNonsense,
  readRequest,
  revisionOf,
  signalAnswer,
  writeAnswer,
  type DoorAnswer,
  type DoorFormat,
  type DoorRequest,
} from './door-messages.ts';

export interface WebSocketClientOptions {
  readonly webSocket: WebSocket;
  /** below it */
  readonly socket: Duplex;
  readonly request: IncomingMessage;
  readonly host: WebHost;
  /** undefined: as its first message is */
  readonly format: DoorFormat | undefined;
  readonly numbers: JsonNumbers;
}

/** Messages of one client that wait for the router; then it is not read any further. */
export const underWayMax = 256;
/** Messages without sense that one client may send. */
export const nonsenseMax = 100;

/** One WebSocket client of a web door: let in by its first message or its token, then each message is a request. */
export class WebSocketClient implements KeptAlive {
  readonly #options: WebSocketClientOptions;
  readonly #reader: SlowReader<string | Uint8Array>;
  readonly #drains: (() => void)[] = [];
  #format: DoorFormat | undefined;
  /** once it is let in; while it is being let in, a promise of it */
  #guest: WebGuest | Promise<WebGuest | undefined> | undefined;
  /** the message that it was let in by */
  #first: DoorRequest | undefined;
  #underWay = 0;
  #nonsense = 0;
  #wasHeard = false;
  #isCorked = false;
  #isClosed = false;

  constructor(options: WebSocketClientOptions) {
    const { webSocket, host, format, request } = options;
    this.#options = options;
    this.#format = format;
    this.#reader = new SlowReader({
      unwrittenBytes: () => webSocket.bufferedAmount,
      write: (data) => this.#write(data),
      onDrain: (run) => this.#drains.push(run),
      onShed: () => host.refuse('slow'),
      room: host.room,
    });
    webSocket.on('message', (data: Buffer, isBinary) => this.#take(data, isBinary));
    for (const sign of ['ping', 'pong'] as const) webSocket.on(sign, () => (this.#wasHeard = true));
    webSocket.on('error', () => host.refuse('messages'));
    webSocket.on('close', () => this.#leave('its connection closed'));
    if (request.headers.authorization !== undefined || queryTokenOf(request) !== undefined) void this.#letIn({});
  }

  /** It waited long enough: it comes in as who shows no token, or not at all. */
  letInUnasked(): void {
    if (this.#guest === undefined && !this.#isClosed) void this.#letIn({ isUnasked: true });
  }

  wasHeardSince(): boolean {
    const wasHeard = this.#wasHeard;
    this.#wasHeard = false;
    return wasHeard;
  }

  ping(): void {
    if (this.#options.webSocket.readyState === WebSocket.OPEN) this.#options.webSocket.ping();
  }

  terminate(reason: string): void {
    this.#options.host.refuse('silent');
    this.#leave(reason);
    this.#options.webSocket.terminate();
  }

  end(code: number, reason: string): void {
    const { webSocket } = this.#options;
    this.#leave(reason);
    webSocket.close(code, closeReason(reason));
    // Its goodbye has to be read.
    if (webSocket.isPaused) webSocket.resume();
  }

  #leave(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader.close();
    if (this.#guest instanceof WebGuest) this.#guest.close(reason);
  }

  #take(data: Buffer, isBinary: boolean): void {
    this.#wasHeard = true;
    if (this.#isClosed) return;
    this.#format ??= isBinary ? 'msgpack' : 'json';
    let request: DoorRequest;
    try {
      request = readRequest(data, isBinary, this.#options.numbers);
    } catch (error) {
      return this.#refuse(error, idIn(data, isBinary));
    }
    this.#underWay++;
    if (this.#underWay >= underWayMax) this.#options.webSocket.pause();
    void this.#answer(request).finally(() => this.#finish());
  }

  #finish(): void {
    if (this.#underWay-- === underWayMax / 2 || this.#underWay === 0) this.#readOn();
  }

  /** Whoever does not read its answers is not read either. */
  #readOn(): void {
    const { webSocket } = this.#options;
    if (!webSocket.isPaused || this.#underWay >= underWayMax) return;
    if (webSocket.bufferedAmount > unwrittenMax) this.#drains.push(() => this.#readOn());
    else webSocket.resume();
  }

  /** Never rejects. */
  async #answer(request: DoorRequest): Promise<void> {
    const { id } = request;
    try {
      const guest = await this.#guestFor(request);
      if (!guest || this.#isClosed) return;
      const answer = await this.#run(guest, request);
      if (answer) this.#send(answer);
    } catch (error) {
      this.#refuse(error, id);
    }
  }

  async #guestFor(request: DoorRequest): Promise<WebGuest | undefined> {
    if (this.#guest !== undefined) return this.#guest;
    this.#first = request;
    const { token, name } = request.type === 'hello' ? request : {};
    return this.#letIn({ token, name });
  }

  async #run(guest: WebGuest, request: DoorRequest): Promise<DoorAnswer | undefined> {
    const { id } = request;
    const ack = (more: DoorAnswer = {}): DoorAnswer | undefined => id && { type: text('ack'), id, ...more };
    switch (request.type) {
      case 'set':
        return ack({ revision: revisionOf(await guest.set(request.address, request.value, request.revision)) });
      case 'emit':
      case 'stream':
        await guest[request.type](request.address, request.value);
        return ack();
      case 'get':
        return this.#get(guest, request.address, id);
      case 'subscribe':
        await guest.subscribe(request.pattern);
        // What stands may wait for the network.
        await new Promise<void>((resolve) => this.#reader.behind(resolve));
        return ack();
      case 'unsubscribe':
        return ack({ found: { type: 'bool', value: guest.unsubscribe(request.pattern) } });
      case 'ping':
        return { type: text('pong'), id };
      case 'hello':
        if (request.token !== undefined && request !== this.#first)
          throw new ProtocolError('bad-message', 'A token is shown before anything else is said.');
        return { type: text('welcome'), id, server: text('Flyrail') };
      default:
        return request satisfies never;
    }
  }

  async #get(guest: WebGuest, address: string, id: Value | undefined): Promise<DoorAnswer> {
    const found = await guest.get(address);
    if (!found) throw new InputError('unknown-address', 'Nothing stands at this address.');
    const { value, revision } = found;
    return { type: text('ack'), id, address: text(address), value, revision: revisionOf(revision) };
  }

  /** @param isUnasked it said nothing so far */
  #letIn(who: {
    readonly token?: string | undefined;
    readonly name?: string | undefined;
    readonly isUnasked?: boolean;
  }) {
    const { host, request, webSocket } = this.#options;
    const { token = queryTokenOf(request), name, isUnasked = false } = who;
    webSocket.pause();
    const coming = host
      .admit(request, { name: name === undefined ? 'WebSocket' : `WebSocket ${name}`, token })
      .then((session) => this.#takeIn(session))
      .catch((error: unknown) => {
        host.refuse('clients');
        const refusal = refusalOf(error);
        const isSilent = isUnasked && refusal.code === closeCode.noToken;
        this.end(isSilent ? closeCode.silent : refusal.code, refusal.reason);
        return undefined;
      });
    this.#guest = coming;
    return coming;
  }

  #takeIn(session: ForeignClient): WebGuest | undefined {
    if (this.#isClosed) {
      session.close('it went while it was let in');
      return undefined;
    }
    const { host } = this.#options;
    const guest = new WebGuest({
      session,
      prefix: host.prefix,
      deliver: (delivery) => {
        const { kind, address } = delivery.signal;
        if (kind === 'timeline') return;
        this.#ship(signalAnswer(delivery), `${kind} ${address}`, kind === 'event');
      },
    });
    this.#guest = guest;
    session.onEnded((reason) => {
      const { code, reason: said } = endOf(reason);
      this.end(code, said);
    });
    this.#readOn();
    return guest;
  }

  #ship(answer: DoorAnswer, key: string, isOnce: boolean): void {
    const data = this.#encoded(answer);
    if (data !== undefined) this.#reader.send({ item: data, key, isOnce, sizeBytes: data.length });
  }

  #refuse(error: unknown, id: Value | undefined): void {
    if (this.#isClosed) return;
    this.#options.host.refuse('messages');
    this.#send(errorAnswer(id, problemOf(error)));
    if (isNonsense(error) && ++this.#nonsense >= nonsenseMax)
      this.end(closeCode.nonsense, `${nonsenseMax} messages made no sense.`);
  }

  #send(answer: DoorAnswer): void {
    const data = this.#encoded(answer);
    if (data === undefined || this.#isClosed) return;
    this.#write(data);
    if (this.#options.webSocket.bufferedAmount <= unwrittenMax) return;
    this.#options.webSocket.pause();
    this.#readOn();
  }

  #encoded(answer: DoorAnswer): string | Uint8Array | undefined {
    try {
      return writeAnswer(answer, this.#format ?? 'json', this.#options.numbers);
    } catch {
      this.#options.host.refuse('slow');
      return undefined;
    }
  }

  /** What is sent in one turn leaves in one write. */
  #write(data: string | Uint8Array): void {
    const { webSocket, socket } = this.#options;
    if (webSocket.readyState !== WebSocket.OPEN) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      socket.cork();
      setImmediate(() => {
        this.#isCorked = false;
        socket.uncork();
      });
    }
    webSocket.send(data, { binary: typeof data !== 'string' }, () => {
      for (const run of this.#drains.splice(0)) run();
    });
  }
}
