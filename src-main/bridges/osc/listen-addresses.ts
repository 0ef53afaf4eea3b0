import process from 'node:process';
import type { OscSettings } from '../../contract/bridges/osc.ts';
import type { NetworkCard } from '../../contract/device.ts';
import { broadcastAddressOf } from '../../platform/broadcast-address.ts';
import { HostAddress } from '../../platform/host-address.ts';
import { requireNetworkCard } from '../../platform/network-interfaces.ts';
import type { Clock } from '../../ports/clock.ts';

/** Where a bridge listens and sends from, as IP addresses of this machine. */
export interface OwnPlace {
  readonly address: string;
  readonly card: NetworkCard | undefined;
}

/** @throws UnavailableError 'no-network-card' | 'cannot-send' */
export async function findOwnPlace(
  { direction, listenHost, networkCard }: OscSettings,
  { clock, networkCards }: { readonly clock: Clock; readonly networkCards: () => readonly NetworkCard[] },
): Promise<OwnPlace> {
  const card = networkCard === '' ? undefined : requireNetworkCard(networkCards(), networkCard);
  const isAny = listenHost === '0.0.0.0' || listenHost === '::';
  if (card && (isAny || direction === 'out')) return { address: card.address, card };
  if (direction === 'out') return { address: '0.0.0.0', card };
  return { address: await HostAddress.once(listenHost, { clock }), card };
}

/** Whether what is sent there reaches all of a network that one of these cards is in. */
export function isBroadcast(address: string, cards: readonly NetworkCard[]): boolean {
  if (address === '255.255.255.255') return true;
  return cards.some((card) => card.family === 'IPv4' && broadcastAddressOf(card.address) === address);
}

/** Where what is sent to everyone on a card's network arrives, which a socket on the card's own address does not hear. Where
 *  the system does not let these be listened on (Windows), it is not heard. */
export function everyonesAddresses({ card }: OwnPlace): readonly string[] {
  if (!card || card.loopback || process.platform === 'win32') return [];
  return ['255.255.255.255', ...[broadcastAddressOf(card.address) ?? []].flat()];
}

export function isMulticast(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return address.includes(':') ? /^ff/i.test(address) : first >= 224 && first <= 239;
}
