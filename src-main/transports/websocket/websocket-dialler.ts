import { WebSocket, type ClientOptions } from 'ws';
import type { DialCard } from '../../ports/dial-card.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Dialler } from '../../ports/transport.ts';
import { agentFrom, anyCard } from '../../platform/card-dial.ts';
import { KeepAlive } from '../../platform/keep-alive.ts';
import { dialFault } from '../socket-faults.ts';
import { withoutBrackets } from '../socket-url.ts';
import { clientTls } from '../tls.ts';
import { WebSocketConnection, type WebSocketConnectionOptions } from './websocket-connection.ts';
import { webSocketLimits, type WebSocketLimits } from './websocket-limits.ts';

export interface WebSocketDiallerOptions {
  readonly clock: Clock;
  /** PEM of authorities that are trusted beside the well-known ones */
  readonly authorities?: readonly string[];
  /** what it is dialled from; without it the system chooses */
  readonly card?: DialCard;
  readonly limits?: Partial<WebSocketLimits>;
  /** a text message came, which CLASP does not know; it is left out */
  readonly onText?: () => void;
}

/** The client's side of CLASP over WebSocket, `ws:` or `wss:`: subprotocol `clasp`, no compression.
 *  @see CLASP-WIRE §12 */
export function createWebSocketDialler(options: WebSocketDiallerOptions): Dialler {
  const { clock, authorities = [], card = anyCard, onText = () => undefined } = options;
  const limits: WebSocketLimits = { ...webSocketLimits, ...options.limits };
  const keepAlive = new KeepAlive(clock, limits.pingIntervalMs);
  const opening = new Set<WebSocket>();

  return {
    dial: async (address) => {
      const webSocket = open(address, { limits, authorities, card });
      opening.add(webSocket);
      try {
        const connection = await opened({ webSocket, peer: `ws ${address}`, limits, clock, onText });
        keepAlive.add(connection);
        connection.onClose(() => keepAlive.remove(connection));
        return connection;
      } catch (error) {
        throw dialFault(address, error);
      } finally {
        opening.delete(webSocket);
      }
    },
    abandon: () => {
      for (const webSocket of opening) webSocket.terminate();
    },
  };
}

interface OpenOptions {
  readonly limits: WebSocketLimits;
  readonly authorities: readonly string[];
  readonly card: DialCard;
}

/** The library throws at once for what it knows no way to, such as `ftp:` or a URL with a fragment. */
function open(address: string, { limits, authorities, card }: OpenOptions): WebSocket {
  if (!URL.canParse(address)) throw dialFault(address, 'it is not a URL');
  const { protocol, hostname } = new URL(address);
  const isSecure = protocol === 'wss:';
  const agent = agentFrom(card, isSecure);
  try {
    return new WebSocket(address, 'clasp', {
      ...clientOptions(limits),
      ...(isSecure && clientTls(withoutBrackets(hostname), authorities)),
      ...(agent && { agent }),
    });
  } catch (error) {
    throw dialFault(address, error);
  }
}

/** The connection is there before anything can come on it. */
function opened(options: WebSocketConnectionOptions): Promise<WebSocketConnection> {
  const { webSocket } = options;
  return new Promise((resolve, reject) => {
    webSocket.once('error', reject);
    webSocket.once('open', () => {
      webSocket.off('error', reject);
      resolve(new WebSocketConnection(options));
    });
  });
}

/** `closeTimeout` is newer than the library's type declarations. */
function clientOptions(limits: WebSocketLimits): ClientOptions & { readonly closeTimeout: number } {
  return {
    perMessageDeflate: false,
    maxPayload: limits.frameBytesMax,
    handshakeTimeout: limits.upgradeTimeoutMs,
    closeTimeout: limits.closeTimeoutMs,
  };
}
