import { once } from 'node:events';
import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import { UnavailableError } from '../contract/errors.ts';
import type { MessageLink } from '../contract/message-link.ts';
import type { RemoteState } from '../contract/remote-access.ts';
import type { Role } from '../contract/role.ts';
import type { CertificatePair } from '../platform/certificate-maker.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import type { Log } from '../ports/log.ts';
import { faultInOrigin, isFromPage, sessionOf, uiHost, type PageDoor, type PageRefusal } from './page-origin.ts';
import { answerPageRequests, type MetricsText } from './page-requests.ts';
import { isEveryCard, pageNames, pageUrls, type PageHost } from './remote/page-names.ts';
import type { RemoteAccess } from './remote/remote-access.ts';
import type { UiKeys } from './ui-keys.ts';
import { createWebSocketMessageLink } from './websocket-message-link.ts';

/** The largest message a page may send: an edit of the whole patch. */
export const pageMessageBytesMax = 8 * 1024 * 1024;
/** A page that does not answer the close must not hold up the end of the show. */
const closeWithinMs = 300;

/** A browser that sends its request drop by drop is let go after these. */
const usualPatience: PagePatience = { headersMs: 10_000, requestMs: 15_000, checkEveryMs: 2_000 };
/** Connections at once; browsers open six each. */
const connectionsMax = 512;

export interface PagePatience {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly checkEveryMs: number;
}

interface RemoteServerOptions {
  /** `127.0.0.1`: browsers on this machine alone. Beside any other the interface is served on this machine too. */
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** over TLS, with this */
  readonly identity?: CertificatePair | undefined;
  /** the built interface */
  readonly pagesFolder: string;
  readonly keys: UiKeys;
  readonly access: Pick<RemoteAccess, 'logins' | 'sessions' | 'onLogin'>;
  readonly log: Log;
  readonly onPage: (link: MessageLink, role: Role) => void;
  readonly onRefused: (reason: PageRefusal) => void;
  /** what `GET /metrics` answers; undefined: no such page */
  readonly metrics: (() => Promise<MetricsText>) | undefined;
  readonly patience?: PagePatience;
}

export interface RemoteServer {
  readonly port: number;
  /** where a browser on this machine finds the interface; the fragment is the one-time secret, which no server sees */
  url(): string;
  /** where others find it; no secret in it */
  where(): Pick<RemoteState, 'reach' | 'urls' | 'encrypted'>;
  /** Frees the port; pages that are there stay until `stop`. */
  leave(): void;
  stop(): Promise<void>;
}

/** Serves the interface to browsers: pages, the ways to log in, and the link to the engine.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function startRemoteServer(options: RemoteServerOptions): Promise<RemoteServer> {
  const { host, identity, keys } = options;
  const pageHost: PageHost = { host, cards: rereadCards() };
  let port = 0;
  const door: PageDoor = { port: () => port, secure: identity !== undefined, names: () => pageNames(pageHost) };
  const pages = sirv(options.pagesFolder, { etag: true, dotfiles: false });
  const answer = answerPageRequests({ ...options, door, pages });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: pageMessageBytesMax, perMessageDeflate: false });
  const servers = (host === uiHost || isEveryCard(host) ? [host] : [uiHost, host]).map((each) => {
    const server = createPageServer(options, answer);
    return { host: each, server, closed: new Promise<void>((resolve) => void server.once('close', resolve)) };
  });
  try {
    for (const { host: each, server } of servers) {
      acceptPages(server, { ...options, sockets, door });
      await listen(server, each, port === 0 ? options.port : port);
      port = portOf(server);
    }
  } catch (error) {
    for (const { server } of servers) server.close();
    throw error;
  }
  const scheme = door.secure ? 'https' : 'http';
  return {
    port,
    url: () => `${scheme}://${uiHost}:${port}/#${keys.secret()}`,
    where: () => {
      const reach = host === uiHost ? 'loopback' : 'network';
      return { reach, urls: reach === 'network' ? pageUrls(pageHost, scheme, port) : [], encrypted: door.secure };
    },
    leave: () => {
      for (const { server } of servers) leave(server);
    },
    stop: async () => {
      await Promise.all(servers.map((each) => stop(each, sockets)));
    },
  };
}

function createPageServer(
  { identity, patience = usualPatience }: RemoteServerOptions,
  answer: RequestListener,
): Server {
  const options = {
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.checkEveryMs,
    keepAliveTimeout: 5_000,
  };
  const server = identity
    ? createTlsServer({ ...options, ...identity, minVersion: 'TLSv1.2', handshakeTimeout: patience.headersMs })
    : createServer(options);
  server.maxConnections = connectionsMax;
  server.on('request', answer);
  return server;
}

/** The cards as they are, read anew at most once a second: a flood of requests does not ask the system each time. */
function rereadCards(): PageHost['cards'] {
  let known: ReturnType<typeof listNetworkCards> = [];
  let readAt = -Infinity;
  return () => {
    if (performance.now() - readAt > 1000) {
      known = listNetworkCards();
      readAt = performance.now();
    }
    return known;
  };
}

interface Accepting extends RemoteServerOptions {
  readonly sockets: WebSocketServer;
  readonly door: PageDoor;
}

/** Turns upgrades at `/engine` into links: with a session, from the page itself, and nothing else. */
function acceptPages(server: Server, { sockets, door, access, log, onPage, onRefused }: Accepting): void {
  const { sessions } = access;
  server.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy());
    const session = request.url === '/engine' ? sessions.find(sessionOf(request, door)) : undefined;
    const fault = faultInOrigin(request, door) ?? (isFromPage(request) ? undefined : 'origin');
    if (fault !== undefined || !session) {
      onRefused(fault ?? 'session');
      const status = fault === undefined ? 401 : 403;
      // Else a peer that keeps its own side open would hold up the stop: Node leaves upgraded sockets to us.
      const end = (): unknown => socket.destroy();
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, end);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      const link = createWebSocketMessageLink(page, log);
      // At once: one that is only asked to close could go on giving commands meanwhile.
      link.onClose(
        sessions.hold(session, () => {
          page.terminate();
        }),
      );
      onPage(link, session.role);
    });
  });
}

function leave(server: Server): void {
  server.close();
  server.closeIdleConnections();
}

interface Closing {
  readonly server: Server;
  /** settles when the last connection is gone */
  readonly closed: Promise<void>;
}

async function stop({ server, closed }: Closing, sockets: WebSocketServer): Promise<void> {
  leave(server);
  for (const page of sockets.clients) page.close(1001, 'The engine stops');
  const force = setTimeout(() => {
    for (const page of sockets.clients) page.terminate();
    server.closeAllConnections();
  }, closeWithinMs);
  await closed;
  clearTimeout(force);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    const details = { host, port };
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new UnavailableError('port-in-use', `UI port ${port} on ${host} is in use by another program.`, details);
    }
    throw new UnavailableError('cannot-open-port', `UI port ${port} on ${host} cannot be opened.`, details, {
      cause,
    });
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}
