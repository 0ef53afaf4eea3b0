import type { NetworkCard } from '../../src-main/contract/device.ts';

/** Where clients of a way in may come from: this machine, everywhere, one card, and what was chosen even while it is not
 *  there.
 *  @param chosen an address; empty for that of the WebSocket port */
export function doorHostOptions(cards: readonly NetworkCard[], chosen: string): { value: string; label: string }[] {
  const options = new Map([
    ['127.0.0.1', 'This machine only'],
    ['0.0.0.0', 'Every network card'],
  ]);
  for (const { name, address, loopback } of cards) {
    // A link-local address means nothing without its card, which a host has no room for.
    if (!loopback && !/^fe80:/i.test(address)) options.set(address, `${name}, ${address}`);
  }
  if (chosen === '') options.set('', 'As the WebSocket port');
  else if (!options.has(chosen))
    options.set(chosen, chosen === '::' ? 'Every card, IPv6 too' : `${chosen}, not there now`);
  return [...options].map(([value, label]) => ({ value, label }));
}
