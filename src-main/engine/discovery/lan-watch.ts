import type { FoundWay } from '../../contract/discovery.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import type { FoundThings } from '../../core/discovery/found-things.ts';
import type { Sighting } from '../../core/discovery/sighting.ts';
import type { LanCard } from '../../ports/lan.ts';
import type { OpenMdnsPort } from '../../ports/mdns.ts';
import { ArtnetFinder } from './artnet-finder.ts';
import { createBroadcastFinder } from './broadcast-finder.ts';
import { lookEveryMs, type Finder, type FinderNeeds } from './finder.ts';
import type { HeardWay, LanCounts } from './lan-counts.ts';
import { createMdnsFinder } from './mdns-finder.ts';
import { RouterShare, type RouterShareOptions } from './router-share.ts';
import { createSacnFinder, type SacnFinderNeeds } from './sacn-finder.ts';

/** How often cards are looked for that came or went. */
const cardsEveryMs = 5000 as Millis;
/** After somebody asked to look again, what does not answer by then has gone. [RFC 6762 10.4] */
export const doubtMs = 10_000 as Millis;
/** Ways in which everything is asked, and answers. */
export const asking: readonly FoundWay[] = ['mdns', 'broadcast', 'artpoll'];

export interface LanWatchOptions
  extends Omit<FinderNeeds, 'onSighting' | 'onUnread'>, Pick<SacnFinderNeeds, 'isOwnCid'> {
  readonly random: RouterShareOptions['random'];
  readonly openMdns: OpenMdnsPort;
  readonly listCards: () => readonly LanCard[];
  readonly found: FoundThings;
  /** what is counted goes there */
  readonly counts: LanCounts;
  readonly ownHost: string;
  /** the router that is to be found; undefined: this program stays unseen */
  readonly share: Pick<RouterShareOptions, 'door' | 'machine'> | undefined;
}

/** Looks at the networks of this machine in every way there is, and goes on with cards that come and go. */
export class LanWatch {
  readonly #options: LanWatchOptions;
  readonly #finders: readonly Finder[];
  readonly #share: RouterShare | undefined;
  #stopped = false;
  #cancelCards: Cancel = () => undefined;
  #cancelLook: Cancel = () => undefined;
  #cards = '';
  #following: Promise<void> = Promise.resolve();

  constructor(options: LanWatchOptions) {
    this.#options = options;
    const { clock, found, share, counts } = options;
    const onSighting = (sighting: Sighting): void => {
      if (sighting.way !== 'rendezvous') counts.heard[sighting.way]++;
      found.heard(sighting, this.#now());
    };
    const onUnread = (way: HeardWay): void => {
      counts.unread[way]++;
    };
    const needs = { ...options, onSighting, onUnread };
    const mdns = createMdnsFinder({ ...needs, onGoodbye: (goodbye) => found.goodbye(goodbye) });
    const broadcast = createBroadcastFinder(needs);
    this.#finders = [mdns, broadcast, new ArtnetFinder(needs), createSacnFinder(needs)];
    this.#share =
      share &&
      new RouterShare({
        ...{ ...options, ...share, clock, mdns, broadcast },
        onQuestion: (fate) => {
          counts.questions[fate]++;
        },
      });
  }

  /** what is not found, or not shown, and why */
  get troubles(): readonly string[] {
    const finders = this.#finders.flatMap(({ trouble }) => trouble ?? []);
    return [...new Set([...finders, ...(this.#share?.troubles ?? [])])];
  }

  start(): void {
    this.#watchCards();
    this.#lookLater();
  }

  /** Asks everybody anew; what does not answer soon is taken for gone. */
  look(): void {
    for (const finder of this.#finders) finder.look();
    this.#options.found.doubt(asking, (this.#now() + doubtMs) as Millis);
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelCards();
    this.#cancelLook();
    await this.#following;
    await this.#share?.stop();
    await Promise.all(this.#finders.map((finder) => finder.stop()));
  }

  #watchCards(): void {
    const cards = this.#options.listCards();
    const isNew = JSON.stringify(cards) !== this.#cards;
    this.#cards = JSON.stringify(cards);
    this.#following = this.#following.then(() => this.#follow(cards, isNew));
    this.#cancelCards = this.#options.clock.after(cardsEveryMs, () => this.#watchCards());
  }

  async #follow(cards: readonly LanCard[], isNew: boolean): Promise<void> {
    if (this.#stopped) return;
    await Promise.all(this.#finders.map((finder) => finder.follow(cards)));
    // `stop` waits for this, and then ends what began meanwhile.
    await this.#share?.follow(cards);
    if (isNew) for (const finder of this.#finders) finder.look();
  }

  #lookLater(): void {
    this.#cancelLook();
    this.#cancelLook = this.#options.clock.after(lookEveryMs, () => {
      for (const finder of this.#finders) finder.look();
      this.#lookLater();
    });
  }

  #now(): Millis {
    return (this.#options.clock.nowMicros() / 1000) as Millis;
  }
}
