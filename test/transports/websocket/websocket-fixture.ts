import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import type { UpgradeRefusal } from '../../../src-main/platform/upgrade-check.ts';
import {
  createWebSocketTransport,
  type WebSocketTransport,
  type WebSocketTransportOptions,
} from '../../../src-main/transports/websocket/websocket-transport.ts';
import { silentLog } from '../../silent-log.ts';

export interface OpenPort {
  readonly transport: WebSocketTransport;
  readonly url: string;
  readonly port: number;
  readonly accepted: Connection[];
  readonly refused: UpgradeRefusal[];
  stop(): Promise<void>;
}

/** A WebSocket port on loopback that keeps what it accepts. */
export async function openPort(
  options: Partial<WebSocketTransportOptions> = {},
  accept: (connection: Connection) => void = () => undefined,
): Promise<OpenPort> {
  const refused: UpgradeRefusal[] = [];
  const accepted: Connection[] = [];
  const transport = createWebSocketTransport({
    host: '127.0.0.1',
    port: 0,
    clock: createSystemClock(),
    log: silentLog,
    isAllowedOrigin: () => false,
    onRefused: (refusal) => refused.push(refusal),
    ...options,
  });
  const { url, stop } = await transport.listen((connection) => {
    accepted.push(connection);
    accept(connection);
  });
  return { transport, url, port: Number(new URL(url).port), accepted, refused, stop };
}
