import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Transport } from '../../ports/transport.ts';
import type { TlsIdentity } from '../tls.ts';
import { createTcpDialler } from './tcp-dialler.ts';
import { tcpLimits, type TcpLimits } from './tcp-limits.ts';
import { TcpListener } from './tcp-listener.ts';

export interface TcpTransportOptions {
  /** where to listen: an address or a name of this machine */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** what is shown to who dials; in the clear without */
  readonly identity?: TlsIdentity;
  /** PEM of authorities that are trusted beside the well-known ones when dialling */
  readonly authorities?: readonly string[];
  readonly limits?: Partial<TcpLimits>;
}

export interface TcpTransport extends Transport {
  /** frame: what no frame begins with, which ended its connection */
  refused(): { readonly frame: number };
}

/** CLASP over TCP, and over TLS on TCP: every frame behind its length, u32 big-endian.
 *  @see CLASP-WIRE §12 */
export function createTcpTransport(options: TcpTransportOptions): TcpTransport {
  const limits: TcpLimits = { ...tcpLimits, ...options.limits };
  let frame = 0;
  const onFault = (): void => {
    frame++;
  };
  const dialler = createTcpDialler({ ...options, onFault });
  return {
    listen: (accept) => TcpListener.open({ ...options, identity: options.identity, limits, onFault }, accept),
    dial: (url) => dialler.dial(url),
    refused: () => ({ frame }),
  };
}
