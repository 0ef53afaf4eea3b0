import type { Socket } from 'node:dgram';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Sees every UDP socket that this process makes, through Node's own diagnostics channel. */
export class UdpSockets {
  readonly #open = new Set<Socket>();
  readonly #onMade = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  };

  constructor() {
    subscribe('udp.socket', this.#onMade);
  }

  /** Sockets made since, and not closed. */
  get open(): readonly Socket[] {
    return [...this.#open];
  }

  release(): void {
    unsubscribe('udp.socket', this.#onMade);
  }
}
