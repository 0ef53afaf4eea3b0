import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { ArrivingSockets } from '../../platform/arriving-sockets.ts';
import { KeepAlive } from '../../platform/keep-alive.ts';
import { OpenConnections } from '../open-connections.ts';
import { dialledHost, openPort } from '../../platform/open-port.ts';
import { serverTls, type TlsIdentity } from '../tls.ts';
import { checkUpgrade, type UpgradeRefusal } from '../../platform/upgrade-check.ts';
import { WebSocketConnection } from './websocket-connection.ts';
import type { WebSocketLimits } from './websocket-limits.ts';

export interface ListenerOptions {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: WebSocketLimits;
  readonly isAllowedOrigin: (origin: string) => boolean;
  readonly onRefused: (refusal: UpgradeRefusal) => void;
  readonly onText: () => void;
  /** with TLS; plain without */
  readonly identity: TlsIdentity | undefined;
}

/** A port that accepts WebSockets on any path and answers plain requests with `ok`, as old routers do. */
export class WebSocketListener {
  readonly #options: ListenerOptions;
  readonly #accept: (connection: Connection) => void;
  readonly #server: Server;
  readonly #sockets: ArrivingSockets;
  readonly #upgrades: WebSocketServer;
  readonly #keepAlive: KeepAlive;
  readonly #connections = new OpenConnections();
  readonly #ownNames: readonly string[];

  private constructor(options: ListenerOptions, accept: (connection: Connection) => void) {
    const { limits, host, identity } = options;
    const ownName = hostname().toLowerCase();
    this.#options = options;
    this.#accept = accept;
    this.#ownNames = [ownName, `${ownName}.local`, host.toLowerCase()];
    this.#keepAlive = new KeepAlive(options.clock, limits.pingIntervalMs);
    this.#upgrades = new WebSocketServer(upgradeOptions(limits));
    const requests = {
      headersTimeout: limits.upgradeTimeoutMs,
      requestTimeout: limits.upgradeTimeoutMs,
      connectionsCheckingInterval: Math.max(100, limits.upgradeTimeoutMs / 5),
      maxHeaderSize: 8192,
      noDelay: true,
    };
    this.#server = identity
      ? createSecureServer({ ...requests, ...serverTls(identity, limits.upgradeTimeoutMs) })
      : createServer(requests);
    this.#sockets = new ArrivingSockets(this.#server);
    this.#server.maxConnections = limits.connectionsMax;
    this.#server.on('request', (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  static async open(options: ListenerOptions, accept: (connection: Connection) => void): Promise<Listening> {
    const listener = new WebSocketListener(options, accept);
    const address = await openPort(listener.#server, { ...options, failure: 'websocket server error' });
    const scheme = options.identity ? 'wss' : 'ws';
    return { url: `${scheme}://${dialledHost(address)}:${address.port}/clasp`, stop: () => listener.#stop() };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { isAllowedOrigin, onRefused, log } = this.#options;
    const { host, origin } = request.headers;
    const refusal = checkUpgrade({ host, origin }, { ownNames: this.#ownNames, isAllowedOrigin });
    if (refusal) {
      log.info('websocket refused', { ...refusal });
      onRefused(refusal);
      return refuse(socket, `This ${refusal.because} is not allowed here.`);
    }
    // An HTTP server hands out TCP sockets; the check is for the compiler.
    if (!(socket instanceof Socket)) return refuse(socket, 'Not a TCP connection.');
    this.#upgrades.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, socket));
  }

  #open(webSocket: WebSocket, socket: Socket): void {
    const { limits, clock, onText } = this.#options;
    const peer = `${this.#options.identity ? 'wss' : 'ws'} ${socket.remoteAddress ?? 'gone'}:${socket.remotePort ?? 0}`;
    const connection = new WebSocketConnection({ webSocket, socket, peer, limits, clock, onText });
    this.#connections.add(connection);
    this.#keepAlive.add(connection);
    connection.onClose(() => this.#keepAlive.remove(connection));
    this.#accept(connection);
  }

  async #stop(): Promise<void> {
    const { clock, limits } = this.#options;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const all = this.#connections.closeAll('the listener stops', { clock, withinMs: limits.closeTimeoutMs });
    this.#server.closeAllConnections();
    await all;
    this.#sockets.destroyAll();
    await closed;
  }
}

/** `closeTimeout` is newer than the library's type declarations. */
function upgradeOptions(limits: WebSocketLimits): ServerOptions & { readonly closeTimeout: number } {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytesMax,
    closeTimeout: limits.farewellTimeoutMs,
    handleProtocols: (protocols) => protocols.has('clasp') && 'clasp',
  };
}

function refuse(socket: Duplex, text: string): void {
  const body = `${text}\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 403 ${STATUS_CODES[403]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
