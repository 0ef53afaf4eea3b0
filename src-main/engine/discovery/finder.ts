import type { FoundWay } from '../../contract/discovery.ts';
import type { Millis } from '../../contract/units.ts';
import type { Sighting } from '../../core/discovery/sighting.ts';
import type { UdpOptions, UdpSocket } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LanCard } from '../../ports/lan.ts';
import { CardFollowers } from './card-followers.ts';
import type { HeardWay } from './lan-counts.ts';

/** How often a finder that asks is told to ask again, and how long an answer holds: for one that was lost, too. */
export const lookEveryMs = 45_000 as Millis;
export const answerHoldsMs = 120_000 as Millis;
/** How long a finder listens after it asked. */
export const windowMs = 5000 as Millis;

/** One way of finding things. None of its calls throws; what does not work is its trouble. */
export interface Finder {
  readonly way: FoundWay;
  /** why it finds nothing, or not all, as a sentence */
  readonly trouble: string | undefined;
  /** Goes on with the cards that there are now. Settles when it hears on all of them. */
  follow(cards: readonly LanCard[]): Promise<void>;
  /** Asks who is there. */
  look(): void;
  /** Settles when nothing is open any more. */
  stop(): Promise<void>;
}

/** What finders use of a UDP socket. */
export type LanSocket = Pick<UdpSocket, 'local' | 'send' | 'close'>;

export interface FinderNeeds {
  readonly clock: Clock;
  readonly openSocket: (options: UdpOptions) => Promise<LanSocket>;
  /** The Art-Net port as bridges of this process have it open; undefined while none has. */
  readonly shareArtnet?: (onReply: UdpOptions['onMessage']) => LanSocket | undefined;
  readonly onSighting: (sighting: Sighting) => void;
  /** A datagram came in which nothing could be read. */
  readonly onUnread: (way: HeardWay) => void;
}

export interface CardSocket {
  readonly card: LanCard;
  readonly socket: LanSocket;
}

/** A socket for every card. */
export function followWithSockets(
  openSocket: FinderNeeds['openSocket'],
  optionsFor: (card: LanCard) => Omit<UdpOptions, 'onError'>,
): CardFollowers<CardSocket> {
  return new CardFollowers({
    open: async (card, onFault) => ({ card, socket: await openSocket({ ...optionsFor(card), onError: onFault }) }),
    close: ({ socket }) => socket.close(),
  });
}
