import { networkInterfaces } from 'node:os';
import type { NetworkCard } from '../contract/device.ts';
import { UnavailableError } from '../contract/errors.ts';

/** Every address of every network card that is up, by name; IPv4 before IPv6, loopback last.
 *  @param read for tests; the system's own list otherwise */
export function listNetworkCards(read: typeof networkInterfaces = networkInterfaces): readonly NetworkCard[] {
  const cards = Object.entries(read()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address, netmask, family, internal }): NetworkCard => ({
      name,
      address,
      family,
      netmask,
      loopback: internal,
    })),
  );
  return cards.sort(
    (left, right) =>
      Number(left.loopback) - Number(right.loopback) ||
      compare(left.name, right.name) ||
      compare(left.family, right.family) ||
      compare(left.address, right.address),
  );
}

/** The first address of a card, found by the card's name (`eth0`) or by the address itself (`10.0.0.5`).
 *  @returns undefined when no card has it now */
export function findNetworkCard(
  cards: readonly NetworkCard[],
  nameOrAddress: string,
  family: NetworkCard['family'] = 'IPv4',
): NetworkCard | undefined {
  return cards.find(
    (card) => card.family === family && (card.name === nameOrAddress || card.address === nameOrAddress),
  );
}

/** @param wanted as `findNetworkCard` has it
 *  @throws UnavailableError 'no-network-card' when no card has it now */
export function requireNetworkCard(
  cards: readonly NetworkCard[],
  wanted: string,
  family: NetworkCard['family'] = 'IPv4',
): NetworkCard {
  const card = findNetworkCard(cards, wanted, family);
  if (card) return card;
  throw new UnavailableError(
    'no-network-card',
    `The network card ${wanted} is not there, or has no ${family} address. Connect it, or choose another one.`,
    { networkCard: wanted },
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
