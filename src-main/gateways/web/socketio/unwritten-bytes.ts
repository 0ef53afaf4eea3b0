import type { Socket } from 'socket.io';

/** What one connection of Socket.IO has not taken yet, by whatever carries it. */
export class UnwrittenBytes {
  readonly #connection: Socket['conn'];
  /** handed to the library, and by it to nobody yet */
  #held = 0;

  constructor(connection: Socket['conn']) {
    this.#connection = connection;
    connection.on('packetCreate', ({ data }: { readonly data?: unknown }) => (this.#held += sizeOf(data)));
    connection.on('flush', () => (this.#held = 0));
  }

  get bytes(): number {
    const { transport } = this.#connection as unknown as { readonly transport: Carrier };
    const inNetwork = transport.name === 'websocket' ? (transport.socket?.bufferedAmount ?? 0) : 0;
    return this.#held + inNetwork;
  }
}

interface Carrier {
  readonly name: string;
  /** of `ws` */
  readonly socket?: { readonly bufferedAmount: number };
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return data instanceof Uint8Array ? data.byteLength : 0;
}
