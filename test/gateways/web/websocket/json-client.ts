import { once } from 'node:events';
import { decode, encode } from '@msgpack/msgpack';
import { WebSocket, type ClientOptions } from 'ws';
import { until } from '../../../until.ts';

export type Said = Readonly<Record<string, unknown>>;

/** A client as somebody else would write it, with the npm library `ws`. */
export class JsonClient {
  readonly socket: WebSocket;
  readonly heard: Said[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) =>
      this.heard.push(
        (isBinary ? decode(Uint8Array.from(data), { useBigInt64: true }) : JSON.parse(data.toString())) as Said,
      ),
    );
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
  }

  /** @param url of the door, `http:`; or the whole of it, `ws:` */
  static async open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<JsonClient> {
    const target = url.startsWith('http') ? `${url.replace(/^http/, 'ws')}/ws` : url;
    const client = new JsonClient(new WebSocket(target, protocols, options));
    await once(client.socket, 'open');
    return client;
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message));
  }

  pack(message: unknown): void {
    this.socket.send(encode(message, { useBigInt64: true }));
  }

  /** What is answered to it; the id is made. */
  async ask(message: Said): Promise<Said> {
    const id = `q${this.heard.length}-${Math.random()}`;
    this.say({ ...message, id });
    return this.next((said) => said['id'] === id);
  }

  async next(fits: (said: Said) => boolean): Promise<Said> {
    await until('an answer', () => this.heard.some(fits) || this.closed !== undefined);
    const found = this.heard.find(fits);
    if (!found) throw new Error(`closed: ${this.closed?.code} ${this.closed?.reason}`);
    return found;
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    await until('the end', () => this.closed !== undefined);
    return this.closed ?? { code: 0, reason: '' };
  }

  signals(): Said[] {
    return this.heard.filter(({ type }) => type === 'signal');
  }
}
