import type { Socket } from 'node:net';
import type { OscPacket } from './osc-wire.ts';
import type { PacedRoom } from './paced-room.ts';
import { WaitingPackets } from './waiting-packets.ts';

export interface SlowLineOptions {
  /** bounds what waits */
  readonly room: PacedRoom;
  /** a packet was handed to the system */
  readonly left: () => void;
  /** one was left out: a newer one took its place, or too much waits */
  readonly dropped: () => void;
}

/** Writes to one TCP connection without ever holding more than a bound: while its reader is slow, the newest packet of each
 *  key waits, and beyond the bound the oldest goes. */
export class SlowLine {
  readonly #socket: Socket;
  readonly #options: SlowLineOptions;
  readonly #waiting: WaitingPackets;
  #isFull = false;

  constructor(socket: Socket, options: SlowLineOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#waiting = new WaitingPackets(options.room);
    socket.on('drain', () => this.#flush());
    socket.once('close', () => {
      while (this.#waiting.next());
    });
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param packet framed already
   *  @param stands it is part of what one that is back is given: all else goes before it */
  send(packet: OscPacket, stands: boolean): void {
    const { dropped } = this.#options;
    if (!this.#socket.writable) return dropped();
    if (!this.#isFull && this.#waiting.size === 0) return void this.#write(packet.bytes);
    let put = this.#waiting.put(packet, stands);
    while (put === 'full' && this.#waiting.next()) {
      dropped();
      put = this.#waiting.put(packet, stands);
    }
    if (put !== 'new') dropped();
  }

  #flush(): void {
    this.#isFull = false;
    for (let bytes = this.#waiting.next(); bytes; bytes = this.#waiting.next()) if (!this.#write(bytes)) return;
  }

  /** @returns whether the system takes more */
  #write(bytes: Uint8Array): boolean {
    const takesMore = this.#socket.write(bytes);
    this.#isFull = !takesMore;
    this.#options.left();
    return takesMore;
  }
}
