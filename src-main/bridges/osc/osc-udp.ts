import { isLoopback } from '../../contract/loopback.ts';
import { isInNetworkOf } from '../../platform/broadcast-address.ts';
import { datagramBytesMax, UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import { everyonesAddresses, findOwnPlace, type OwnPlace } from './listen-addresses.ts';
import { hears, speaks, type OscEnd, type OscPacket, type OscWire, type OscWireOptions } from './osc-wire.ts';
import type { WhatStands } from '../../ports/bridge.ts';
import { PaceShare } from './pace-share.ts';
import { UdpSenders } from './udp-senders.ts';
import { UdpTarget } from './udp-target.ts';

/** OSC in datagrams: sockets to listen on, and one for each target. */
export class OscUdp implements OscWire {
  readonly #options: OscWireOptions;
  /** the first one sends too; the others hear what is sent to a card's network, or to groups */
  readonly #sockets: UdpSocket[] = [];
  #targets: readonly UdpTarget[] = [];
  readonly #senders: UdpSenders;
  readonly #share = new PaceShare();
  #isClosed = false;

  constructor(options: OscWireOptions) {
    this.#options = options;
    const isTarget = (endpoint: UdpEndpoint): boolean => this.#isTarget(endpoint);
    this.#senders = new UdpSenders({ ...options, share: this.#share, socket: () => this.#sockets[0], isTarget });
  }

  get listenPort(): number {
    return hears(this.#options.settings) ? (this.#sockets[0]?.local.port ?? 0) : 0;
  }

  async open(): Promise<void> {
    const { settings, clock, networkCards } = this.#options;
    const place = await findOwnPlace(settings, { clock, networkCards });
    await this.#openMain(place);
    if (!speaks(settings)) return;
    const { left, refuse, arrived } = this.#options;
    const main = (): UdpSocket | undefined => this.#sockets[0];
    const hear = (bytes: Uint8Array, from: OscEnd): void => this.#options.hear(bytes, from);
    const shared = { settings, clock, networkCards, left, refuse, arrived, main, place, hear, share: this.#share };
    this.#targets = settings.targets.map((target) => new UdpTarget({ ...shared, ...target }));
    await Promise.all(this.#targets.map((target) => target.begin()));
  }

  send(packet: OscPacket, stands?: WhatStands): void {
    if (this.#isClosed) return;
    if (packet.bytes.length > datagramBytesMax) return this.#options.refuse('a message was too long for one packet');
    const only = stands?.only;
    const waits = stands !== undefined;
    for (const target of this.#targets) if (!only || only.has(target)) target.send(packet, waits);
    if (!only && hears(this.#options.settings)) this.#senders.send(packet, waits);
  }

  troubles(): readonly string[] {
    return this.#targets.flatMap(({ trouble }) => trouble ?? []);
  }

  ends(): { readonly there: number; readonly wanted: number } {
    const there = this.#targets.filter(({ trouble }) => trouble === undefined).length;
    const answered = this.#senders.count;
    return { there: there + answered, wanted: this.#targets.length + answered };
  }

  get waiting(): number {
    return this.#targets.reduce((sum, target) => sum + target.waiting, this.#senders.waiting);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#senders.end();
    await Promise.all([
      ...this.#targets.map((target) => target.close()),
      ...this.#sockets.map((socket) => socket.close()),
    ]);
  }

  async #openMain(place: OwnPlace): Promise<void> {
    const { settings } = this.#options;
    try {
      this.#sockets.push(await this.#listen(place));
      if (!hears(settings)) return;
      const { port } = this.#sockets[0]?.local ?? { port: settings.listenPort };
      for (const address of everyonesAddresses(place)) this.#sockets.push(await this.#listenTo(address, port, place));
      if (place.card) {
        for (const group of settings.groups) this.#sockets.push(await this.#listenTo(group, port, place));
      }
    } catch (cause) {
      await Promise.all(this.#sockets.splice(0).map((socket) => socket.close()));
      throw cause;
    }
  }

  #listen({ address, card }: OwnPlace): Promise<UdpSocket> {
    const { settings } = this.#options;
    const isIpv6 = address.includes(':');
    return UdpSocket.open({
      address,
      port: hears(settings) ? settings.listenPort : 0,
      ...this.#runs(),
      ...(!isIpv6 && {
        multicast: {
          timeToLive: 1,
          ...(card && { from: card.address }),
          // A socket that is bound to a card's address hears no group: that has sockets of its own.
          groups: card || !hears(settings) ? [] : settings.groups,
        },
      }),
    });
  }

  /** @param address one that many share, so others on this machine may have it too */
  #listenTo(address: string, port: number, { card }: OwnPlace): Promise<UdpSocket> {
    const groups = this.#options.settings.groups.filter((group) => group === address);
    const from = card && { from: card.address };
    return UdpSocket.open({
      address,
      port,
      shared: true,
      ...this.#runs(),
      // What is sent to everyone comes by every card; who sends it is on the network of the right one.
      onMessage: (bytes, sender) => {
        if (groups.length > 0 || !card || isInNetworkOf(card.address, sender.address)) this.#hear(bytes, sender);
      },
      multicast: { timeToLive: 1, groups, ...from },
    });
  }

  #runs() {
    return {
      onMessage: (bytes: Uint8Array, from: UdpEndpoint) => this.#hear(bytes, from),
      onError: this.#options.fault,
    };
  }

  #hear(bytes: Uint8Array, from: UdpEndpoint): void {
    if (this.#isOwn(from)) return;
    this.#options.hear(bytes, this.#senders.note(from));
  }

  /** What this bridge sent itself comes back where it sends to everyone, or to its own port. */
  #isOwn({ address, port }: UdpEndpoint): boolean {
    const isOwnPort =
      this.#sockets.some(({ local }) => local.port === port) ||
      this.#targets.some(({ localPort }) => localPort === port);
    if (!isOwnPort) return false;
    const plain = address.replace(/^::ffff:/, '');
    return isLoopback(plain) || this.#options.networkCards().some((card) => card.address === plain);
  }

  #isTarget(endpoint: UdpEndpoint): boolean {
    return this.#targets.some(
      ({ endpoint: other }) => other?.address === endpoint.address && other.port === endpoint.port,
    );
  }
}
