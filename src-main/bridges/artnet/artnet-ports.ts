import type { ArtnetMember } from './artnet-member.ts';
import type { UdpEndpoint, UdpSocket } from '../../platform/udp-socket.ts';
import { ArtnetPort, type ArtnetWorld } from './artnet-port.ts';

interface Opening {
  readonly opened: Promise<ArtnetPort>;
  /** once it is open */
  port: ArtnetPort | undefined;
  users: number;
}

/** What a listener uses of the socket; closing it leaves the port to the bridges. */
export type ArtnetTap = Pick<UdpSocket, 'local' | 'send' | 'close'>;

/** The UDP ports that Art-Net bridges of this process share: opened by the first, closed by the last. */
export class ArtnetPorts {
  readonly #world: ArtnetWorld;
  readonly #open = new Map<number, Opening>();

  constructor(world: ArtnetWorld) {
    this.#world = world;
  }

  /** For one who only listens for answers to polls, and asks on its own, while a bridge has the port open.
   *  @param onReply gets every datagram that is an ArtPollReply of another; valid only during the call
   *  @returns undefined where no bridge has it open */
  tap(port: number, onReply: (bytes: Uint8Array, from: UdpEndpoint) => void): ArtnetTap | undefined {
    return this.#open.get(port)?.port?.tap(onReply);
  }

  /** @returns what is to be left once
   *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  async join(port: number, member: ArtnetMember): Promise<{ readonly port: ArtnetPort; leave(): Promise<void> }> {
    const opening = this.#open.get(port) ?? this.#begin(port);
    opening.users++;
    try {
      const opened = await opening.opened;
      opening.port = opened;
      opened.join(member);
      return {
        port: opened,
        leave: async () => {
          opened.leave(member);
          if (this.#release(port, opening)) await opened.close();
        },
      };
    } catch (cause) {
      this.#release(port, opening);
      throw cause;
    }
  }

  #begin(port: number): Opening {
    const forget = (): void => {
      if (this.#open.get(port) === opening) this.#open.delete(port);
    };
    const opened = ArtnetPort.open({ ...this.#world, port, onDead: () => forget() });
    const opening: Opening = { opened, port: undefined, users: 0 };
    this.#open.set(port, opening);
    return opening;
  }

  /** @returns whether that was the last; the next one opens it anew */
  #release(port: number, opening: Opening): boolean {
    opening.users--;
    if (opening.users > 0) return false;
    if (this.#open.get(port) === opening) this.#open.delete(port);
    return true;
  }
}
