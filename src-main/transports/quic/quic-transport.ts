import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Transport } from '../../ports/transport.ts';
import type { TlsIdentity } from '../tls.ts';
import { createQuicDialler } from './quic-dialler.ts';
import { quicLimits, type QuicLimits } from './quic-limits.ts';
import { QuicListener, type QuicRefusal } from './quic-listener.ts';

export interface QuicTransportOptions {
  /** where to listen: an IP address of this machine, or of all its cards */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** what is shown to who dials */
  readonly identity: TlsIdentity;
  /** PEM of authorities that are trusted beside the well-known ones when dialling */
  readonly authorities?: readonly string[];
  readonly limits?: Partial<QuicLimits>;
}

export interface QuicTransport extends Transport {
  /** frame: what no frame begins with, which ended its stream. The others are told where they are declared. */
  refused(): Readonly<Record<QuicRefusal | 'frame', number>>;
}

/** CLASP over QUIC: each stream that a client opens is a connection, of frames one behind the other, or each behind its length.
 *  @see CLASP-WIRE §12 */
export function createQuicTransport(options: QuicTransportOptions): QuicTransport {
  const limits: QuicLimits = { ...quicLimits, ...options.limits };
  const refused = {
    frame: 0,
    packet: 0,
    version: 0,
    token: 0,
    datagram: 0,
    protocol: 0,
    handshake: 0,
    full: 0,
    source: 0,
  };
  const onFault = (): void => {
    refused.frame++;
  };
  const onRefused = (why: QuicRefusal): void => {
    refused[why]++;
  };
  const dialler = createQuicDialler({ ...options, onFault });
  return {
    listen: (accept) => QuicListener.open({ ...options, limits, onFault, onRefused }, accept),
    dial: (url) => dialler.dial(url),
    refused: () => ({ ...refused }),
  };
}
