import type { Server, Socket } from 'node:net';

/** The sockets of a server, also those whose TLS handshake is not done, which no layer above it knows yet. */
export class ArrivingSockets {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Without this a server that stops waits for whoever hangs in a handshake. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
