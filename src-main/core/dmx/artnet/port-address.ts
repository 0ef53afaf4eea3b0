import { portAddressMax, writePortAddress } from '../../../contract/bridges/port-address.ts';

/** @param net 0..127
 *  @param subnet 0..15
 *  @param universe 0..15
 *  @returns undefined for a number outside */
export function tryPortAddress(net: number, subnet: number, universe: number): number | undefined {
  const isInside = net <= 127 && subnet <= 15 && universe <= 15 && Math.min(net, subnet, universe) >= 0;
  return isInside ? net * 256 + subnet * 16 + universe : undefined;
}

/** Reads the form of CLASP's specification, `<prefix>/{net}/{subnet}/{universe}/{slot}`.
 *  @param prefix without a slash at its end
 *  @returns the same slot as `<prefix>/{port address}/{slot}`; undefined for any other shape */
export function tryLongForm(prefix: string, address: string): string | undefined {
  if (!address.startsWith(`${prefix}/`)) return undefined;
  const parts = longForm.exec(address.slice(prefix.length));
  const portAddress = parts && tryPortAddress(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return typeof portAddress === 'number' ? `${prefix}/${portAddress}/${parts?.[4] ?? ''}` : undefined;
}

/** The other way: the long form of `<prefix>/{port address}/{slot}`.
 *  @returns undefined for any other shape */
export function tryToLongForm(prefix: string, address: string): string | undefined {
  const [, portAddress, slot] = shortForm.exec(address.slice(prefix.length)) ?? [];
  if (!address.startsWith(`${prefix}/`) || Number(portAddress) > portAddressMax || slot === undefined) return undefined;
  return `${prefix}/${writePortAddress(Number(portAddress)).replaceAll('.', '/')}/${slot}`;
}

const shortForm = /^\/(0|[1-9]\d{0,4})\/([1-9]\d{0,2})$/;
const longForm = /^\/(0|[1-9]\d{0,2})\/(0|[1-9]\d?)\/(0|[1-9]\d?)\/([1-9]\d{0,2})$/;
