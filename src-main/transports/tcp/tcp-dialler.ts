import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { DialCard } from '../../ports/dial-card.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Dialler } from '../../ports/transport.ts';
import { anyCard, dialFrom, endWithCard } from '../../platform/card-dial.ts';
import { dialFault } from '../socket-faults.ts';
import { parseSocketUrl, type SocketAddress } from '../socket-url.ts';
import { clientTls } from '../tls.ts';
import { connectionOver } from './tcp-connection.ts';
import { tcpLimits, type TcpLimits } from './tcp-limits.ts';

export interface TcpDiallerOptions {
  readonly clock: Clock;
  /** PEM of authorities that are trusted beside the well-known ones */
  readonly authorities?: readonly string[];
  /** what it is dialled from; without it the system chooses */
  readonly card?: DialCard;
  readonly limits?: Partial<TcpLimits>;
  /** a router sent what no frame begins with */
  readonly onFault?: () => void;
}

/** The client's side of CLASP over TCP and TLS: `tcp://host:port`, `tls://host:port`.
 *  @see CLASP-WIRE §12 */
export function createTcpDialler({
  clock,
  authorities = [],
  card = anyCard,
  onFault = () => undefined,
  ...options
}: TcpDiallerOptions): Dialler {
  const limits: TcpLimits = { ...tcpLimits, ...options.limits };
  const opening = new Set<Socket>();
  return {
    dial: async (url) => {
      const socket = begin(parseSocketUrl(url, ['tcp', 'tls']), { authorities, card });
      opening.add(socket);
      const cancel = clock.after(limits.dialTimeoutMs, () => socket.destroy(new Error('nobody answered in time')));
      try {
        await opened(socket);
        // Nothing may be lost before somebody listens.
        socket.pause();
        return connectionOver(socket, { peer: url.replace('://', ' '), clock, limits, onFault });
      } catch (error) {
        throw dialFault(url, error);
      } finally {
        cancel();
        opening.delete(socket);
      }
    },
    abandon: () => {
      for (const socket of opening) socket.destroy(new Error('given up'));
    },
  };
}

interface BeginOptions {
  readonly authorities: readonly string[];
  readonly card: DialCard;
}

/** @throws UnavailableError 'no-network-card' */
function begin({ scheme, host, port }: SocketAddress, { authorities, card }: BeginOptions): Socket {
  const from = dialFrom(card, host);
  const to = { host, port, ...from };
  const socket = scheme === 'tls' ? connectTls({ ...to, ...clientTls(host, authorities) }) : connect(to);
  return endWithCard(socket.setNoDelay(true), card, from);
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject);
      resolve();
    });
  });
}
