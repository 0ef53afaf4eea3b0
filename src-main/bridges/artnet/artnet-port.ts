import type { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { ArtAddress } from '../../core/dmx/artnet/art-address.ts';
import type { ArtDmx } from '../../core/dmx/artnet/art-dmx.ts';
import type { ArtPollReply } from '../../core/dmx/artnet/art-poll-reply.ts';
import type { ArtnetNodes } from '../../core/dmx/artnet/artnet-nodes.ts';
import { readArtnetPacket } from '../../core/dmx/artnet/artnet-packet.ts';
import { cardFor, type ArtnetCards } from '../../core/dmx/artnet/artnet-cards.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanCard } from '../../ports/lan.ts';
import type { Random } from '../../ports/random.ts';
import type { ArtnetMember } from './artnet-member.ts';
import { NodePoller } from './node-poller.ts';
import { PollAnswers } from './poll-answers.ts';

/** How often the network cards are looked at: a cable that is back is used again within this time. */
export const lookAtCardsEvery = millis(500);

export interface ArtnetWorld {
  readonly clock: Clock;
  readonly random: Random;
  /** with loopback, where other programs of this machine are */
  readonly lanCards: () => readonly LanCard[];
}

type Tap = (bytes: Uint8Array, from: UdpEndpoint) => void;

export interface ArtnetPortOptions extends ArtnetWorld {
  readonly port: number;
  /** The socket died; before the bridges are told. */
  readonly onDead: () => void;
}

/** Where all that comes by Art-Net to one UDP port of this machine is heard, and where it leaves. One for all bridges, since of
 *  several sockets only one would get what is sent to this machine alone, and since one machine is one node. */
export class ArtnetPort {
  readonly #world: ArtnetPortOptions;
  readonly #members = new Set<ArtnetMember>();
  readonly #taps = new Set<Tap>();
  readonly #answers: PollAnswers;
  readonly #poller: NodePoller;
  #socket: UdpSocket | undefined;
  #cards: ArtnetCards;
  #cancelLook: Cancel | undefined;

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port'; nothing stays open then */
  static async open(options: ArtnetPortOptions): Promise<ArtnetPort> {
    const opened = new ArtnetPort(options);
    opened.#socket = await UdpSocket.open({
      address: '0.0.0.0',
      port: options.port,
      shared: true,
      onMessage: (bytes, { address }) => opened.#hear(bytes, address),
      onError: (reason) => opened.#fault(reason),
    });
    opened.#lookAtCardsLater();
    return opened;
  }

  private constructor(world: ArtnetPortOptions) {
    this.#world = world;
    this.#cards = world.lanCards();
    const send = (packet: Uint8Array, address: string): void => this.send(packet, address, () => undefined);
    this.#answers = new PollAnswers({
      ...world,
      members: this.#members,
      cards: () => this.#cards,
      isNear: (member, address) => this.isNear(member, address),
      send,
    });
    this.#poller = new NodePoller({
      ...world,
      members: this.#members,
      send,
      cardsOf: (member) => this.cardsOf(member),
      onChange: () => this.#tellAll(),
    });
  }

  get nodes(): ArtnetNodes {
    return this.#poller.nodes;
  }

  /** Also for one that is there and has other settings. */
  join(member: ArtnetMember): void {
    this.#members.add(member);
    if (member.asks) this.#poller.ask();
  }

  leave(member: ArtnetMember): void {
    this.#members.delete(member);
    this.#poller.rest();
  }

  /** See `ArtnetPorts.tap`. */
  tap(onReply: Tap): Pick<UdpSocket, 'local' | 'send' | 'close'> {
    this.#taps.add(onReply);
    return {
      local: { address: '0.0.0.0', port: this.#world.port },
      send: (packet, to, settled) => this.#socket?.send(packet, to, settled),
      close: () => {
        this.#taps.delete(onReply);
        return Promise.resolve();
      },
    };
  }

  /** @param packet not changed by anyone afterwards
   *  @param settled as of `UdpSocket` */
  send(packet: Uint8Array, address: string, settled: (failure?: UnavailableError) => void): void {
    this.#socket?.send(packet, { address, port: this.#world.port }, settled);
  }

  /** The networks that a bridge works on; empty while its card is away. Without a choice all, and this machine alone while
   *  there is no other. */
  cardsOf({ networkCard }: Pick<ArtnetMember, 'networkCard'>): ArtnetCards {
    if (networkCard !== '')
      return this.#cards.filter(({ name, address }) => name === networkCard || address === networkCard).slice(0, 1);
    const outside = this.#cards.filter(({ address }) => !address.startsWith('127.'));
    return outside.length > 0 ? outside : this.#cards;
  }

  /** Whether an address is one that a bridge works with. */
  isNear(member: Pick<ArtnetMember, 'networkCard'>, address: string): boolean {
    if (member.networkCard === '') return true;
    const card = cardFor(this.#cards, address);
    return card !== undefined && (card.name === member.networkCard || card.address === member.networkCard);
  }

  async close(): Promise<void> {
    this.#cancelLook?.();
    this.#answers.stop();
    this.#poller.stop();
    await this.#socket?.close();
  }

  #hear(bytes: Uint8Array, from: string): void {
    const packet = readArtnetPacket(bytes);
    switch (packet.is) {
      case 'dmx':
        return this.#hearDmx(packet, from);
      case 'sync':
        return this.#hearSync(from);
      case 'poll':
        return this.#answers.hear(packet, from);
      case 'poll-reply':
        if (!this.#answers.isOwn(packet)) this.#hearReply(packet, bytes, from);
        return;
      case 'address':
        return this.#hearAddress(packet, from);
      case 'input':
        // What the show sends is the operator's to switch; the answer says that it goes on.
        return this.#answers.answer(from);
      case 'unread':
        for (const member of this.#members) member.hearUnread();
        return;
      case 'other':
        return;
      default:
        return packet satisfies never;
    }
  }

  #hearReply(reply: ArtPollReply, bytes: Uint8Array, from: string): void {
    this.#poller.hear(reply, from);
    for (const tap of this.#taps) tap(bytes, { address: from, port: this.#world.port });
  }

  /** What this process broadcasts comes back to it. */
  #hearDmx(dmx: ArtDmx, from: string): void {
    if (this.#isOurs(from) && [...this.#members].some((member) => member.sends(dmx.portAddress))) return;
    for (const member of this.#members) if (this.isNear(member, from)) member.hearDmx(dmx, from);
  }

  /** As above: another program of this machine goes by syncs of its own, not by ours. */
  #hearSync(from: string): void {
    if (this.#isOurs(from) && [...this.#members].some(({ syncs }) => syncs)) return;
    for (const member of this.#members) if (this.isNear(member, from)) member.hearSync(from);
  }

  #isOurs(from: string): boolean {
    return this.#cards.some(({ address }) => address === from);
  }

  #hearAddress({ bindIndex, command }: ArtAddress, from: string): void {
    const page = this.#answers.pagesFor(from)[bindIndex - 1];
    if (!page) return;
    const wanted = command.does === 'merge' ? page.ports.slice(command.port, command.port + 1) : page.ports;
    const how = command.does === 'merge' ? command.rule : command.does === 'cancel-merge' ? 'cancel' : undefined;
    for (const { portAddress, way } of wanted) if (how && way === 'out') page.member.merge(portAddress, how);
    this.#answers.answer(from);
  }

  #lookAtCardsLater(): void {
    this.#cancelLook = this.#world.clock.after(lookAtCardsEvery, () => {
      this.#lookAtCardsLater();
      this.#answers.look();
      const cards = this.#world.lanCards();
      if (JSON.stringify(cards) === JSON.stringify(this.#cards)) return;
      this.#cards = cards;
      this.#poller.ask();
      this.#tellAll();
    });
  }

  #tellAll(): void {
    for (const member of this.#members) member.look();
  }

  #fault(reason: UnavailableError): void {
    this.#world.onDead();
    for (const member of [...this.#members]) member.fault(reason);
  }
}
