import type { NetworkCard } from '../../contract/device.ts';
import { findNetworkCard } from '../../platform/network-interfaces.ts';

/** The IPv4 addresses of the cards that are listened on.
 *  @param wanted name or address of a card; empty: all that others are on too, or where there is none this machine's own */
export function listeningCards(cards: readonly NetworkCard[], wanted: string): readonly string[] {
  if (wanted !== '') {
    const card = findNetworkCard(cards, wanted);
    return card ? [card.address] : [];
  }
  const usable = cards.filter(({ family }) => family === 'IPv4');
  const shared = usable.filter(({ loopback }) => !loopback);
  return (shared.length > 0 ? shared : usable).map(({ address }) => address);
}
