import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { tryAddress } from '../../../contract/address.ts';
import { namespaceFault } from '../../../contract/event-names.ts';
import { InputError, LimitError, toWireError, UnavailableError } from '../../../contract/errors.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import { millis } from '../../../contract/units.ts';
import { sourceOf } from '../../../core/discovery/source-of.ts';
import type { ForeignClient } from '../../../ports/gateway.ts';
import { FairSocketServer } from '../../fair-socket-server.ts';
import type { WebHost, WebService } from '../../web-service.ts';
import { SocketioGuest } from './socketio-guest.ts';
import { socketioLimits, type SocketioLimits } from './socketio-limits.ts';
import { UnwrittenBytes } from './unwritten-bytes.ts';

type Connection = Socket['conn'];

interface Visitor {
  /** as connections are counted by */
  readonly source: string;
  /** that it is in, or wants to be let into */
  readonly namespaces: Set<string>;
  /** of all of them; some may go before they are let in, and then nobody hears of it */
  readonly sessions: Set<ForeignClient>;
  readonly unwritten: UnwrittenBytes;
}

/** A connection without a namespace ends. */
const emptyFor = millis(1000);

/** Socket.IO v4 at `/socket.io/`: each namespace of each connection is a session. @see docs/socketio-door.md */
export function createSocketioService(limits: Partial<SocketioLimits> = {}): WebService {
  return new SocketioService({ ...socketioLimits, ...limits });
}

class SocketioService implements WebService {
  readonly name = 'socketio';
  readonly #limits: SocketioLimits;
  /** It never listens: the door hands it what is for this path. */
  readonly #inner: HttpServer = createServer();
  readonly #io: Server;
  readonly #sessions = new WeakMap<Socket, ForeignClient>();
  readonly #visitors = new Map<Connection, Visitor>();
  readonly #timers = new Set<Cancel>();
  #host: WebHost | undefined;
  #isOver = false;

  constructor(limits: SocketioLimits) {
    this.#limits = limits;
    this.#io = new Server(this.#inner, {
      path: '/socket.io/',
      // What the door hands over is for it, with the slash or without; otherwise nobody would answer.
      addTrailingSlash: false,
      serveClient: true,
      destroyUpgrade: false,
      transports: ['polling', 'websocket'],
      pingInterval: limits.pingIntervalMs,
      pingTimeout: limits.pingTimeoutMs,
      connectTimeout: limits.connectTimeoutMs,
      maxHttpBufferSize: limits.messageBytesMax,
      perMessageDeflate: false,
      // The library's own is older: it answers every ping of a client that reads no pong.
      wsEngine: FairSocketServer,
      httpCompression: false,
      cleanupEmptyChildNamespaces: true,
      allowRequest: (request, done) => {
        const why = this.#refusalOf(request);
        done(why ?? null, why === undefined);
      },
    });
  }

  attach(host: WebHost): Promise<void> {
    this.#host = host;
    const io = this.#io;
    io.engine.on('connection', (connection: Connection) => this.#enter(connection));
    io.engine.on('connection_error', () => host.refuse('handshake'));
    for (const namespace of [io.of('/'), io.of((name, _auth, next) => next(null, this.#isNamespace(name)))]) {
      namespace.use((socket, next) => {
        this.#admit(socket).then(
          () => next(),
          (error: unknown) => {
            host.refuse('access');
            const { code, message } = toWireError(error);
            next(Object.assign(new Error(message), { data: { code } }));
          },
        );
      });
      namespace.on('connection', (socket) => this.#greet(socket, host));
    }
    host.onRequest('/socket.io/', (request, response) => void this.#inner.emit('request', request, response));
    host.onUpgrade('/socket.io/', (request, socket, head) => void this.#inner.emit('upgrade', request, socket, head));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    for (const namespace of this.#io._nsps.values())
      for (const socket of namespace.sockets.values()) endWith(socket, 'this way in was shut');
    // Its port never listened: that it says so is no fault.
    await this.#io.close().catch(() => undefined);
    this.#io.engine.close();
  }

  /** Why nobody more is let in, before anything is spoken. */
  #refusalOf({ socket: { remoteAddress } }: IncomingMessage): string | undefined {
    const { connectionsMax, connectionsPerSource } = this.#limits;
    if (this.#isOver) return 'this way in was shut';
    if (this.#visitors.size >= connectionsMax) return 'too many connections';
    const source = sourceOf(remoteAddress ?? '');
    const ofSource = [...this.#visitors.values()].filter((each) => each.source === source).length;
    return ofSource >= connectionsPerSource ? 'too many connections from there' : undefined;
  }

  #isNamespace(name: string): boolean {
    const isOne =
      namespaceFault(name) === undefined &&
      !name.endsWith('/') &&
      tryAddress((this.#host?.prefix ?? '') + name) !== undefined &&
      this.#io._nsps.size < this.#limits.namespacesMax;
    if (!isOne) this.#host?.refuse('namespace');
    return isOne;
  }

  #enter(connection: Connection): void {
    const sessions = new Set<ForeignClient>();
    const source = sourceOf(connection.remoteAddress);
    const unwritten = new UnwrittenBytes(connection);
    this.#visitors.set(connection, { source, namespaces: new Set(), sessions, unwritten });
    connection.once('close', () => {
      this.#visitors.delete(connection);
      for (const session of sessions) session.close('its connection closed');
    });
  }

  /** @throws as a rejection: AppError why it is not let in */
  async #admit(socket: Socket): Promise<void> {
    const { conn: connection, handshake, request, nsp } = socket;
    const visitor = this.#visitors.get(connection);
    if (!visitor || !this.#host) throw new UnavailableError('link-closed', 'The connection is closed.');
    if (visitor.namespaces.has(nsp.name))
      throw new InputError('bad-arguments', `This connection is being let into ${nsp.name} already.`);
    if (visitor.namespaces.size >= this.#limits.namespacesPerConnection)
      throw new LimitError(
        'too-many-items',
        `A connection has at most ${this.#limits.namespacesPerConnection} namespaces.`,
      );
    visitor.namespaces.add(nsp.name);
    try {
      const { token, name } = credentialsOf(handshake);
      const where = nsp.name === '/' ? '' : ` ${nsp.name}`;
      const called = name === undefined ? '' : ` ${name}`;
      const session = await this.#host.admit(request, { name: `Socket.IO${called}${where}`, ...(token && { token }) });
      this.#sessions.set(socket, session);
      visitor.sessions.add(session);
      if (connection.readyState !== 'open') session.close('it went while it was let in');
    } catch (error) {
      this.#leave(socket);
      throw error;
    }
  }

  #greet(socket: Socket, host: WebHost): void {
    const session = this.#sessions.get(socket);
    const visitor = this.#visitors.get(socket.conn);
    if (!session || !visitor || this.#isOver) return void socket.disconnect(true);
    const under = socket.nsp.name === '/' ? '' : socket.nsp.name;
    const guest = new SocketioGuest({
      socket,
      session,
      host,
      unwritten: visitor.unwritten,
      prefix: host.prefix + under,
    });
    socket.on('disconnect', (reason) => {
      guest.close(reason);
      visitor.sessions.delete(session);
      this.#leave(socket);
    });
    session.onEnded((reason) => {
      host.log.info('Socket.IO client is sent away', { client: socket.id, reason });
      endWith(socket, reason);
    });
  }

  #leave({ conn: connection, nsp }: Socket): void {
    const visitor = this.#visitors.get(connection);
    visitor?.namespaces.delete(nsp.name);
    if (!visitor || visitor.namespaces.size > 0 || this.#isOver) return;
    const cancel = this.#host?.clock.after(emptyFor, () => {
      if (cancel) this.#timers.delete(cancel);
      if (visitor.namespaces.size === 0) connection.close();
    });
    if (cancel) this.#timers.add(cancel);
  }
}

/** Tells why, then ends it. */
function endWith(socket: Socket, reason: string): void {
  socket.emit('ended', { reason });
  socket.disconnect();
}

const tokenMax = 16_384;

/** What a client shows and calls itself: in its auth object, else in the query; the header is the door's to read.
 *  @throws InputError 'bad-token' */
function credentialsOf({ auth, query }: Socket['handshake']): { token: string | undefined; name: string | undefined } {
  const said: unknown = (auth as Readonly<Record<string, unknown>>)['token'] ?? query['token'];
  const name: unknown = (auth as Readonly<Record<string, unknown>>)['name'];
  if (said !== undefined && said !== null && (typeof said !== 'string' || said.length > tokenMax))
    throw new InputError('bad-token', 'Expected a token as text in auth.token.');
  return {
    token: typeof said === 'string' && said !== '' ? said : undefined,
    name: typeof name === 'string' ? name.slice(0, 100) : undefined,
  };
}
