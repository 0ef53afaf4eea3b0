import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import {
  assumedPort,
  broadcastPort,
  discoveryRequest,
  listenWindowMs,
  readDiscoveryAnswer,
} from '../../core/discovery/broadcast-frames.ts';
import { cardOf } from '../../core/discovery/lan-address.ts';
import { placeIdentity, type Sighting } from '../../core/discovery/sighting.ts';
import type { LanCard } from '../../ports/lan.ts';
import { answerHoldsMs, followWithSockets, type Finder, type FinderNeeds } from './finder.ts';

const askAtMs = [0, 1000, 2500] as const;
const closesAtMs = (askAtMs[2] + listenWindowMs) as Millis;

export interface BroadcastFinder extends Finder {
  /** whether it asks from there itself */
  isOwn(from: { readonly address: string; readonly port: number }): boolean;
}

/** Finds CLASP routers by a HELLO to everybody on UDP 7331, and listens for five seconds. @see CLASP-WIRE §13 */
export function createBroadcastFinder({ clock, openSocket, onSighting, onUnread }: FinderNeeds): BroadcastFinder {
  let cards: readonly LanCard[] = [];
  let cancels: Cancel[] = [];
  let looks = 0;
  const sockets = followWithSockets(openSocket, (card) => ({
    address: card.address,
    port: 0,
    onMessage: (bytes, from) => {
      if (!cardOf([card], from.address)) return;
      const sighting = sightingOf(bytes, from.address, card);
      if (sighting) onSighting(sighting);
      else onUnread('broadcast');
    },
  }));
  return {
    way: 'broadcast',
    get trouble() {
      return sockets.trouble;
    },
    isOwn: ({ address, port }) =>
      sockets.open.some(({ socket }) => socket.local.address === address && socket.local.port === port),
    follow: (now) => {
      cards = now;
      return Promise.resolve();
    },
    look: () => void look(),
    stop: async () => {
      looks++;
      for (const cancel of cancels) cancel();
      await sockets.close();
    },
  };

  async function look(): Promise<void> {
    const mine = ++looks;
    for (const cancel of cancels) cancel();
    await sockets.follow(cards);
    if (mine !== looks) return;
    cancels = [
      ...askAtMs.map((delay) => clock.after(delay as Millis, ask)),
      clock.after(closesAtMs, () => void sockets.close()),
    ];
  }

  function ask(): void {
    for (const { card, socket } of sockets.open)
      for (const address of [card.broadcast, '255.255.255.255'])
        // Without a default route the second goes nowhere; the first reaches the same machines.
        socket.send(discoveryRequest(), { address, port: broadcastPort }, () => undefined);
  }
}

function sightingOf(bytes: Uint8Array, from: string, card: LanCard): Sighting | undefined {
  const answer = readDiscoveryAnswer(bytes);
  return (
    answer && {
      kind: 'clasp',
      way: 'broadcast',
      from,
      networkCard: card.name,
      identities: [placeIdentity('clasp', from, assumedPort)],
      name: answer.name,
      addresses: [from],
      port: assumedPort,
      url: `ws://${from}:${assumedPort}/clasp`,
      features: answer.features,
      holds: answerHoldsMs,
    }
  );
}
