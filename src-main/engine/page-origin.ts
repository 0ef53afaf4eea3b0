import type { IncomingMessage } from 'node:http';

/** Where the interface is served unless it is asked for elsewhere: to browsers on this machine only. */
export const uiHost = '127.0.0.1';

/** Why a request of a browser was refused. */
export type PageRefusal = 'host' | 'origin' | 'secret' | 'session' | 'method' | 'login';

/** What a browser may call the interface. */
export interface PageDoor {
  /** the port it listens on */
  readonly port: () => number;
  /** over TLS */
  readonly secure: boolean;
  /** names and addresses as they stand in a URL: `127.0.0.1`, `[::1]`, `stage-left.local`; lower case */
  readonly names: () => ReadonlySet<string>;
}

/** Host must be one of this machine's own names with this port, and Origin must name the same, so that neither a rebound
 *  name nor a foreign page gets anywhere. Of two Hosts Node would show us the first, and whoever stands in between may
 *  heed the other. No Origin passes here: browsers send none when a page is opened. */
export function faultInOrigin(request: IncomingMessage, door: PageDoor): PageRefusal | undefined {
  const { headers, headersDistinct } = request;
  if (headersDistinct['host']?.length !== 1 || !isOwn(headers.host ?? '', door)) return 'host';
  const scheme = door.secure ? 'https' : 'http';
  return headers.origin === undefined || headers.origin === `${scheme}://${headers.host}` ? undefined : 'origin';
}

/** Browsers leave out the port that a scheme has by itself. */
function isOwn(host: string, { port, secure, names }: PageDoor): boolean {
  const [, name = '', written] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(host) ?? [];
  const usual = secure ? 443 : 80;
  const isPort = written === undefined ? port() === usual : written === String(port());
  return isPort && names().has(name);
}

/** Whether a page of ours sent it, given that its Origin, if any, is ours. A browser that leaves out Origin for its own
 *  host (some test browsers do) says so in Sec-Fetch-Site, which no page can set. */
export function isFromPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin';
}

interface Asker {
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Whether it came from a program on this machine. */
export function isFromHere(request: Asker): boolean {
  return isLoopback(peerOf(request));
}

/** An IPv4 address as such, also where it came in over IPv6. */
export function peerOf({ socket }: Asker): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/** Cookies do not know ports, so the port is part of the name. Over TLS only this very host can set one of that name. */
export function sessionCookie(door: Pick<PageDoor, 'port' | 'secure'>, token: string): string {
  return `${cookieName(door)}=${token}; HttpOnly; SameSite=Strict; Path=/${door.secure ? '; Secure' : ''}`;
}

/** Takes the cookie away again. */
export function noSessionCookie(door: Pick<PageDoor, 'port' | 'secure'>): string {
  return `${sessionCookie(door, '')}; Max-Age=0`;
}

/** @returns undefined also for two of them: somebody else's page on another port has set one */
export function sessionOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  door: Pick<PageDoor, 'port' | 'secure'>,
): string | undefined {
  const prefix = `${cookieName(door)}=`;
  const found = (headers.cookie ?? '').split(/;\s*/).filter((each) => each.startsWith(prefix));
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}

function cookieName({ port, secure }: Pick<PageDoor, 'port' | 'secure'>): string {
  return `${secure ? '__Host-' : ''}flyrail-${port()}`;
}
