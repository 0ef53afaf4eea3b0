import { networkInterfaces } from 'node:os';
import type { LanCard } from '../ports/lan.ts';

/** Cards of one machine that are looked at. */
const cardsMax = 32;

/** The IPv4 addresses of this machine on networks with others, by the name of their card; without loopback, and without
 *  networks of one or two machines, which have no broadcast.
 *  @param read for tests; the system's own list otherwise
 *  @param loopback whether the machine itself counts as a network: the others on it are other programs */
export function listLanCards(
  read: typeof networkInterfaces = networkInterfaces,
  loopback: 'with-loopback' | 'without-loopback' = 'without-loopback',
): readonly LanCard[] {
  const cards = Object.entries(read()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap(({ address, netmask, family, internal }): LanCard[] => {
      const broadcast = broadcastOf(address, netmask);
      const isLeftOut = internal && loopback === 'without-loopback';
      return family !== 'IPv4' || isLeftOut || broadcast === undefined ? [] : [{ name, address, netmask, broadcast }];
    }),
  );
  return cards.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)).slice(0, cardsMax);
}

function broadcastOf(address: string, netmask: string): string | undefined {
  const [own, mask] = [address, netmask].map((text) => text.split('.').map(Number));
  if (own?.length !== 4 || mask?.length !== 4 || (mask[3] ?? 0) > 252) return undefined;
  return own.map((part, i) => part | (~(mask[i] ?? 0) & 0xff)).join('.');
}
