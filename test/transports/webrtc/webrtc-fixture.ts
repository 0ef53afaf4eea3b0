import { createRouter, type Router } from '../../../src-main/core/router/router.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { Clock } from '../../../src-main/ports/clock.ts';
import type { Signalling } from '../../../src-main/ports/signalling.ts';
import { createWebRtcTransport, type WebRtcTransport } from '../../../src-main/transports/webrtc/webrtc-transport.ts';
import type { WebRtcLimits } from '../../../src-main/transports/webrtc/webrtc-limits.ts';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';
import { createWebSocketTransport } from '../../../src-main/transports/websocket/websocket-transport.ts';
import { silentLog } from '../../silent-log.ts';

export interface SignallingRouter {
  readonly router: Router;
  readonly url: string;
  stop(): Promise<void>;
}

/** A router on a WebSocket port of its own. */
export async function openSignallingRouter(): Promise<SignallingRouter> {
  const clock = createSystemClock();
  const log = silentLog;
  const defer = (run: () => void): void => void setImmediate(run);
  const router = createRouter({ clock, random: createSystemRandom(), log, defer, name: 'signalling' });
  const port = createWebSocketTransport({
    host: '127.0.0.1',
    port: 0,
    clock,
    log,
    isAllowedOrigin: () => true,
    onRefused: () => undefined,
  });
  const { url, stop } = await port.listen((connection) => router.accept(connection));
  return {
    router,
    url,
    stop: async () => {
      router.close('the router stops');
      await stop();
    },
  };
}

export interface WebRtcOptions {
  readonly host?: string;
  readonly port?: number;
  readonly limits?: Partial<WebRtcLimits>;
  readonly clock?: Clock;
  /** in place of the router's own */
  readonly signalling?: Signalling;
}

/** Of this router. */
export function webRtcOf({ router, url }: SignallingRouter, options: WebRtcOptions = {}): WebRtcTransport {
  return createWebRtcTransport({
    host: '127.0.0.1',
    port: 0,
    signalling: router.signalling,
    signallingUrl: () => url,
    clock: createSystemClock(),
    log: silentLog,
    webSocket: createWebSocketDialler({ clock: createSystemClock() }),
    ...options,
  });
}

/** With a router for the signalling, which comes and goes with the listener. */
export function makeWebRtc(options: WebRtcOptions = {}): WebRtcTransport {
  let transport: WebRtcTransport | undefined;
  return {
    listen: async (accept) => {
      const signalling = await openSignallingRouter();
      transport = webRtcOf(signalling, options);
      const { url, stop } = await transport.listen(accept);
      return { url, stop: () => stop().finally(() => signalling.stop()) };
    },
    dial: (url) => (transport ? transport.dial(url) : Promise.reject(new Error('listen first'))),
    refused: () => {
      if (!transport) throw new Error('listen first');
      return transport.refused();
    },
  };
}
