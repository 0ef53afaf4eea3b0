import type { AddressInfo, Server } from 'node:net';
import type { Log } from '../ports/log.ts';
import { openFault } from './socket-faults.ts';

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
