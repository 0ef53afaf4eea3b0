import type { LanCard } from '../../../ports/lan.ts';
import { cardOf } from '../../discovery/lan-address.ts';

/** The networks of this machine, its own loopback among them. */
export type ArtnetCards = readonly LanCard[];

/** The card that an address is reached by.
 *  @returns undefined for one on none of these networks */
export function cardFor(cards: ArtnetCards, address: string): LanCard | undefined {
  // Its own address comes by that card, though loopback carries it.
  return cards.find((card) => card.address === address) ?? cardOf(cards, address);
}
