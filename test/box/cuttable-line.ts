import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A cable between a bridge and a server that goes on behind it: what is dialled here is carried to there. */
export class CuttableLine {
  readonly #port: number;
  readonly #to: number;
  readonly #ends = new Set<Socket>();
  #server: Server | undefined;

  /** @param to the port of the server, on this machine */
  constructor(port: number, to: number) {
    this.#port = port;
    this.#to = to;
  }

  async join(): Promise<void> {
    this.#server = createServer((near) => this.#carry(near, connect(this.#to, '127.0.0.1')));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    for (const end of this.#ends) end.destroy();
    if (server) await once(server, 'close');
  }

  #carry(...pair: readonly [Socket, Socket]): void {
    // Who was on the way when it was cut would keep it open for ever.
    if (!this.#server) return pair.forEach((end) => end.on('error', () => undefined).destroy());
    for (const end of pair) {
      this.#ends.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.#ends.delete(end);
        for (const each of pair) each.destroy();
      });
    }
    pair[0].pipe(pair[1]).pipe(pair[0]);
  }
}
