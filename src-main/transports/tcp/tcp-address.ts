import { dialFault } from '../socket-faults.ts';

/** Where a TCP listener is. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** @param url `tcp://host:port`, or `tls://` with TLS
 *  @throws UnavailableError 'cannot-open-port' for what is no such URL */
export function parseTcpUrl(url: string): TcpAddress {
  const { protocol, hostname, port, pathname } = URL.canParse(url) ? new URL(url) : emptyUrl;
  const isKnown = protocol === 'tcp:' || protocol === 'tls:';
  if (!isKnown || hostname === '' || port === '' || !/^\/?$/.test(pathname))
    throw dialFault(url, 'expected tcp://host:port or tls://host:port');
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), isSecure: protocol === 'tls:' };
}

const emptyUrl = { protocol: '', hostname: '', port: '', pathname: '' };
