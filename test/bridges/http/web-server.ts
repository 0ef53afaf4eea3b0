import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server in this process that comes and goes, always at the same port, and notes what it hears. */
export class WebServer {
  readonly heard: Heard[] = [];
  readonly sockets = new Set<Socket>();
  /** what it answers once it has the whole request */
  answer: (response: ServerResponse, heard: Heard) => void = (response) => void response.end();
  port = 0;
  #server: Server | undefined;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens, on a free port the first time. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#hear(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.#server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  /** Ends all connections at once, as when it is killed. */
  kill(): void {
    this.#server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.#server = undefined;
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    request.setEncoding('latin1').on('data', (text: string) => (body += text));
    await once(request, 'end');
    const heard = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    this.heard.push(heard);
    this.answer(response, heard);
  }
}
