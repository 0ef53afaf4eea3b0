import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import { UnavailableError } from '../contract/errors.ts';
import type { MessageLink } from '../contract/message-link.ts';
import type { Log } from '../ports/log.ts';
import { faultInOrigin, isFromPage, sessionOf, uiHost, type PageRefusal } from './page-origin.ts';
import { answerPageRequests, type MetricsText } from './page-requests.ts';
import type { UiKeys } from './ui-keys.ts';
import { createWebSocketMessageLink } from './websocket-message-link.ts';

/** The largest message a page may send: an edit of the whole patch. */
export const pageMessageBytesMax = 8 * 1024 * 1024;
/** A page that does not answer the close must not hold up the end of the show. */
const closeWithinMs = 300;
/** Who sends a request byte by byte is let go of. */
const requestTimes = { headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 };
/** a browser opens about six for a page */
const connectionsMax = 512;

interface RemoteServerOptions {
  /** 0 picks a free one */
  readonly port: number;
  /** the built interface */
  readonly pagesFolder: string;
  readonly keys: UiKeys;
  readonly log: Log;
  readonly onPage: (link: MessageLink) => void;
  readonly onRefused: (reason: PageRefusal) => void;
  /** what `GET /metrics` answers; undefined: no such page */
  readonly metrics: (() => Promise<MetricsText>) | undefined;
}

export interface RemoteServer {
  readonly port: number;
  /** where a browser on this machine finds the interface; the fragment is the one-time secret, which no server sees */
  url(): string;
  stop(): Promise<void>;
}

/** Serves the interface to browsers on this machine: pages, the exchange of the secret, and the link to the engine.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function startRemoteServer(options: RemoteServerOptions): Promise<RemoteServer> {
  const { keys, onRefused, metrics } = options;
  const pages = sirv(options.pagesFolder, { etag: true, dotfiles: false });
  const server = createServer(requestTimes);
  server.maxConnections = connectionsMax;
  const portNow = () => portOf(server);
  server.on('request', answerPageRequests({ port: portNow, keys, pages, onRefused, metrics }));
  const sockets = acceptPages(server, options);
  await listen(server, options.port);
  const port = portNow();
  return {
    port,
    url: () => `http://${uiHost}:${port}/#${keys.secret()}`,
    stop: () => stop(server, sockets),
  };
}

/** Turns upgrades at `/engine` into links: with a session, from the page itself, and nothing else. */
function acceptPages(server: Server, { keys, log, onPage, onRefused }: RemoteServerOptions): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: pageMessageBytesMax, perMessageDeflate: false });
  server.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy());
    const fault = faultInUpgrade(request);
    if (fault) {
      onRefused(fault);
      const status = fault === 'session' ? 401 : 403;
      // Else a peer that keeps its own side open would hold up the stop: Node leaves upgraded sockets to us.
      const end = (): unknown => socket.destroy();
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, end);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      onPage(createWebSocketMessageLink(page, log));
    });
  });
  return sockets;

  function faultInUpgrade(request: IncomingMessage): PageRefusal | undefined {
    const port = portOf(server);
    const fault = faultInOrigin(request, port);
    if (fault) return fault;
    if (!isFromPage(request)) return 'origin';
    return request.url === '/engine' && keys.isSession(sessionOf(request, port)) ? undefined : 'session';
  }
}

async function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const page of sockets.clients) page.close(1001, 'The engine stops');
  server.closeIdleConnections();
  const force = setTimeout(() => {
    for (const page of sockets.clients) page.terminate();
    server.closeAllConnections();
  }, closeWithinMs);
  await closed;
  clearTimeout(force);
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen({ host: uiHost, port, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    const details = { host: uiHost, port };
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new UnavailableError('port-in-use', `UI port ${port} on ${uiHost} is in use by another program.`, details);
    }
    throw new UnavailableError('cannot-open-port', `UI port ${port} on ${uiHost} cannot be opened.`, details, {
      cause,
    });
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}
