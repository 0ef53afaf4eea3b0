import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import { buildArtPoll } from '../../core/dmx/artnet/art-poll.ts';
import { isOtherArtnet, readArtPollReply } from '../../core/dmx/artnet/art-poll-reply.ts';
import { artnetPort } from '../../core/dmx/artnet/artnet-head.ts';
import { cardOf, isHostAddress } from '../../core/discovery/lan-address.ts';
import { placeIdentity } from '../../core/discovery/sighting.ts';
import type { UdpEndpoint } from '../../platform/udp-socket.ts';
import type { LanCard } from '../../ports/lan.ts';
import { answerHoldsMs, windowMs, type Finder, type FinderNeeds, type LanSocket } from './finder.ts';
import { portTrouble } from './port-trouble.ts';

/** A node answers within three seconds. [Art-Net 4, ArtPoll] */
const askAtMs = [0, 2000] as const;

/** Finds Art-Net nodes: polls them, and listens for five seconds. Nodes answer to port 6454 of who asks. Where another program
 *  on this machine has that port, what is sent to this machine alone is left to it, and only answers to everybody are heard. */
export class ArtnetFinder implements Finder {
  readonly way = 'artpoll';
  readonly #needs: FinderNeeds;
  #cards: readonly LanCard[] = [];
  #cancels: Cancel[] = [];
  #sockets: readonly LanSocket[] = [];
  #trouble: string | undefined;
  #looks = 0;
  /** opening and closing, one after the other */
  #last: Promise<void> = Promise.resolve();

  constructor(needs: FinderNeeds) {
    this.#needs = needs;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  follow(cards: readonly LanCard[]): Promise<void> {
    this.#cards = cards;
    return Promise.resolve();
  }

  look(): void {
    void this.#look(++this.#looks);
  }

  stop(): Promise<void> {
    this.#looks++;
    return this.#close();
  }

  async #look(mine: number): Promise<void> {
    await this.#close();
    if (mine !== this.#looks || this.#cards.length === 0) return;
    await this.#open();
    if (mine !== this.#looks) return;
    const { clock } = this.#needs;
    this.#cancels = [
      ...askAtMs.map((delay) => clock.after(delay as Millis, () => this.#ask())),
      clock.after((askAtMs[1] + windowMs) as Millis, () => void this.#close()),
    ];
  }

  #open(): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#sockets = await this.#openSockets();
    });
    return this.#last;
  }

  #close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    this.#last = this.#last.then(async () => {
      const open = this.#sockets;
      this.#sockets = [];
      await Promise.all(open.map((socket) => socket.close()));
    });
    return this.#last;
  }

  async #openSockets(): Promise<readonly LanSocket[]> {
    this.#trouble = undefined;
    const { openSocket } = this.#needs;
    const onMessage = (bytes: Uint8Array, from: UdpEndpoint): void => this.#hear(bytes, from);
    const shared = this.#needs.shareArtnet?.(onMessage);
    if (shared) return [shared];
    const base = { port: artnetPort, shared: true, onMessage, onError: () => undefined };
    try {
      await this.#leaveToOthers();
      return [await openSocket({ ...base, address: '0.0.0.0' })];
    } catch (error) {
      this.#trouble = `${portTrouble(error)} Art-Net nodes that answer this machine alone are not found.`;
      const opening = this.#cards.map(({ broadcast }) => openSocket({ ...base, address: broadcast }));
      const opened = await Promise.allSettled(opening);
      return opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    }
  }

  /** @throws UnavailableError when somebody else has the port, shared or not */
  async #leaveToOthers(): Promise<void> {
    const nothing = { onMessage: () => undefined, onError: () => undefined };
    const probe = await this.#needs.openSocket({ ...nothing, address: '0.0.0.0', port: artnetPort });
    await probe.close();
  }

  #ask(): void {
    const [socket] = this.#sockets;
    for (const { broadcast } of this.#cards)
      socket?.send(buildArtPoll(), { address: broadcast, port: artnetPort }, () => undefined);
  }

  #hear(bytes: Uint8Array, from: UdpEndpoint): void {
    const card = cardOf(this.#cards, from.address);
    if (!card) return;
    const reply = readArtPollReply(bytes);
    if (!reply) {
      if (!isOtherArtnet(bytes)) this.#needs.onUnread('artpoll');
      return;
    }
    const { address, longName, shortName, bindIndex, mac, firmware, universes } = reply;
    this.#needs.onSighting({
      kind: 'artnet',
      way: 'artpoll',
      from: from.address,
      networkCard: card.name,
      identities: [...(mac === undefined ? [] : [`artnet ${mac}`]), placeIdentity('artnet', from.address, null)],
      name: longName || shortName || from.address,
      addresses: [...new Set([from.address, address])].filter(isHostAddress),
      port: artnetPort,
      url: null,
      features: firmware === undefined ? [] : [`firmware ${firmware}`],
      universes,
      part: String(bindIndex),
      holds: answerHoldsMs,
    });
  }
}
