import process from 'node:process';
import type { Millis } from '../../contract/units.ts';
import { discoveryEveryMs } from '../../core/dmx/sacn-discovery.ts';
import { isOtherSacn, readUniverseList } from '../../core/dmx/sacn-universe-list.ts';
import { cardOf } from '../../core/discovery/lan-address.ts';
import type { UdpEndpoint } from '../../platform/udp-socket.ts';
import type { LanCard } from '../../ports/lan.ts';
import { followWithSockets, type Finder, type FinderNeeds } from './finder.ts';

const sacnPort = 5568;
/** Of the discovery universe, 64214. [E1.31 9.3.1] */
const discoveryGroup = '239.255.250.214';
/** Two lost in a row are borne. */
const holdsMs = (discoveryEveryMs * 2.5) as Millis;

export interface SacnFinderNeeds extends FinderNeeds {
  /** whether an output of ours sends by this component identifier, lower case */
  readonly isOwnCid: (cid: string) => boolean;
}

/** Finds sACN sources by what they tell the discovery universe every ten seconds; nothing is asked. */
export function createSacnFinder({ openSocket, onSighting, onUnread, isOwnCid }: SacnFinderNeeds): Finder {
  let cards: readonly LanCard[] = [];
  // Bound to the group, it takes nothing from other programs on this machine; Windows binds to no group.
  const address = process.platform === 'win32' ? '0.0.0.0' : discoveryGroup;
  const sockets = followWithSockets(openSocket, (card) => ({
    address,
    port: sacnPort,
    shared: true,
    onMessage: hear,
    multicast: { from: card.address, timeToLive: 1, groups: [discoveryGroup] },
  }));
  return {
    way: 'sacn',
    get trouble() {
      return sockets.trouble;
    },
    follow: (now) => {
      cards = now;
      return sockets.follow(now);
    },
    look: () => undefined,
    stop: () => sockets.close(),
  };

  function hear(bytes: Uint8Array, from: UdpEndpoint): void {
    const card = cardOf(cards, from.address);
    if (!card) return;
    const list = readUniverseList(bytes);
    if (!list) {
      if (!isOtherSacn(bytes)) onUnread('sacn');
      return;
    }
    if (isOwnCid(list.cid)) return;
    onSighting({
      kind: 'sacn',
      way: 'sacn',
      from: from.address,
      networkCard: card.name,
      identities: [`sacn ${list.cid}`],
      name: list.sourceName || from.address,
      addresses: [from.address],
      port: sacnPort,
      url: null,
      universes: list.universes,
      part: String(list.page),
      holds: holdsMs,
    });
  }
}
