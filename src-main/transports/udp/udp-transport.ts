import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Transport } from '../../ports/transport.ts';
import { createUdpDialler } from './udp-dialler.ts';
import { udpLimits, type UdpLimits } from './udp-limits.ts';
import { UdpListener, type UdpListenerOptions, type UdpLoss } from './udp-listener.ts';

export interface UdpTransportOptions {
  /** an IP address of this machine, or of all its cards */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** multicast groups that are heard too */
  readonly groups?: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<UdpLimits>;
}

export interface UdpTransport extends Transport {
  /** datagrams left out: of strangers, of clients for whom there is no room, what was too much at once, and what said in the
   *  name of a client that is here that its session is over */
  refused(): Readonly<Record<UdpLoss, number>>;
}

/** CLASP over UDP: one datagram is one frame, each address that says HELLO a session.
 *  @see CLASP-WIRE §12 */
export function createUdpTransport(options: UdpTransportOptions): UdpTransport {
  const limits: UdpLimits = { ...udpLimits, ...options.limits };
  const dialler = createUdpDialler(options);
  const counts = { stranger: 0, full: 0, overrun: 0, forged: 0 };
  const onLost: UdpListenerOptions['onLost'] = (why) => {
    counts[why]++;
  };
  return {
    listen: (accept) => UdpListener.open({ ...options, groups: options.groups ?? [], limits, onLost }, accept),
    dial: (url) => dialler.dial(url),
    refused: () => ({ ...counts }),
  };
}
