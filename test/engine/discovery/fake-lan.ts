import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type { UdpEndpoint, UdpOptions } from '../../../src-main/platform/udp-socket.ts';
import type { LanSocket } from '../../../src-main/engine/discovery/finder.ts';
import type { LanCard } from '../../../src-main/ports/lan.ts';
import type { DnsQuestion, DnsRecord, MdnsPort, MdnsPortOptions } from '../../../src-main/ports/mdns.ts';

export interface Sent {
  readonly from: string;
  readonly to: UdpEndpoint;
  readonly bytes: Uint8Array;
}

/** The networks of one machine, in memory: what is open, what was sent, and how to be heard. */
export class FakeLan {
  cards: readonly LanCard[] = [lanCard('eth0', '10.0.0.5')];
  readonly sent: Sent[] = [];
  readonly asked: { readonly card: string; readonly question: DnsQuestion }[] = [];
  readonly told: { readonly card: string; readonly records: readonly DnsRecord[] }[] = [];
  /** ports that cannot be opened unless they are shared, and those that cannot be opened at all */
  readonly takenPorts = new Set<number>();
  readonly closedPorts = new Set<number>();
  readonly #sockets = new Map<LanSocket, UdpOptions>();
  readonly #mdns = new Map<MdnsPort, MdnsPortOptions>();
  #nextPort = 50_000;

  /** Everything that is open, as `address:port`. */
  get open(): readonly string[] {
    const sockets = [...this.#sockets].map(([{ local }]) => `${local.address}:${local.port}`);
    return [...sockets, ...[...this.#mdns.keys()].map(({ card }) => `mdns ${card.address}`)];
  }

  readonly access = {
    listCards: () => this.cards,
    openSocket: async (options: UdpOptions): Promise<LanSocket> => {
      await Promise.resolve();
      const { address, port, shared = false } = options;
      if (this.closedPorts.has(port) || (this.takenPorts.has(port) && !shared))
        throw new UnavailableError('port-in-use', `UDP port ${port} is used by another program. Choose another.`, {
          port,
        });
      const local = { address, port: port || this.#nextPort++ };
      const socket: LanSocket = {
        local,
        send: (bytes, to, settled) => {
          this.sent.push({ from: `${local.address}:${local.port}`, to, bytes });
          settled();
        },
        close: () => {
          this.#sockets.delete(socket);
          return Promise.resolve();
        },
      };
      this.#sockets.set(socket, options);
      return socket;
    },
    openMdns: async (options: MdnsPortOptions): Promise<MdnsPort> => {
      await Promise.resolve();
      const { name: card } = options.card;
      const port: MdnsPort = {
        card: options.card,
        ask: (questions) => void this.asked.push(...questions.map((question) => ({ card, question }))),
        answerWith: () => undefined,
        tell: (records) => {
          this.told.push({ card, records });
          return Promise.resolve();
        },
        close: () => {
          this.#mdns.delete(port);
          return Promise.resolve();
        },
      };
      this.#mdns.set(port, options);
      return port;
    },
  };

  /** One datagram arrives at every socket of that port. */
  arrive(port: number, bytes: Uint8Array, from: UdpEndpoint): void {
    for (const [{ local }, { onMessage }] of [...this.#sockets]) if (local.port === port) onMessage(bytes, from);
  }

  /** Ports of the sockets that are bound to an address. */
  portsAt(address: string): readonly number[] {
    return [...this.#sockets.keys()].filter(({ local }) => local.address === address).map(({ local }) => local.port);
  }

  /** One packet of mDNS, heard on every card as on a real machine. */
  answer(records: readonly DnsRecord[], from: string): void {
    for (const { onAnswers } of [...this.#mdns.values()]) onAnswers(records, from);
  }

  /** A packet that is none of mDNS, heard on every card. */
  garbleMdns(): void {
    for (const { onUnread } of this.#mdns.values()) onUnread();
  }

  /** The newest mDNS port fails. */
  failMdns(): void {
    const [port, options] = [...this.#mdns].at(-1) ?? [];
    if (port) this.#mdns.delete(port);
    options?.onFault('gone');
  }
}

export function lanCard(name: string, address: string): LanCard {
  return { name, address, netmask: '255.255.255.0', broadcast: address.replace(/\d+$/, '255') };
}

export function oscService(name: string, address: string): readonly DnsRecord[] {
  const type = '_osc._udp.local';
  return [
    { name: `${name}.${type}`, type: 'SRV', ttl: 120, data: { target: `${name}.local`, port: 9000 } },
    { name: `${name}.local`, type: 'A', ttl: 120, data: address },
  ];
}
