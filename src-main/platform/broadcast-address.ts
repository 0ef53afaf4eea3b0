import { networkInterfaces } from 'node:os';

/** The address that reaches all of the network that a card is in.
 *  @param address an IPv4 address of this machine
 *  @param read for tests; the system's own list otherwise
 *  @returns undefined when no card has it now, or its network has only two places */
export function broadcastAddressOf(
  address: string,
  read: typeof networkInterfaces = networkInterfaces,
): string | undefined {
  const mask = maskOf(address, read);
  return mask === undefined || ~mask >>> 0 < 3 ? undefined : textOf((numberOf(address) | ~mask) >>> 0);
}

/** Whether another IPv4 address is in the network that a card is in; false when no card has the address now. */
export function isInNetworkOf(
  address: string,
  other: string,
  read: typeof networkInterfaces = networkInterfaces,
): boolean {
  const mask = maskOf(address, read);
  return mask !== undefined && ((numberOf(address) ^ numberOf(other)) & mask) === 0;
}

function maskOf(address: string, read: typeof networkInterfaces): number | undefined {
  const own = Object.values(read())
    .flat()
    .find((each) => each?.family === 'IPv4' && each.address === address);
  return own && numberOf(own.netmask);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
