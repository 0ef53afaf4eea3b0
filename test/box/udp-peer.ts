import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A device at 127.0.0.2 that speaks by UDP with the bridge at 127.0.0.1, both at the same port. */
export class UdpPeer {
  readonly #port: number;
  readonly #onPacket: (bytes: Buffer) => void;
  #socket: Socket | undefined;

  constructor(port: number, onPacket: (bytes: Buffer) => void) {
    this.#port = port;
    this.#onPacket = onPacket;
  }

  async open(): Promise<void> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true }).bind(this.#port, '127.0.0.2');
    await once(socket, 'listening');
    socket.on('message', this.#onPacket);
    this.#socket = socket;
  }

  /** @returns whether it is there */
  send(packet: Uint8Array): boolean {
    this.#socket?.send(packet, this.#port, '127.0.0.1');
    return this.#socket !== undefined;
  }

  close(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
    return Promise.resolve();
  }
}
