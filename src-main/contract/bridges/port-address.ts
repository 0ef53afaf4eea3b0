/** Fifteen bits: 7 of net, 4 of subnet, 4 of universe; all count from 0. [Art-Net 4, Port-Address] */
export const portAddressMax = 32_767;

/** As it stands on a node's display: `1.2.15`.
 *  @param portAddress 0..32767 */
export function writePortAddress(portAddress: number): string {
  return `${portAddress >> 8}.${(portAddress >> 4) & 0x0f}.${portAddress & 0x0f}`;
}

/** Both ways in which operators know it, since what programs count from differs by one: `16 (0.1.0)`, `0–3 (0.0.0–0.0.3)`.
 *  @param first 0..32767
 *  @param last of a range; without it, it is one */
export function portAddressWords(first: number, last: number = first): string {
  if (first === last) return `${first} (${writePortAddress(first)})`;
  return `${first}–${last} (${writePortAddress(first)}–${writePortAddress(last)})`;
}
