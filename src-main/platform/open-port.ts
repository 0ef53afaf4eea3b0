import type { AddressInfo, Server } from 'node:net';
import { UnavailableError, messageOf } from '../contract/errors.ts';
import type { Log } from '../ports/log.ts';

interface OpenPortOptions {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly log: Log;
  /** what is logged of a server that fails later */
  readonly failure: string;
}

/** Has a server listen, over TCP.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export function openPort(server: Server, { host, port, log, failure }: OpenPortOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(openFault(error, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      server.on('error', (error) => log.warn(failure, { reason: error.message }));
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address);
      else reject(openFault(new Error('no address'), host, port));
    });
  });
}

/** Why a port could not be opened. */
export function openFault(error: Error, host: string, port: number): UnavailableError {
  const details = { host, port };
  if ('code' in error && error.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is in use by another program. Choose another port, or end that program.`;
    return new UnavailableError('port-in-use', message, details, { cause: error });
  }
  const message = `Port ${port} on ${host} cannot be opened: ${messageOf(error)}.`;
  return new UnavailableError('cannot-open-port', message, details, { cause: error });
}

/** Where a client on this machine dials, also when the port is open on all of its addresses. */
export function dialledHost({ address, family }: { readonly address: string; readonly family: string }): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return family === 'IPv6' ? `[${host}]` : host;
}
