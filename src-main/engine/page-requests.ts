import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf } from '../contract/errors.ts';
import { pagePolicy } from '../contract/page-policy.ts';
import { z } from '../contract/zod.ts';
import { faultInOrigin, isFromPage, sessionCookie, sessionOf, type PageRefusal } from './page-origin.ts';
import type { UiKeys } from './ui-keys.ts';

interface PageRequestsOptions {
  /** the port it listens on */
  readonly port: () => number;
  readonly keys: UiKeys;
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

/** Answers plain requests: the pages for anyone on this machine, and at `/session` the exchange of the one-time secret
 *  for a cookie (POST), or the question whether the cookie is still good (GET). The figures at `/metrics` are for any program
 *  on this machine, since none that scrapes has a cookie; pages of others cannot read the answer. */
export function answerPageRequests({ port, keys, pages, onRefused, metrics }: PageRequestsOptions): RequestListener {
  return (request, response) => {
    secure(response);
    const fault = faultInOrigin(request, port());
    if (fault) refuse(response, 403, fault);
    else if (request.url === '/session') answerSession(request, response);
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, 'method');
    else if (metrics && request.url === '/metrics') void answerMetrics(metrics, response);
    else pages(request, response, () => response.writeHead(404, plain).end('There is no such page.\n'));
  };

  async function answerMetrics(read: () => Promise<MetricsText>, response: ServerResponse): Promise<void> {
    try {
      const { contentType, text } = await read();
      response.writeHead(200, { 'content-type': contentType }).end(text);
    } catch (error) {
      response.writeHead(500, plain).end(`The figures cannot be read: ${messageOf(error)}\n`);
    }
  }

  function answerSession(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET') {
      response.writeHead(keys.isSession(sessionOf(request, port())) ? 204 : 401).end();
    } else if (request.method === 'POST' && isFromPage(request)) {
      readBody(request, (body) => {
        exchange(secretIn(body), response);
      });
    } else refuse(response, 403, 'origin');
  }

  function exchange(secret: string, response: ServerResponse): void {
    const answer = keys.redeem(secret);
    if ('refused' in answer) refuse(response, answer.refused === 'too-many' ? 429 : 401, 'secret');
    else response.writeHead(204, { 'set-cookie': sessionCookie(port(), answer.token) }).end();
  }

  function refuse(response: ServerResponse, status: number, reason: PageRefusal): void {
    onRefused(reason);
    response.writeHead(status, { ...plain, connection: 'close' }).end(`Refused: ${reason}.\n`);
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

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
    if (body.length > secretBytesMax) request.destroy();
  });
  request.on('end', () => {
    done(body);
  });
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
