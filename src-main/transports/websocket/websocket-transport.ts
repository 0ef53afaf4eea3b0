import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Transport } from '../../ports/transport.ts';
import type { TlsIdentity } from '../tls.ts';
import type { UpgradeRefusal } from '../../platform/upgrade-check.ts';
import { createWebSocketDialler } from './websocket-dialler.ts';
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
  /** what is shown to who dials; in the clear without */
  readonly identity?: TlsIdentity;
  /** PEM of authorities that are trusted beside the well-known ones when dialling */
  readonly authorities?: readonly string[];
  readonly limits?: Partial<WebSocketLimits>;
}

export interface WebSocketTransport extends Transport {
  /** upgrade: of pages and hosts that are not allowed. text: messages that are no CLASP */
  refused(): { readonly upgrade: number; readonly text: number };
}

/** CLASP over WebSocket: one binary message is one frame, subprotocol `clasp`, no compression.
 *  @see CLASP-WIRE §12 */
export function createWebSocketTransport(options: WebSocketTransportOptions): WebSocketTransport {
  const limits: WebSocketLimits = { ...webSocketLimits, ...options.limits };
  let upgrade = 0;
  let text = 0;
  const onText = (): void => {
    text++;
  };
  const dialler = createWebSocketDialler({ ...options, limits, onText });
  const onRefused = (refusal: UpgradeRefusal): void => {
    upgrade++;
    options.onRefused(refusal);
  };

  return {
    listen: (accept) =>
      WebSocketListener.open({ ...options, identity: options.identity, limits, onText, onRefused }, accept),
    dial: (address) => dialler.dial(address),
    refused: () => ({ upgrade, text }),
  };
}
