import type { LanCard } from '../../ports/lan.ts';

/** @returns an IPv4 address as a number, undefined for anything else */
export function ipv4Number(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

/** The card whose network an address is on; of several the one with the narrowest network. */
export function cardOf<Card extends Pick<LanCard, 'address' | 'netmask'>>(
  cards: readonly Card[],
  address: string,
): Card | undefined {
  const number = ipv4Number(address);
  if (number === undefined) return undefined;
  return cards
    .filter(({ address: own, netmask }) => {
      const mask = ipv4Number(netmask) ?? 0;
      return mask !== 0 && (number & mask) === ((ipv4Number(own) ?? 0) & mask);
    })
    .toSorted((one, other) => (ipv4Number(other.netmask) ?? 0) - (ipv4Number(one.netmask) ?? 0))[0];
}

/** Whether something from outside may be dialled there: one machine's address, none of our own loopback. */
export function isHostAddress(text: string): boolean {
  const number = ipv4Number(text);
  if (number !== undefined) {
    const first = Math.floor(number / 2 ** 24);
    return first >= 1 && first <= 223 && first !== 127;
  }
  return /^[0-9a-f:]{2,39}$/i.test(text) && text.includes(':') && !/^(::1?$|ff|fe80)/i.test(text);
}
