import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Heard {
  readonly data: string;
  readonly bytes: Buffer;
  readonly isBinary: boolean;
}

/** A WebSocket server in this process that comes and goes, always at the same port. */
export class InProcessServer {
  readonly heard: Heard[] = [];
  readonly requests: IncomingMessage[] = [];
  readonly clients = new Set<WebSocket>();
  /** status that a handshake is answered with; 0 lets it in */
  refuses = 0;
  /** sends everything back */
  echoes = false;
  onMessage: (client: WebSocket, heard: Heard) => void = () => undefined;
  onClient: (client: WebSocket) => void = () => undefined;
  port = 0;
  #server: WebSocketServer | undefined;

  /** Listens, on a free port the first time. */
  async listen(): Promise<void> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: this.port,
      verifyClient: (_info, done) => done(this.refuses === 0, this.refuses),
    });
    this.#server = server;
    server.on('connection', (client, request) => {
      this.requests.push(request);
      this.clients.add(client);
      client.on('error', () => undefined);
      client.on('close', () => this.clients.delete(client));
      client.on('message', (data: Buffer, isBinary) => {
        const heard = { data: data.toString('utf8'), bytes: Buffer.from(data), isBinary };
        this.heard.push(heard);
        if (this.echoes) client.send(data, { binary: isBinary });
        this.onMessage(client, heard);
      });
      this.onClient(client);
    });
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** what came as text, read as JSON */
  get said(): unknown[] {
    return this.heard.map(({ data }) => JSON.parse(data) as unknown);
  }

  /** Ends all connections at once, as when it is killed. */
  kill(): void {
    this.#server?.close();
    for (const client of this.clients) client.terminate();
    this.#server = undefined;
  }

  say(message: string | Uint8Array): void {
    for (const client of this.clients) client.send(message);
  }
}
