import { WebSocket, type ClientOptions } from 'ws';
import { UnavailableError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Connection, Transport } from '../../ports/transport.ts';
import { KeepAlive } from './keep-alive.ts';
import type { UpgradeRefusal } from './upgrade-check.ts';
import { WebSocketConnection } from './websocket-connection.ts';
import { webSocketLimits, type WebSocketLimits } from './websocket-limits.ts';
import { WebSocketListener } from './websocket-listener.ts';

export interface WebSocketTransportOptions {
  /** where to listen: an address or a name of this machine */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked at every upgrade for an Origin that is neither this machine nor the host that was dialled. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** Told of every upgrade that was answered with 403. */
  readonly onRefused: (refusal: UpgradeRefusal) => void;
  readonly limits?: Partial<WebSocketLimits>;
}

export interface WebSocketTransport extends Transport {
  /** since it was made */
  counts(): { readonly refusedTotal: number; readonly textMessagesTotal: number };
}

/** CLASP over WebSocket: one binary message is one frame, subprotocol `clasp`, no compression.
 *  @see CLASP-WIRE §12 */
export function createWebSocketTransport(options: WebSocketTransportOptions): WebSocketTransport {
  const limits: WebSocketLimits = { ...webSocketLimits, ...options.limits };
  const dialled = new KeepAlive(options.clock, limits.pingIntervalMs);
  let refusedTotal = 0;
  let textMessagesTotal = 0;
  const onText = (): void => {
    textMessagesTotal++;
  };
  const onRefused = (refusal: UpgradeRefusal): void => {
    refusedTotal++;
    options.onRefused(refusal);
  };

  return {
    listen: (accept) => WebSocketListener.open({ ...options, limits, onText, onRefused }, accept),
    dial: async (address) => {
      const connection = await dial(address, limits, onText);
      dialled.add(connection);
      connection.onClose(() => dialled.remove(connection));
      return connection;
    },
    counts: () => ({ refusedTotal, textMessagesTotal }),
  };
}

function dial(address: string, limits: WebSocketLimits, onText: () => void): Promise<WebSocketConnection & Connection> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const reason = error instanceof Error ? error.message : String(error);
      reject(
        new UnavailableError(
          'cannot-open-port',
          `${address} does not answer: ${reason}.`,
          { address },
          { cause: error },
        ),
      );
    };
    if (!URL.canParse(address)) return fail(new Error('it is not a URL'));
    const webSocket = new WebSocket(address, 'clasp', clientOptions(limits));
    webSocket.once('error', fail);
    webSocket.once('open', () => {
      webSocket.off('error', fail);
      resolve(new WebSocketConnection({ webSocket, peer: `ws ${address}`, limits, onText }));
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
