import type { RouterLimits } from '../../src-main/core/router/limits.ts';
import { createRouter, type Router, type RouterTiming } from '../../src-main/core/router/router.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import type { WebSocketLimits } from '../../src-main/transports/websocket/websocket-limits.ts';
import { createWebSocketTransport } from '../../src-main/transports/websocket/websocket-transport.ts';
import { silentLog } from '../silent-log.ts';

export interface ClaspPort {
  readonly router: Router;
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface ClaspPortOptions {
  readonly port?: number;
  readonly limits?: Partial<RouterLimits>;
  readonly webSocket?: Partial<WebSocketLimits>;
  readonly timing?: RouterTiming;
}

/** A router behind a WebSocket port on loopback, wired as the product does it. */
export async function openClaspPort({
  port = 0,
  limits = {},
  webSocket = {},
  timing = {},
}: ClaspPortOptions = {}): Promise<ClaspPort> {
  const clock = createSystemClock();
  const router = createRouter({
    ...timing,
    clock,
    random: createSystemRandom(),
    log: silentLog,
    defer: (run) => setImmediate(run),
    name: 'Flyrail test',
    limits,
  });
  const transport = createWebSocketTransport({
    host: '127.0.0.1',
    port,
    clock,
    log: silentLog,
    isAllowedOrigin: () => false,
    onRefused: () => undefined,
    limits: webSocket,
  });
  const { url, stop } = await transport.listen((connection) => router.accept(connection));
  return {
    router,
    url,
    port: Number(new URL(url).port),
    stop: async () => {
      router.close('the router stops');
      await stop();
    },
  };
}
