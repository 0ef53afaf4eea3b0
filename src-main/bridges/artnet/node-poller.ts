import type { Cancel } from '../../contract/message-link.ts';
import { millis, millisToMicros, type Micros } from '../../contract/units.ts';
import type { ArtPollReply } from '../../core/dmx/artnet/art-poll-reply.ts';
import { buildArtPoll } from '../../core/dmx/artnet/art-poll.ts';
import type { ArtnetCards } from '../../core/dmx/artnet/artnet-cards.ts';
import { ArtnetNodes } from '../../core/dmx/artnet/artnet-nodes.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ArtnetMember } from './artnet-member.ts';

/** Between two polls of everybody: 2.5 to 2.9 s. [Art-Net 4, ArtPoll] */
const askEveryMsMin = 2500;
const askEveryMsSpread = 400;
/** How often a node that fell silent is asked by itself, so that one whose cable is back is sent to at once. */
export const askLostEvery = millis(1000);
/** For how long, and of how many. */
const lostForMicros = millisToMicros(millis(600_000));
const lostMax = 64;

export interface NodePollerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly members: ReadonlySet<ArtnetMember>;
  readonly cardsOf: (member: ArtnetMember) => ArtnetCards;
  readonly send: (packet: Uint8Array, address: string) => void;
  /** other nodes, or other ports of theirs */
  readonly onChange: () => void;
}

/** This machine as a controller: asks who is there while any bridge wants to know. */
export class NodePoller {
  readonly nodes = new ArtnetNodes();
  readonly #options: NodePollerOptions;
  /** addresses of nodes that fell silent, and when */
  readonly #lost = new Map<string, Micros>();
  #cancels: Cancel[] = [];
  /** there is no card to ask on */
  #isAway = false;

  constructor(options: NodePollerOptions) {
    this.#options = options;
  }

  /** Asks now, and again and again from here. */
  ask(): void {
    this.#cancel();
    const asking = [...this.#options.members].filter((member) => member.asks);
    if (asking.length === 0) return;
    const places = new Set(asking.flatMap((member) => this.#options.cardsOf(member)).map(({ broadcast }) => broadcast));
    if (this.#isAway && places.size > 0) this.nodes.forgive(this.#options.clock.nowMicros());
    this.#isAway = places.size === 0;
    for (const place of places) this.#options.send(buildArtPoll(), place);
    const { clock, random } = this.#options;
    const next = millis(askEveryMsMin + Math.floor(random.fraction() * askEveryMsSpread));
    this.#cancels = [clock.after(next, () => this.ask()), clock.after(askLostEvery, () => this.#lookAfterNodes())];
  }

  /** A bridge left: perhaps nobody asks any more. */
  rest(): void {
    if (![...this.#options.members].some((member) => member.asks)) this.#cancel();
  }

  hear(reply: ArtPollReply, from: string): void {
    this.#lost.delete(from);
    if (this.nodes.heard(reply, from, this.#options.clock.nowMicros())) this.#options.onChange();
  }

  stop(): void {
    this.#cancel();
  }

  #lookAfterNodes(): void {
    const now = this.#options.clock.nowMicros();
    this.#cancels[1] = this.#options.clock.after(askLostEvery, () => this.#lookAfterNodes());
    const lost = this.#isAway ? [] : this.nodes.look(now);
    for (const { address } of lost) if (this.#lost.size < lostMax) this.#lost.set(address, now);
    for (const [address, since] of this.#lost) {
      if (now - since > lostForMicros) this.#lost.delete(address);
      else this.#options.send(buildArtPoll(), address);
    }
    if (lost.length > 0) this.#options.onChange();
  }

  #cancel(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }
}
