import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import { NewestMap } from '../../core/bounds/newest-map.ts';
import { cardOf } from '../../core/discovery/lan-address.ts';
import { mdnsQuestions, readMdnsServices } from '../../core/discovery/mdns-services.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanCard } from '../../ports/lan.ts';
import type { DnsQuestion, DnsRecord, MdnsPort, OpenMdnsPort } from '../../ports/mdns.ts';
import { CardFollowers } from './card-followers.ts';
import type { Finder, FinderNeeds } from './finder.ts';

/** A packet may be lost, and answers to the first question may collide. [RFC 6762 5.2] */
const askAtMs = [0, 1000, 3000] as const;
/** A service of which only the name is known is asked for again this late. */
const askAgainAfterMicros = 5_000_000;
const askedMax = 1000;
/** Questions after single services that leave in a second, whatever names are told. */
const detailsPerSecondMax = 50;

export interface MdnsFinderNeeds extends Pick<FinderNeeds, 'clock' | 'onSighting' | 'onUnread'> {
  readonly openMdns: OpenMdnsPort;
  /** the host that this program goes by itself */
  readonly ownHost: string;
  readonly onGoodbye: (goodbye: { identity: string; way: 'mdns'; from: string }) => void;
}

/** Hears what the finder hears. */
export interface MdnsListener {
  heard(records: readonly DnsRecord[]): void;
  portCame(): void;
}

export interface MdnsFinder extends Finder {
  readonly ports: () => readonly MdnsPort[];
  /** From now on. */
  listen(listener: MdnsListener): void;
}

/** Finds services by mDNS and DNS-SD, on every card. */
export function createMdnsFinder(needs: MdnsFinderNeeds): MdnsFinder {
  const { clock, openMdns, ownHost, onSighting, onUnread, onGoodbye } = needs;
  const detailsOf = createDetailQuestions(clock);
  const listeners: MdnsListener[] = [];
  let cards: readonly LanCard[] = [];
  let cancels: Cancel[] = [];
  const onAnswers = (records: readonly DnsRecord[], from: string): void => {
    // A socket hears what comes in by other cards too; from elsewhere than our networks nothing comes. [RFC 6762 11]
    const card = cardOf(cards, from);
    if (!card) return;
    for (const listener of listeners) listener.heard(records);
    const news = readMdnsServices(records, { address: from, networkCard: card.name }, ownHost);
    for (const identity of news.goodbyes) onGoodbye({ identity, way: 'mdns', from });
    for (const sighting of news.sightings) onSighting(sighting);
    const details = detailsOf(news.unknown);
    if (details.length > 0) ask(details);
  };
  const ports = new CardFollowers<MdnsPort>({
    open: (card, onFault) => openMdns({ card, onAnswers, onUnread: () => onUnread('mdns'), onFault }),
    close: (port) => port.close(),
    onCame: (port) => {
      port.ask(mdnsQuestions);
      for (const listener of listeners) listener.portCame();
    },
  });
  return {
    way: 'mdns',
    ports: () => ports.open,
    get trouble() {
      return ports.trouble;
    },
    listen: (listener) => void listeners.push(listener),
    follow: (now) => {
      cards = now;
      return ports.follow(now);
    },
    look: () => {
      for (const cancel of cancels) cancel();
      cancels = askAtMs.map((delay) => clock.after(delay as Millis, () => ask(mdnsQuestions)));
    },
    stop: () => {
      for (const cancel of cancels) cancel();
      return ports.close();
    },
  };

  function ask(questions: readonly DnsQuestion[]): void {
    for (const port of ports.open) port.ask(questions);
  }
}

/** Which of the services that are known by name alone are asked for now: each once in a while, and few in all. */
function createDetailQuestions(clock: Clock): (unknown: readonly DnsQuestion[]) => readonly DnsQuestion[] {
  const asked = new NewestMap<string, number>(askedMax);
  let details = { second: 0, count: 0 };
  return (unknown) => {
    const now = clock.nowMicros();
    const second = Math.floor(now / 1_000_000);
    if (second !== details.second) details = { second, count: 0 };
    const fresh = unknown
      .filter(({ name, type }) => now - (asked.get(`${type} ${name}`) ?? -Infinity) >= askAgainAfterMicros)
      .slice(0, detailsPerSecondMax - details.count);
    for (const { name, type } of fresh) asked.set(`${type} ${name}`, now);
    details.count += fresh.length;
    return fresh;
  };
}
