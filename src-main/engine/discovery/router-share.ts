import { Advert } from '../../core/discovery/advert.ts';
import { assumedPort } from '../../core/discovery/broadcast-frames.ts';
import { fitInstanceName } from '../../core/discovery/service-names.ts';
import { claspTxt } from '../../core/discovery/txt-record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanCard } from '../../ports/lan.ts';
import type { Random } from '../../ports/random.ts';
import type { BroadcastFinder } from './broadcast-finder.ts';
import { BroadcastResponder, type ResponderOptions } from './broadcast-responder.ts';
import type { FinderNeeds } from './finder.ts';
import type { MdnsFinder } from './mdns-finder.ts';

/** For so long others believe that it is there when it ended without a goodbye. */
const ttlSeconds = 120;
/** Params, events, streams, timelines, gestures. */
const features = 'pestg';

/** The WebSocket port of the router. */
export interface ReachableDoor {
  /** where it listens: an address of this machine, or 0.0.0.0 or :: for all */
  readonly host: string;
  readonly port: number;
}

export interface RouterShareOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: FinderNeeds['openSocket'];
  readonly door: ReachableDoor;
  /** as people call this machine */
  readonly machine: string;
  /** by which it goes in mDNS: `flyrail-desk-1a2b3c4d.local` */
  readonly ownHost: string;
  readonly mdns: MdnsFinder;
  readonly broadcast: BroadcastFinder;
  readonly onQuestion: ResponderOptions['onQuestion'];
}

/** Lets others find the router: on the cards by whose networks they reach it, and on no other. */
export class RouterShare {
  readonly #options: RouterShareOptions;
  readonly #advert: Advert;
  readonly #responder: BroadcastResponder;
  #cards: readonly LanCard[] = [];

  constructor(options: RouterShareOptions) {
    const { clock, random, openSocket, door, machine, ownHost, mdns, broadcast, onQuestion } = options;
    this.#options = options;
    const name = fitInstanceName(`Flyrail on ${machine}`);
    const isReached = ({ address }: LanCard): boolean => this.#cards.some((card) => card.address === address);
    this.#advert = new Advert({
      clock,
      random,
      service: {
        type: '_clasp._tcp.local',
        name,
        host: ownHost,
        port: door.port,
        txt: claspTxt({ name, features, port: door.port }),
        ttlSeconds,
      },
      ports: () => mdns.ports().filter(({ card }) => isReached(card)),
    });
    this.#responder = new BroadcastResponder({
      clock,
      random,
      openSocket,
      name,
      cards: () => this.#cards,
      isOwn: (from) => broadcast.isOwn(from),
      onQuestion,
    });
    mdns.listen({ heard: (records) => this.#advert.heard(records), portCame: () => this.#advert.portCame() });
  }

  /** why not everybody finds it, one sentence each */
  get troubles(): readonly string[] {
    const { host, port } = this.#options.door;
    if (isLoopback(host)) return ['The router lets in nobody but this machine, so it is not shown on the network.'];
    const assumed =
      port === assumedPort
        ? []
        : [
            `Who asks by broadcast takes port ${assumedPort} for granted; the router has ${port}, so only mDNS shows it.`,
          ];
    return [...assumed, ...(this.#responder.trouble === undefined ? [] : [this.#responder.trouble])];
  }

  /** Goes on with the cards that there are now; ports of mDNS are open for them. */
  async follow(cards: readonly LanCard[]): Promise<void> {
    this.#cards = reachable(this.#options.door, cards);
    if (this.#cards.length === 0) return;
    this.#advert.start();
    if (this.#options.door.port === assumedPort) await this.#responder.open();
  }

  /** Settles when the goodbye left, as long as the ports of mDNS are still open. */
  async stop(): Promise<void> {
    await Promise.all([this.#advert.stop(), this.#responder.stop()]);
  }
}

/** The cards by whose networks a door is reached. */
export function reachable({ host }: ReachableDoor, cards: readonly LanCard[]): readonly LanCard[] {
  if (host === '0.0.0.0' || host === '::') return cards;
  return cards.filter(({ address }) => address === host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
