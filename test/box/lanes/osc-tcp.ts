import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import osc, { type OscPort } from 'osc';
import { freePort } from '../../free-port.ts';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** A media server that is dialled by TCP and speaks SLIP, by the npm package osc; unplugged, it is switched off. */
export async function planOscTcp(): Promise<LanePlan> {
  const [port, listenPort] = [await freePort(), await freeUdpPort()];
  const targets = [{ host: '127.0.0.1', port }];
  return {
    id: 'media',
    bridge: {
      kind: 'osc',
      settings: { transport: 'tcp', role: 'connect', listenHost: '127.0.0.1', listenPort, targets, prefix: '/media' },
    },
    begin: async ({ client, hear, onEnd }) => {
      const tallies = [new Tally('OSC by TCP, in', 'newest'), new Tally('OSC by TCP, out', 'newest')] as const;
      const [into, out] = tallies;
      const media = new MediaServer(port, (n) => out.came(n));
      await media.open();
      onEnd(() => media.close());
      hear('/media/in', (n) => into.came(n));
      return {
        tallies,
        perSecond: 50,
        turn: (n) => {
          if (media.send(n)) into.sent(n);
          out.sent(n);
          client.set('/media/out', n);
        },
        unplug: () => media.close(),
        plug: () => media.open(),
      };
    },
  };
}

class MediaServer {
  readonly #port: number;
  readonly #run: (n: number) => void;
  readonly #ends = new Map<Socket, OscPort>();
  #server: Server | undefined;

  constructor(port: number, run: (n: number) => void) {
    this.#port = port;
    this.#run = run;
  }

  async open(): Promise<void> {
    this.#server = createServer((socket) => this.#take(socket)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** @returns whether somebody is connected */
  send(n: number): boolean {
    for (const end of this.#ends.values()) end.send({ address: '/in', args: [n] });
    return this.#ends.size > 0;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#ends.keys()) socket.destroy();
    if (!server) return;
    server.close();
    await once(server, 'close');
  }

  #take(socket: Socket): void {
    const end = new osc.TCPSocketPort({ socket });
    end.on('error', () => undefined);
    end.on('message', ({ args }) => this.#run(Number(args[0])));
    this.#ends.set(socket, end);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#ends.delete(socket));
  }
}
