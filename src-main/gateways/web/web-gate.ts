import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { isOwnHost } from '../../platform/upgrade-check.ts';

export interface WebGateOptions {
  /** where the door listens, as it was asked for */
  readonly host: string;
  readonly isSecure: boolean;
  /** pages from there may ask; `*`: all */
  readonly origins: readonly string[];
  /** whether this machine allows pages from there at every way in */
  readonly isAllowedOrigin: (origin: string) => boolean;
}

/** Why a browser's request is refused. */
export type GateFault = 'host' | 'origin';

const methods = 'GET, HEAD, PUT, POST, DELETE, OPTIONS';
const allowedHeaders = 'authorization, content-type, if-match, if-none-match, last-event-id';
const exposedHeaders = 'etag, retry-after, location, link, x-flyrail-kind, x-flyrail-type';
const preflightAgeSeconds = 600;

/** Keeps pages out that nobody allowed, for every service of a web door: no page acts before this has passed it. */
export class WebGate {
  readonly #options: WebGateOptions;
  readonly #ownNames: readonly string[];
  readonly #isForAll: boolean;

  constructor(options: WebGateOptions) {
    this.#options = options;
    const own = hostname().toLowerCase();
    const listed = options.origins.filter((origin) => origin !== '*').map((origin) => new URL(origin).hostname);
    this.#ownNames = [own, `${own}.local`, options.host.toLowerCase(), ...listed];
    this.#isForAll = options.origins.includes('*');
  }

  /** Host must name this machine, else a page has had its own name point here (DNS rebinding). Programs send no Origin; neither
   *  does a page for what it could do by a link, which changes nothing here, nor by a tag, which is refused. */
  faultIn(request: IncomingMessage): GateFault | undefined {
    const { headers, headersDistinct } = request;
    const { host, origin } = headers;
    if (this.#isForAll) return undefined;
    if ((headersDistinct['host']?.length ?? 0) > 1 || !isOwnHost(host, this.#ownNames)) return 'host';
    if (origin === undefined) return isForeignTag(request) ? 'origin' : undefined;
    return this.#isAllowed(origin, host) ? undefined : 'origin';
  }

  /** For a request without a fault: what its page has to be told before it sees the answer.
   *  @returns whether it was only the question, which is answered then */
  answerPage({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = headers;
    response.setHeader('vary', 'origin');
    if (origin === undefined) return false;
    response.setHeader('access-control-allow-origin', origin);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      response.setHeader('access-control-expose-headers', exposedHeaders);
      return false;
    }
    response
      .setHeader('access-control-allow-methods', methods)
      .setHeader('access-control-allow-headers', allowedHeaders)
      .setHeader('access-control-max-age', preflightAgeSeconds);
    if (headers['access-control-request-private-network'] === 'true')
      response.setHeader('access-control-allow-private-network', 'true');
    response.writeHead(204).end();
    return true;
  }

  #isAllowed(origin: string, host: string | undefined): boolean {
    const { isSecure, origins, isAllowedOrigin } = this.#options;
    const own = `${isSecure ? 'https' : 'http'}://${host ?? ''}`;
    return origin === own || origins.includes(origin) || isAllowedOrigin(origin);
  }
}

/** Whether a page from elsewhere asks by a tag, as for an image: it could not read the answer, and would only take places. The
 *  client's script of Socket.IO is there for such tags.
 *  @see https://www.w3.org/TR/fetch-metadata/ */
function isForeignTag({ url = '', headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (headers['sec-fetch-mode'] !== 'no-cors' || (site !== 'cross-site' && site !== 'same-site')) return false;
  return !/^\/socket\.io\/[\w.-]+\.js(\.map)?(\?|$)/.test(url);
}
