import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Dialect, Exchange } from '../dialects/dialect.ts';
import { ByteCount } from './byte-count.ts';

/** All sockets read into the same bytes: nobody keeps them. */
const readBuffer = Buffer.alloc(256 * 1024);

/** A port on 127.0.0.1. */
export interface Way {
  readonly port: number;
  readonly isTls?: boolean;
}

/** A client that is a socket and a count of what came. */
export class RawClient {
  readonly received: ByteCount;
  readonly #socket: Socket;
  #ending: { readonly until: Uint8Array; tail: Buffer; readonly resolve: () => void } | undefined;
  /** runs with the bytes of every arrival, valid during the call */
  onBytes: ((bytes: Uint8Array) => void) | undefined;
  /** whether the other side, or an error, ended it */
  isClosed = false;

  private constructor({ port, isTls = false }: Way, received: ByteCount) {
    this.received = received;
    const callback = (size: number): boolean => {
      this.#receive(readBuffer.subarray(0, size));
      return true;
    };
    const to = { port, host: '127.0.0.1', noDelay: true };
    this.#socket = isTls
      ? connectTls({ ...to, rejectUnauthorized: false }).on('data', (bytes: Buffer) => this.#receive(bytes))
      : connect({ ...to, onread: { buffer: readBuffer, callback } });
    this.#socket.on('close', () => (this.isClosed = true));
  }

  /** A connection that has said nothing yet. */
  static async connect(way: number | Way, received = new ByteCount()): Promise<RawClient> {
    const to = typeof way === 'number' ? { port: way } : way;
    const client = new RawClient(to, received);
    const ready = to.isTls ? 'secureConnect' : 'connect';
    await new Promise<void>((resolve, reject) => client.#socket.once(ready, resolve).once('error', reject));
    client.#socket.on('error', () => undefined);
    return client;
  }

  /** A connection that has been greeted. */
  static async open(way: number | Way, dialect: Dialect, received = new ByteCount()): Promise<RawClient> {
    const client = await RawClient.connect(way, received);
    for (const exchange of dialect.greeting()) await client.ask(exchange);
    return client;
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Sends, and waits until the answer is there; more may come behind it. */
  ask({ send, until }: Exchange): Promise<void> {
    return new Promise((resolve) => {
      this.#ending = { until, tail: Buffer.alloc(0), resolve };
      if (send.length > 0) this.write(send);
    });
  }

  /** Reads nothing until `resume`, as a client that is stuck. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#ending) this.#look(bytes);
    this.onBytes?.(bytes);
    this.received.add(bytes.length);
  }

  #look(bytes: Buffer): void {
    const ending = this.#ending;
    if (!ending) return;
    const all = Buffer.concat([ending.tail, bytes]);
    ending.tail = all.subarray(-ending.until.length);
    if (!all.includes(Buffer.from(ending.until))) return;
    this.#ending = undefined;
    ending.resolve();
  }
}

/** So many clients, some of them joining at once. */
export async function openClients(count: number, open: (index: number) => Promise<RawClient>): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  while (clients.length < count) {
    const some = Array.from({ length: Math.min(50, count - clients.length) }, (_, i) => open(clients.length + i));
    clients.push(...(await Promise.all(some)));
  }
  return clients;
}
