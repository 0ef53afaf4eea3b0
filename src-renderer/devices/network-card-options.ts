import type { NetworkCard } from '../../src-main/contract/device.ts';

export interface NetworkCardOption {
  readonly value: string;
  readonly label: string;
}

/** What the choice of a network card offers: the system's own, every card that is there by its name, and the one that
 *  was chosen even while it is not there.
 *  @param chosen name or address of a card; empty for the system's own */
export function networkCardOptions(cards: readonly NetworkCard[], chosen: string): NetworkCardOption[] {
  const options = new Map<string, string>([['', 'The system chooses']]);
  for (const card of cards) {
    // sACN runs over IPv4 here; a card is known by its name, so that a new address at the next venue does not unbind it.
    if (card.family !== 'IPv4') continue;
    const known = options.get(card.name);
    options.set(card.name, known ? `${known}, ${card.address}` : `${card.name}, ${card.address}`);
  }
  const byAddress = cards.find((card) => card.address === chosen);
  if (!options.has(chosen))
    options.set(chosen, byAddress ? `${byAddress.name}, only ${chosen}` : `${chosen}, not there now`);
  return [...options].map(([value, label]) => ({ value, label }));
}
