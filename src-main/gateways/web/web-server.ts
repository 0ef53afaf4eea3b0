import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { TakeRequest } from '../web-service.ts';
import type { WebLimits } from './web-limits.ts';

interface WebServerOptions {
  /** undefined: no TLS */
  readonly identity: { readonly cert: string; readonly key: string } | undefined;
  readonly limits: WebLimits;
  readonly take: TakeRequest;
}

/** Node's server of HTTP or HTTPS, with its bounds on headers and times. */
export function createWebServer({ identity, limits, take }: WebServerOptions): Server {
  const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs } = limits;
  const bounds = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    connectionsCheckingInterval: Math.max(50, headersTimeoutMs / 5),
    maxHeaderSize: 16_384,
    noDelay: true,
    // curl offers HTTP/2 this way: it is answered in HTTP/1.1.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  if (!identity) return createServer(bounds, take);
  return createSecureServer(
    { ...bounds, ...identity, minVersion: 'TLSv1.2', handshakeTimeout: headersTimeoutMs },
    take,
  );
}
