import type { IncomingMessage } from 'node:http';

/** The interface is for browsers on this machine only. */
export const uiHost = '127.0.0.1';

/** Why a request of a browser was refused. */
export type PageRefusal = 'host' | 'origin' | 'secret' | 'session' | 'method';

/** Host and Origin must name one and the same of the two ways to write this port, so that neither a rebound name nor a
 *  foreign page gets anywhere. Of two Hosts Node would show us the first, and whoever stands in between may heed the
 *  other. No Origin passes here: browsers send none when a page is opened. */
export function faultInOrigin(request: IncomingMessage, port: number): PageRefusal | undefined {
  const { headers, headersDistinct } = request;
  if (headersDistinct['host']?.length !== 1) return 'host';
  if (headers.host !== `${uiHost}:${port}` && headers.host !== `localhost:${port}`) return 'host';
  return headers.origin === undefined || headers.origin === `http://${headers.host}` ? undefined : 'origin';
}

/** Whether a page of ours sent it, given that its Origin, if any, is ours. A browser that leaves out Origin for its own
 *  host (some test browsers do) says so in Sec-Fetch-Site, which no page can set. */
export function isFromPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin';
}

/** Cookies do not know ports, so the port is part of the name. */
export function sessionCookie(port: number, token: string): string {
  return `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`;
}

export function sessionOf({ headers }: Pick<IncomingMessage, 'headers'>, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  const pair = (headers.cookie ?? '').split(/;\s*/).find((each) => each.startsWith(prefix));
  return pair?.slice(prefix.length);
}

function cookieName(port: number): string {
  return `flyrail-${port}`;
}
