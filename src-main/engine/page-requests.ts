import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf } from '../contract/errors.ts';
import { pagePolicy } from '../contract/page-policy.ts';
import { z } from '../contract/zod.ts';
import type { Log } from '../ports/log.ts';
import {
  faultInOrigin,
  isFromHere,
  isFromPage,
  peerOf,
  sessionCookie,
  sessionOf,
  type PageDoor,
  type PageRefusal,
} from './page-origin.ts';
import { answerLogins } from './remote/answer-logins.ts';
import { readBody } from './remote/read-body.ts';
import type { RemoteAccess } from './remote/remote-access.ts';
import type { UiKeys } from './ui-keys.ts';

interface PageRequestsOptions {
  readonly door: PageDoor;
  readonly keys: UiKeys;
  readonly access: Pick<RemoteAccess, 'logins' | 'sessions' | 'onLogin'>;
  readonly log: Log;
  /** serves the built pages; calls `next` for what is none of them */
  readonly pages: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  readonly onRefused: (reason: PageRefusal) => void;
  /** the figures for who watches this machine; undefined where nobody may have them */
  readonly metrics: (() => Promise<MetricsText>) | undefined;
}

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

const secretBytesMax = 512;
const secretBody = z.strictObject({ secret: z.string() });

/** Answers plain requests: the pages for anyone who reaches the port; at `/session` the exchange of the one-time secret for
 *  a cookie (POST, on this machine only), or the question whether the cookie is still good (GET); at `/login` and `/pair`
 *  the other ways in. The figures at `/metrics` are for any program on this machine, since none that scrapes has a cookie;
 *  pages of others cannot read the answer. */
export function answerPageRequests(options: PageRequestsOptions): RequestListener {
  const { door, access, pages, onRefused, metrics } = options;
  const logins = answerLogins({ ...options, ...access });
  const answerSecret = answerSecrets(options, refuse);
  return (request, response) => {
    secure(response);
    const fault = faultInOrigin(request, door);
    const { url = '', method } = request;
    // A body nobody reads is not waited for.
    if (fault) refuse(response, 403, fault);
    else if (method === 'POST') answerPost(url, request, response);
    else if (method !== 'GET' && method !== 'HEAD') refuse(response, url === '/session' ? 403 : 405, 'method');
    else if (url === '/session') response.writeHead(isIn(request) ? 204 : 401).end();
    else if (url === '/login') logins.offer(response);
    else if (metrics && url === '/metrics' && isFromHere(request)) void answerMetrics(metrics, response);
    else pages(request, response, () => response.writeHead(404, plain).end('There is no such page.\n'));
  };

  function answerPost(url: string, request: IncomingMessage, response: ServerResponse): void {
    const answer = url === '/session' ? answerSecret : logins.post(url);
    if (!answer) refuse(response, 405, 'method');
    else if (isFromPage(request)) answer(request, response);
    else refuse(response, 403, 'origin');
  }

  function isIn(request: IncomingMessage): boolean {
    return access.sessions.find(sessionOf(request, door)) !== undefined;
  }

  async function answerMetrics(read: () => Promise<MetricsText>, response: ServerResponse): Promise<void> {
    try {
      const { contentType, text } = await read();
      response.writeHead(200, { 'content-type': contentType }).end(text);
    } catch (error) {
      response.writeHead(500, plain).end(`The figures cannot be read: ${messageOf(error)}\n`);
    }
  }

  function refuse(response: ServerResponse, status: number, reason: PageRefusal): void {
    onRefused(reason);
    response.writeHead(status, { ...plain, connection: 'close' }).end(`Refused: ${reason}.\n`);
  }
}

type Refuse = (response: ServerResponse, status: number, reason: PageRefusal) => void;

/** Trades the secret of this machine for a session. */
function answerSecrets({ door, keys, access }: PageRequestsOptions, refuse: Refuse) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (!isFromHere(request)) {
      refuse(response, 403, 'secret');
      return;
    }
    void readBody(request, secretBytesMax).then((body) => {
      if (body !== undefined) exchange(secretIn(body), request, response);
    });
  };

  function exchange(secret: string, request: IncomingMessage, response: ServerResponse): void {
    const answer = keys.redeem(secret);
    const peer = peerOf(request);
    access.onLogin({ what: 'link', role: 'edit', peer, ok: answer === 'in' });
    if (answer !== 'in') {
      refuse(response, answer === 'too-many' ? 429 : 401, 'secret');
      return;
    }
    const before = access.sessions.find(sessionOf(request, door));
    if (before) access.sessions.end(before.id);
    const token = access.sessions.open({ role: 'edit', way: 'link', name: '', peer, credential: 'link' });
    response.writeHead(204, { 'set-cookie': sessionCookie(door, token) }).end();
  }
}

const plain = { 'content-type': 'text/plain' } as const;

/** @param body JSON `{"secret":"…"}`; anything else reads as a wrong secret */
function secretIn(body: string): string {
  try {
    return secretBody.parse(JSON.parse(body)).secret;
  } catch {
    return '';
  }
}

function secure(response: ServerResponse): void {
  response
    .setHeader('content-security-policy', pagePolicy.browser)
    .setHeader('x-content-type-options', 'nosniff')
    .setHeader('x-frame-options', 'DENY')
    .setHeader('referrer-policy', 'no-referrer')
    .setHeader('cross-origin-opener-policy', 'same-origin')
    .setHeader('cross-origin-resource-policy', 'same-origin')
    .setHeader('cache-control', 'no-cache');
}
