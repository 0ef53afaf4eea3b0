import type { NetworkCard } from '../../contract/device.ts';
import { cardOf } from '../../core/discovery/lan-address.ts';
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

/** Senders whose card is remembered. */
const sendersMax = 1024;

/** Whether a sender is on the network of the chosen card. All bridges of a machine hear by one port, where the system gives each of
 *  them what came in by the card of another: two networks with a universe 1 each would be mixed. */
export class NearSenders {
  readonly #cards: () => readonly NetworkCard[];
  readonly #near = new Map<string, boolean>();
  #wanted = '';

  constructor(cards: () => readonly NetworkCard[]) {
    this.#cards = cards;
  }

  /** Looks at the cards anew.
   *  @param wanted name or address of a card; empty for all */
  choose(wanted: string): void {
    this.#wanted = wanted;
    this.#near.clear();
  }

  /** Who is on no network of this machine came by a router, and is near. */
  isNear(address: string): boolean {
    if (this.#wanted === '') return true;
    const known = this.#near.get(address);
    if (known !== undefined) return known;
    if (this.#near.size >= sendersMax) this.#near.clear();
    const near = !isElsewhere(this.#cards(), this.#wanted, address);
    this.#near.set(address, near);
    return near;
  }
}

function isElsewhere(cards: readonly NetworkCard[], wanted: string, address: string): boolean {
  const chosen = findNetworkCard(cards, wanted);
  const networks = cards.flatMap(({ netmask, ...card }) =>
    card.family === 'IPv4' && netmask !== undefined ? [{ ...card, netmask }] : [],
  );
  if (
    cardOf(
      networks.filter(({ name }) => name === chosen?.name),
      address,
    )
  )
    return false;
  // What this machine sends to itself alone is on no cable.
  const others = networks.filter(({ name, loopback }) => name !== chosen?.name && !loopback);
  return cardOf(others, address) !== undefined;
}
