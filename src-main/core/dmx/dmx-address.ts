import type { Address } from '../../contract/address.ts';

/** Slots of one DMX universe. @see ANSI E1.11 */
export const slotsPerUniverse = 512;

/** A slot of a universe, whoever has it. */
export interface DmxAddress {
  readonly universe: number;
  /** 1..512 */
  readonly slot: number;
}

/** Reads `<prefix>/{universe}/{slot}`. Numbers have no leading zeros, so that each slot has one address only.
 *  @param prefix without a slash at its end
 *  @param universeMin 1, or 0 where universes count from 0 as port addresses of Art-Net do
 *  @returns undefined for any other shape, and for a slot outside 1..512 */
export function tryDmxAddress(prefix: string, address: Address, universeMin: 0 | 1 = 1): DmxAddress | undefined {
  if (!address.startsWith(prefix) || address[prefix.length] !== '/') return undefined;
  const [universeText, slotText, ...rest] = address.slice(prefix.length + 1).split('/');
  const universe = universeMin === 0 && universeText === '0' ? 0 : tryWhole(universeText);
  const slot = tryWhole(slotText);
  if (universe === undefined || slot === undefined || slot > slotsPerUniverse || rest.length > 0) return undefined;
  return { universe, slot };
}

function tryWhole(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}
