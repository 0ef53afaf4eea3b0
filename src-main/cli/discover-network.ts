import { hostname } from 'node:os';
import type { FoundThing } from '../contract/discovery.ts';
import type { Millis } from '../contract/units.ts';
import { FoundThings } from '../core/discovery/found-things.ts';
import { hostLabel } from '../core/discovery/service-names.ts';
import { ArtnetFinder } from '../engine/discovery/artnet-finder.ts';
import { createBroadcastFinder } from '../engine/discovery/broadcast-finder.ts';
import type { Finder, FinderNeeds } from '../engine/discovery/finder.ts';
import { createMdnsFinder } from '../engine/discovery/mdns-finder.ts';
import { lanAccess } from '../engine/discovery/open-discovery.ts';
import { createSacnFinder } from '../engine/discovery/sacn-finder.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';

export interface NetworkListing {
  readonly lines: readonly string[];
  /** why something could not be looked for, one sentence each */
  readonly troubles: readonly string[];
}

/** Looks at the networks of this machine for so long. */
export async function listNetwork(listenFor: Millis, json: boolean): Promise<NetworkListing> {
  const found = new FoundThings();
  const troubles = await search(found, listenFor);
  return { lines: found.all().map(json ? jsonLine : plainLine), troubles };
}

/** Looks in every way at once.
 *  @returns what kept it from finding all, one sentence each */
async function search(found: FoundThings, listenFor: Millis): Promise<readonly string[]> {
  const clock = createSystemClock();
  const now = (): Millis => (clock.nowMicros() / 1000) as Millis;
  const needs = {
    ...lanAccess,
    clock,
    onSighting: (sighting: Parameters<FoundThings['heard']>[0]) => found.heard(sighting, now()),
    onUnread: () => undefined,
  };
  const finders = [byMdns(needs, found), createBroadcastFinder(needs), new ArtnetFinder(needs), bySacn(needs)];
  const cards = lanAccess.listCards();
  try {
    await Promise.all(finders.map((finder) => finder.follow(cards)));
    for (const finder of finders) finder.look();
    await new Promise<void>((resolve) => clock.after(listenFor, resolve));
    const troubles = finders.flatMap(({ trouble }) => trouble ?? []);
    return cards.length === 0 ? ['This machine is on no network.'] : [...new Set(troubles)];
  } finally {
    await Promise.all(finders.map((finder) => finder.stop()));
  }
}

type Needs = FinderNeeds & typeof lanAccess;

function byMdns(needs: Needs, found: FoundThings): Finder {
  const ownHost = `${hostLabel(hostname(), 0)}.local`;
  return createMdnsFinder({ ...needs, ownHost, onGoodbye: (goodbye) => found.goodbye(goodbye) });
}

function bySacn(needs: Needs): Finder {
  return createSacnFinder({ ...needs, isOwnCid: () => false });
}

function jsonLine({ firstSeen, lastSeen, offer: _offer, ...thing }: FoundThing): string {
  const seen = { firstSeen: isoTime(firstSeen), lastSeen: isoTime(lastSeen) };
  const sources = thing.sources.map((source) => ({ ...source, lastSeen: isoTime(source.lastSeen) }));
  return `${visibleJson(JSON.stringify({ ...thing, sources, ...seen }))}\n`;
}

/** kind, name, where, in which ways: parted by tabs, which no name holds */
function plainLine({ kind, name, url, addresses, universes, features, sources }: FoundThing): string {
  const where =
    url ?? [addresses[0], universes.length > 0 && `universes ${universes.join(',')}`].filter(Boolean).join(' ');
  const ways = [
    ...new Set(sources.map(({ way, networkCard }) => (networkCard === null ? way : `${way} ${networkCard}`))),
  ];
  const own = kind === 'artnet' && features.length > 0 ? ` (${features.join(', ')})` : '';
  return `${[kind, name + own, where, ways.join(', ')].map((each) => visibleText(each)).join('\t')}\n`;
}

function isoTime(at: Millis): string {
  return new Date(at).toISOString();
}
