import { dialFault } from './socket-faults.ts';

/** Where a listener is that takes no path. */
export interface SocketAddress {
  /** as in `schemes` */
  readonly scheme: string;
  /** a name or an IP address, without brackets */
  readonly host: string;
  readonly port: number;
}

const emptyUrl = { protocol: '', hostname: '', port: '', pathname: '' };

/** @param url `scheme://host:port`
 *  @param schemes that are known here: `tcp`
 *  @throws UnavailableError 'cannot-open-port' for what is no such URL */
export function parseSocketUrl(url: string, schemes: readonly string[]): SocketAddress {
  const { protocol, hostname, port, pathname } = URL.canParse(url) ? new URL(url) : emptyUrl;
  const scheme = schemes.find((each) => protocol === `${each}:`);
  if (scheme === undefined || hostname === '' || port === '' || !/^\/?$/.test(pathname))
    throw dialFault(url, `expected ${schemes.map((each) => `${each}://host:port`).join(' or ')}`);
  return { scheme, host: withoutBrackets(hostname), port: Number(port) };
}

/** An IPv6 address stands in brackets in a URL, and nowhere else. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
