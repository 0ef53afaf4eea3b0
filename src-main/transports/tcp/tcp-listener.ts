import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ProtocolError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { ArrivingSockets } from '../../platform/arriving-sockets.ts';
import { KeepAlive } from '../../platform/keep-alive.ts';
import { OpenConnections } from '../open-connections.ts';
import { dialledHost, openPort } from '../../platform/open-port.ts';
import { serverTls, type TlsIdentity } from '../tls.ts';
import { connectionOver } from './tcp-connection.ts';
import type { TcpLimits } from './tcp-limits.ts';

export interface TcpListenerOptions {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: TcpLimits;
  /** with TLS; plain without */
  readonly identity: TlsIdentity | undefined;
  readonly onFault: (fault: ProtocolError) => void;
}

/** A port that takes CLASP frames behind their lengths, in the clear or over TLS. */
export class TcpListener {
  readonly #options: TcpListenerOptions;
  readonly #accept: (connection: Connection) => void;
  readonly #server: Server;
  readonly #keepAlive: KeepAlive;
  readonly #open = new OpenConnections();
  readonly #sockets: ArrivingSockets;

  private constructor(options: TcpListenerOptions, accept: (connection: Connection) => void) {
    const { clock, limits, log, identity } = options;
    this.#options = options;
    this.#accept = accept;
    this.#keepAlive = new KeepAlive(clock, limits.pingIntervalMs);
    const sockets = { noDelay: true, keepAlive: true, keepAliveInitialDelay: limits.pingIntervalMs };
    if (identity) {
      const server = createTlsServer({ ...sockets, ...serverTls(identity, limits.handshakeTimeoutMs) });
      server.on('secureConnection', (socket) => this.#take(socket));
      server.on('tlsClientError', (error, socket) => {
        log.info('tls refused', { reason: error.message });
        socket.destroy();
      });
      this.#server = server;
    } else {
      this.#server = createServer(sockets);
      this.#server.on('connection', (socket) => this.#take(socket));
    }
    this.#sockets = new ArrivingSockets(this.#server);
    this.#server.maxConnections = limits.connectionsMax;
  }

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  static async open(options: TcpListenerOptions, accept: (connection: Connection) => void): Promise<Listening> {
    const listener = new TcpListener(options, accept);
    const { address, family, port } = await openPort(listener.#server, { ...options, failure: 'tcp server error' });
    const scheme = options.identity ? 'tls' : 'tcp';
    return { url: `${scheme}://${dialledHost({ address, family })}:${port}`, stop: () => listener.#stop() };
  }

  #take(socket: Socket): void {
    const { clock, limits, identity, onFault } = this.#options;
    const peer = `${identity ? 'tls' : 'tcp'} ${socket.remoteAddress ?? 'gone'}:${socket.remotePort ?? 0}`;
    const connection = connectionOver(socket, { peer, clock, limits, onFault });
    this.#open.add(connection);
    this.#keepAlive.add(connection);
    connection.onClose(() => this.#keepAlive.remove(connection));
    this.#accept(connection);
  }

  async #stop(): Promise<void> {
    const { clock, limits } = this.#options;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#open.closeAll('the listener stops', { clock, withinMs: limits.closeTimeoutMs });
    this.#sockets.destroyAll();
    await closed;
  }
}
