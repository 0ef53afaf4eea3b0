import { dialFault } from '../socket-faults.ts';

/** Where a UDP listener is. */
export interface UdpAddress {
  /** an IP address, also of a group or of all, or a name */
  readonly host: string;
  readonly port: number;
}

/** @param url `udp://host:port`
 *  @throws UnavailableError 'cannot-open-port' for what is no such URL */
export function parseUdpUrl(url: string): UdpAddress {
  const { protocol, hostname, port, pathname } = URL.canParse(url) ? new URL(url) : emptyUrl;
  if (protocol !== 'udp:' || hostname === '' || port === '' || !/^\/?$/.test(pathname))
    throw dialFault(url, 'expected udp://host:port');
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

const emptyUrl = { protocol: '', hostname: '', port: '', pathname: '' };

/** Whether many may get what is sent there. @param address an IP address */
export function isShared(address: string): boolean {
  if (address.includes(':')) return /^ff/i.test(address);
  const first = Number(address.split('.')[0]);
  // The broadcast address of a network cannot be told from a host's; 255 at its end is what networks of homes and halls have.
  return (first >= 224 && first <= 239) || address.endsWith('.255');
}
