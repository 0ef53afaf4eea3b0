import { Buffer } from 'node:buffer';
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { UnavailableError, messageOf } from '../contract/errors.ts';
import { dialFrom, endWithCard, type DialFrom } from './card-dial.ts';
import type { DialCard } from '../ports/dial-card.ts';
import type { HttpAnswer, HttpCall, HttpCaller, HttpFailure } from '../ports/http-caller.ts';

export const httpCallerLimits = {
  /** for a whole answer */
  timeoutMs: 5000,
  answerBytesMax: 8 * 1024 * 1024,
  /** to one host at once; more wait their turn, within their time */
  connectionsMax: 8,
} as const;

/** A connection that nobody needs is held for so long, where its server does not end it first. */
const idleMs = 30_000;

export interface HttpCallerOptions extends Partial<Record<keyof typeof httpCallerLimits, number>> {
  /** what servers are dialled from; without it the system chooses */
  readonly card?: DialCard;
  readonly tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'minVersion'> & {
    /** false: any certificate will do */
    readonly rejectUnauthorized?: boolean;
  };
}

/** Asks web servers over connections that are kept for the next call. */
export function createHttpCaller(options: HttpCallerOptions = {}): HttpCaller {
  const caller = new NodeHttpCaller(options);
  return { call: (request) => caller.call(request), close: () => caller.close() };
}

class HttpFault extends Error {
  readonly why: HttpFailure;
  /** what the server answered, where that is the fault */
  readonly status: number | undefined;

  constructor(why: HttpFailure, message: string, status?: number) {
    super(message);
    this.why = why;
    this.status = status;
  }
}

class NodeHttpCaller implements HttpCaller {
  readonly #limits: Record<keyof typeof httpCallerLimits, number>;
  readonly #agents: { readonly 'http:': PlainAgent; readonly 'https:': SecureAgent };
  readonly #underWay = new Set<(fault: HttpFault) => void>();
  readonly #card: DialCard | undefined;
  /** connections that end with their card */
  readonly #watched = new WeakSet<Socket>();
  #isClosed = false;

  constructor({ tls, card, ...limits }: HttpCallerOptions) {
    this.#card = card;
    this.#limits = { ...httpCallerLimits, ...limits };
    const kept = { keepAlive: true, timeout: idleMs, maxSockets: this.#limits.connectionsMax };
    this.#agents = { 'http:': new PlainAgent(kept), 'https:': new SecureAgent({ ...kept, ...tls }) };
  }

  async call(request: HttpCall): Promise<HttpAnswer> {
    try {
      return await this.#follow(request);
    } catch (cause) {
      const words = `${request.url} does not answer: ${reasonOf(cause)}.`;
      const { why, status } = cause instanceof HttpFault ? cause : { why: 'network', status: undefined };
      const details = { url: request.url, why, ...(status !== undefined && { status }) };
      throw new UnavailableError('no-answer', words, details, { cause });
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#underWay) end(new HttpFault('closed', 'nobody waits for it any more'));
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #follow(request: HttpCall): Promise<HttpAnswer> {
    const { timeoutMs } = { ...this.#limits, ...(request.timeoutMs !== undefined && { timeoutMs: request.timeoutMs }) };
    const endsAt = performance.now() + timeoutMs;
    let url = new URL(request.url);
    for (let left = request.redirectsMax ?? 0; ; left--) {
      const answer = await this.#askFresh(request, url, endsAt);
      const next = redirectOf(answer, url);
      if (next === undefined) return answer;
      if (left === 0 || request.method !== 'GET' || !mayFollow(url, next))
        throw new HttpFault('redirect', `it is to be found at ${next.href}`, answer.status);
      url = next;
    }
  }

  /** A server may end a kept connection just when it is used again; that is no failure of the server. */
  async #askFresh(request: HttpCall, url: URL, endsAt: number): Promise<HttpAnswer> {
    for (;;) {
      const way = { wasKept: false };
      try {
        return await this.#ask({ request, url, endsAt, way });
      } catch (error) {
        const isRepeatable = request.method === 'GET' || request.isRepeatable === true;
        if (!way.wasKept || !isRepeatable || error instanceof HttpFault) throw error;
      }
    }
  }

  #ask({ request, url, endsAt, way }: Asked): Promise<HttpAnswer> {
    if (this.#isClosed) throw new HttpFault('closed', 'nobody waits for it any more');
    return new Promise((resolve, reject) => {
      // What was dialled from another address is none of the connections that these options choose from.
      const from = this.#card && dialFrom(this.#card, url.hostname);
      const call = openRequest(url, { ...optionsOf(request), ...from, agent: this.#agentOf(url) });
      const settle = (run: () => void): void => {
        clearTimeout(timer);
        this.#underWay.delete(fail);
        run();
      };
      let begun: HttpAnswer | undefined;
      const fail = (error: Error): void => {
        settle(() => (begun ? resolve(begun) : reject(error)));
        call.destroy();
      };
      const late = (): void => fail(new HttpFault('timeout', 'it took too long'));
      const timer = setTimeout(late, Math.max(0, endsAt - performance.now()));
      this.#underWay.add(fail);
      call.on('socket', (socket) => this.#endWithCard(socket, from));
      call.on('error', (error) => {
        way.wasKept = call.reusedSocket;
        fail(error);
      });
      call.on('response', (answer) => {
        if (request.isStatusEnough === true) begun = headOf(answer);
        readAnswer(answer, this.#limits.answerBytesMax).then((whole) => settle(() => resolve(whole)), fail);
      });
      call.end(request.body);
    });
  }

  #endWithCard(socket: Socket, from: DialFrom | undefined): void {
    if (!this.#card || !from || this.#watched.has(socket)) return;
    this.#watched.add(socket);
    endWithCard(socket, this.#card, from);
  }

  #agentOf({ protocol }: URL): PlainAgent {
    if (protocol === 'http:' || protocol === 'https:') return this.#agents[protocol];
    throw new HttpFault('network', `it is no http and no https`);
  }
}

interface Asked {
  readonly request: HttpCall;
  readonly url: URL;
  /** by `performance.now()` */
  readonly endsAt: number;
  /** Whether the connection was one that was kept from before. */
  readonly way: { wasKept: boolean };
}

function openRequest(url: URL, options: RequestOptions): ReturnType<typeof plainRequest> {
  return url.protocol === 'https:' ? secureRequest(url, options) : plainRequest(url, options);
}

function optionsOf({ method, headers, body }: HttpCall): RequestOptions {
  return {
    method,
    headers: {
      'accept-encoding': 'identity',
      'user-agent': 'Flyrail',
      ...(body !== undefined && {
        'content-type': 'application/json',
        // Node says it for some methods only.
        'content-length': String(Buffer.byteLength(body)),
      }),
      ...headers,
    },
  };
}

async function readAnswer(answer: IncomingMessage, bytesMax: number): Promise<HttpAnswer> {
  const coding = answer.headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity')
    throw new HttpFault('compressed', `its answer is compressed (${coding}), which nobody asked for`);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    total += chunk.length;
    if (total > bytesMax) throw new HttpFault('too-long', `its answer is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return { ...headOf(answer), body: Buffer.concat(chunks) };
}

function headOf(answer: IncomingMessage): HttpAnswer {
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    status: answer.statusCode ?? 0,
    retryAfter: waitOf(answer),
    headers: Object.fromEntries(headers),
    body: new Uint8Array(),
  };
}

/** A date counts from the server's own clock, which may be another than ours.
 *  @see RFC 9110, 10.2.3 */
function waitOf({ headers }: IncomingMessage): number | undefined {
  const wait = headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(wait)) return Number(wait);
  const seconds = (Date.parse(wait) - Date.parse(headers.date ?? '')) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

function redirectOf({ status, headers }: HttpAnswer, from: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, from.href))
    return undefined;
  return new URL(location, from.href);
}

/** What goes with a call, a token perhaps, is for its host alone. */
function mayFollow(from: URL, to: URL): boolean {
  if (to.origin === from.origin) return true;
  return from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname;
}

/** Of what failed on every address of a host each has its reason inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join(', ');
  return messageOf(error);
}
