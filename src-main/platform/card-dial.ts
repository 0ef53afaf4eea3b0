import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NetworkCard } from '../contract/device.ts';
import type { DialCard } from '../ports/dial-card.ts';
import { findNetworkCard, requireNetworkCard } from './network-interfaces.ts';

/** How often it is looked whether a card still has the address that a connection stands on. */
const lookEveryMs = 1000;

/** The system chooses. */
export const anyCard: DialCard = { networkCard: '', networkCards: () => [] };

/** As Node's `connect` takes it; nothing where the system chooses. */
export interface DialFrom {
  readonly localAddress?: string;
  readonly family?: 4 | 6;
}

/** Where to dial a host from, by what addresses the card has now: of the family of the host where that is an address. A name
 *  is looked up for IPv4 where the card has an address of it, and for IPv6 otherwise.
 *  @param host a name or an address, also `[fd00::1]`
 *  @throws UnavailableError 'no-network-card' when no card has an address of that family now */
export function dialFrom({ networkCard, networkCards }: DialCard, host: string): DialFrom {
  if (networkCard === '') return {};
  // Without the number of its card an address of that kind leads nowhere.
  const cards = networkCards().filter(({ address }) => !/^fe[89ab]/i.test(address));
  const isName = isIP(plainHost(host)) === 0;
  const isIPv6 = isName ? !findNetworkCard(cards, networkCard) && hasIPv6(cards, networkCard) : host.includes(':');
  const { address } = requireNetworkCard(cards, networkCard, isIPv6 ? 'IPv6' : 'IPv4');
  return { localAddress: address, family: isIPv6 ? 6 : 4 };
}

/** Ends a connection, with the error of `dialFrom`, within a second of its card losing the address that it was dialled from:
 *  nothing comes over it any more, and nobody else would tell for long.
 *  @returns the connection */
export function endWithCard<Connection extends Duplex>(
  connection: Connection,
  { networkCard, networkCards }: DialCard,
  { localAddress, family }: DialFrom,
): Connection {
  if (localAddress === undefined) return connection;
  const look = (): void => {
    try {
      const same = networkCards().filter(({ address }) => address === localAddress);
      requireNetworkCard(same, networkCard, family === 6 ? 'IPv6' : 'IPv4');
    } catch (reason) {
      connection.destroy(reason as Error);
    }
  };
  const timer = setInterval(look, lookEveryMs).unref();
  connection.once('close', () => clearInterval(timer));
  return connection;
}

/** For libraries that dial by themselves: the card is looked up at each connection, and none is kept for a next request, nor for
 *  longer than the card has its address.
 *  @returns undefined where the system chooses */
export function agentFrom(card: DialCard, isSecure: boolean): PlainAgent | undefined {
  if (card.networkCard === '') return undefined;
  const agent: PlainAgent = isSecure ? new SecureAgent({ maxCachedSessions: 0 }) : new PlainAgent();
  const dial = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    try {
      const from = dialFrom(card, options.host ?? 'localhost');
      const connection = dial({ ...options, ...from }, done);
      return connection && endWithCard(connection, card, from);
    } catch (error) {
      (done as ((error: unknown) => void) | undefined)?.(error);
      return undefined;
    }
  };
  return agent;
}

function hasIPv6(cards: readonly NetworkCard[], networkCard: string): boolean {
  return findNetworkCard(cards, networkCard, 'IPv6') !== undefined;
}

function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
