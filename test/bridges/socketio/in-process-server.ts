import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { Server, type ServerOptions, type Socket } from 'socket.io';

interface Heard {
  readonly namespace: string;
  readonly event: string;
  readonly args: readonly unknown[];
}

/** A Socket.IO server in this process that comes and goes, always at the same port. */
export class InProcessServer {
  readonly heard: Heard[] = [];
  readonly auths: unknown[] = [];
  readonly sockets = new Set<NetSocket>();
  readonly clients = new Set<Socket>();
  /** what to do with each one that comes */
  greet: (socket: Socket) => void = () => undefined;
  /** why one is not let in; undefined: it is */
  refuse: (socket: Socket) => string | undefined = () => undefined;
  #http: HttpServer | undefined;
  #io: Server | undefined;
  port = 0;

  readonly #options: Partial<ServerOptions>;

  constructor(options: Partial<ServerOptions> = {}) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get io(): Server {
    if (!this.#io) throw new Error('the server is away');
    return this.#io;
  }

  /** Listens, on a free port the first time. */
  async listen(): Promise<void> {
    const http = createServer();
    const io = new Server(http, { pingInterval: 1000, pingTimeout: 1000, ...this.#options });
    [this.#http, this.#io] = [http, io];
    http.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    for (const each of [io.of('/'), io.of(/^\/.+$/)]) {
      each.use((socket, next) => this.#judge(socket, next));
      each.on('connection', (socket) => this.#take(socket));
    }
    http.listen(this.port, '127.0.0.1');
    await once(http, 'listening');
    this.port = (http.address() as AddressInfo).port;
  }

  /** Ends all connections at once, as when it is killed. */
  kill(): void {
    this.#http?.close();
    for (const socket of this.sockets) socket.destroy();
    void this.#io?.close();
    this.#http = this.#io = undefined;
  }

  #judge(socket: Socket, next: (error?: Error) => void): void {
    this.auths.push(socket.handshake.auth);
    const why = this.refuse(socket);
    next(why === undefined ? undefined : new Error(why));
  }

  #take(socket: Socket): void {
    this.clients.add(socket);
    socket.on('disconnect', () => this.clients.delete(socket));
    socket.onAny((event: string, ...args: unknown[]) => {
      const plain = args.filter((each) => typeof each !== 'function');
      this.heard.push({ namespace: socket.nsp.name, event, args: plain });
    });
    this.greet(socket);
  }
}
