import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { messageOf } from '../../contract/errors.ts';
import { openFault } from '../../platform/open-port.ts';
import type { Library } from './native-library.ts';

/** One UDP port on which all peers arrive, so that one is all a firewall has to let through. */
export interface SharedPort {
  readonly port: number;
  /** undefined where it is open on all addresses */
  readonly address: string | undefined;
  close(): void;
}

export interface SharedPortOptions {
  readonly library: Library;
  /** an address or a name of this machine */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** Somebody who was not invited knocks. */
  readonly onStranger: () => void;
}

const triesMax = 5;

/** @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openSharedPort({ library, host, port, onStranger }: SharedPortOptions): Promise<SharedPort> {
  let failure: unknown;
  for (let tries = 0; tries < (port === 0 ? triesMax : 1); tries++) {
    const bound = await tryPort(host, port);
    const isAny = bound.address === '0.0.0.0' || bound.address === '::';
    const address = isAny ? undefined : bound.address;
    try {
      const listener = new library.IceUdpMuxListener(bound.port, address);
      listener.onUnhandledStunRequest(onStranger);
      return { port: bound.port, address, close: () => listener.stop() };
    } catch (error) {
      // Somebody was quicker with a port that was just free.
      failure = error;
    }
  }
  throw openFault(new Error(messageOf(failure)), host, port);
}

/** The library does not say why it cannot have a port. */
async function tryPort(host: string, port: number): Promise<{ readonly address: string; readonly port: number }> {
  const address = isIP(host) === 0 ? (await lookup(host, { order: 'ipv4first' }).catch(fail)).address : host;
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(openFault(error, host, port));
    });
    socket.bind({ address, port, exclusive: true }, () => {
      const bound = socket.address();
      socket.close(() => resolve({ address, port: bound.port }));
    });
  });

  function fail(error: unknown): never {
    throw openFault(new Error(messageOf(error)), host, port);
  }
}
