import { WebSocket, type ClientOptions } from 'ws';
import { UnavailableError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection } from '../../ports/transport.ts';
import { KeepAlive } from '../keep-alive.ts';
import { WebSocketConnection, type WebSocketConnectionOptions } from './websocket-connection.ts';
import { webSocketLimits, type WebSocketLimits } from './websocket-limits.ts';

export interface WebSocketDiallerOptions {
  readonly clock: Clock;
  readonly limits?: Partial<WebSocketLimits>;
  /** a text message came, which CLASP does not know; it is left out */
  readonly onText?: () => void;
}

export interface WebSocketDialler {
  /** @param address a `ws:` or `wss:` URL
   *  @throws UnavailableError 'cannot-open-port' when no CLASP WebSocket opens there, or it is no such URL */
  dial(address: string): Promise<Connection>;
  /** Gives up what is being dialled; open connections stay. */
  abandon(): void;
}

/** The client's side of CLASP over WebSocket: subprotocol `clasp`, no compression.
 *  @see CLASP-WIRE §12 */
export function createWebSocketDialler(options: WebSocketDiallerOptions): WebSocketDialler {
  const { clock, onText = () => undefined } = options;
  const limits: WebSocketLimits = { ...webSocketLimits, ...options.limits };
  const keepAlive = new KeepAlive(clock, limits.pingIntervalMs);
  const opening = new Set<WebSocket>();

  return {
    dial: async (address) => {
      const webSocket = open(address, limits);
      opening.add(webSocket);
      try {
        const connection = await opened({ webSocket, peer: `ws ${address}`, limits, clock, onText });
        keepAlive.add(connection);
        connection.onClose(() => keepAlive.remove(connection));
        return connection;
      } catch (error) {
        throw unanswered(address, error);
      } finally {
        opening.delete(webSocket);
      }
    },
    abandon: () => {
      for (const webSocket of opening) webSocket.terminate();
    },
  };
}

/** Why the system could not connect. Of a name with several addresses each has its own reason, the whole has none. */
export function dialReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(dialReason).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** The library throws at once for what it knows no way to, such as `ftp:` or a URL with a fragment. */
function open(address: string, limits: WebSocketLimits): WebSocket {
  if (!URL.canParse(address)) throw unanswered(address, 'it is not a URL');
  try {
    return new WebSocket(address, 'clasp', clientOptions(limits));
  } catch (error) {
    throw unanswered(address, error);
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

function unanswered(address: string, error: unknown): UnavailableError {
  const message = `${address} does not answer: ${dialReason(error)}.`;
  return new UnavailableError('cannot-open-port', message, { address }, { cause: error });
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
