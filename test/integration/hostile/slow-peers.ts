import { connect, type Socket } from 'node:net';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import type { ReadyEvent } from '../flyrail-process.ts';

const trickleEveryMs = 400;

/** Connections that send a byte now and then of what never ends, or nothing. */
export class SlowPeers {
  readonly kinds: string[] = [];
  readonly #open = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;

  constructor({ clasp, transports, ui, rendezvous }: ReadyEvent, each: number) {
    const at = (name: string): string => transports.find((one) => one.name === name)?.url ?? '';
    const hello = encodeFrame({ type: messageType.hello, version: 1, name: 'x'.repeat(60_000), features: [] });
    const request = `GET / HTTP/1.1\r\nHost: x\r\n${'X: a\r\n'.repeat(10_000)}`;
    for (let i = 0; i < each; i++) {
      this.#add('tcp silent', at('tcp'), '');
      this.#add('tcp', at('tcp'), Buffer.concat([Buffer.from([0, 0, hello.length >> 8, hello.length & 0xff]), hello]));
      this.#add('ws', clasp.url, request);
      this.#add('wss', at('wss'), Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, ...Array<number>(300).fill(7)]));
      this.#add('ui', ui?.url ?? '', request);
      this.#add('rendezvous', rendezvous?.url ?? '', request);
    }
    this.#timer = setInterval(() => this.#trickle(), trickleEveryMs);
  }

  get open(): number {
    return this.#open.size;
  }

  get stillOpen(): string {
    return [...this.#open].map((socket) => waiting.get(socket)?.kind).join(', ');
  }

  end(): void {
    clearInterval(this.#timer);
    for (const socket of this.#open) socket.destroy();
  }

  #add(kind: string, url: string, bytes: string | Uint8Array): void {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.0.8' });
    this.kinds.push(kind);
    this.#open.add(socket);
    waiting.set(socket, { kind, bytes: Buffer.from(bytes), at: 0 });
    socket.on('data', () => undefined).on('error', () => undefined);
    socket.on('close', () => this.#open.delete(socket));
  }

  #trickle(): void {
    for (const socket of this.#open) {
      const rest = waiting.get(socket);
      if (rest && rest.at < rest.bytes.length) socket.write(rest.bytes.subarray(rest.at, ++rest.at));
    }
  }
}

const waiting = new WeakMap<Socket, { readonly kind: string; readonly bytes: Buffer; at: number }>();
