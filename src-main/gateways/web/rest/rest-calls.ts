import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, InputError, LimitError, UnavailableError } from '../../../contract/errors.ts';
import { nullValue, type Value } from '../../../contract/signal.ts';
import type { WebHost } from '../../web-service.ts';
import type { WebGuest } from '../web-guest.ts';
import { answerValue, describeParam, jsonType } from './answer-value.ts';
import { assertHolds, coversTag, etagOf, type Conditions } from './conditions.ts';
import { listParams, readListRequest } from './list-params.ts';
import { signalsPath, urlOfAddress } from './request-address.ts';
import { readValue, takenTypes } from './request-value.ts';
import type { RestSessions } from './rest-sessions.ts';

export interface RestQuery {
  readonly Querystring: Readonly<Record<string, unknown>>;
}
type Asked = FastifyRequest<RestQuery>;

interface Wanted {
  readonly address: string;
  readonly value: Value;
}

interface Tagged {
  readonly etag: string;
  readonly body: string | Buffer;
}

/** How often a write with a condition begins anew because somebody else wrote meanwhile. */
const looksMax = 16;

/** What each method does with an address.
 *  @throws as rejections: what the problem of the answer is made of */
export class RestCalls {
  readonly #sessions: RestSessions;
  readonly #host: WebHost;

  constructor(sessions: RestSessions, host: WebHost) {
    this.#sessions = sessions;
    this.#host = host;
  }

  /** Reads a param, or lists those that a pattern covers. */
  async get(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    if (address.includes('*')) return this.list(request, reply, address);
    const standing = await this.#sessions.use(request.raw, ({ guest }) => guest.get(address));
    if (!standing) throw nothingAt(address);
    const isFull = 'full' in request.query;
    const { contentType, body } = isFull
      ? { contentType: jsonType, body: describeParam(address, standing) }
      : answerValue(standing.value, request.headers.accept);
    if (standing.setAt !== undefined) reply.header('last-modified', new Date(standing.setAt / 1000).toUTCString());
    return this.#send(request, reply.header('x-flyrail-type', standing.value.type).type(contentType), {
      etag: etagOf(standing),
      body,
    });
  }

  /** A part of the params under a pattern. */
  async list(request: Asked, reply: FastifyReply, pattern: string): Promise<FastifyReply> {
    const wanted = readListRequest(pattern, request.query);
    const { cursor, ...answer } = await this.#sessions.use(request.raw, ({ session, inTurn }) =>
      inTurn(() => {
        if (request.raw.socket.destroyed) throw new UnavailableError('link-closed', 'Whoever asked has gone.');
        return listParams(session, this.#host.prefix, wanted);
      }),
    );
    if (cursor !== undefined) {
      const next = new URLSearchParams({ pattern, limit: String(wanted.limit), cursor });
      reply.header('link', `<${signalsPath}?${next.toString()}>; rel="next"`);
    }
    return this.#send(request, reply.type(jsonType), answer);
  }

  /** Sets a param. */
  async put(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    const value = valueOf(request, reply);
    if (!value) throw new InputError('bad-value', 'Expected a value in the body; DELETE clears it.');
    const revision = await this.#sessions.use(request.raw, ({ guest }) => write(guest, request, { address, value }));
    if (revision !== undefined) reply.header('etag', etagOf({ revision }));
    return reply.code(204).header('content-location', urlOfAddress(address)).send();
  }

  /** Has an event happen, or sends a value of a stream. */
  async post(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    const { kind = 'event' } = request.query;
    if (kind !== 'event' && kind !== 'stream')
      throw new InputError('bad-arguments', 'kind: expected event or stream; PUT sets a param.');
    const value = valueOf(request, reply) ?? nullValue;
    const isEvent = kind === 'event';
    await this.#sessions.use(request.raw, ({ guest }) =>
      isEvent ? guest.emit(address, value) : guest.stream(address, value),
    );
    return reply.code(isEvent ? 204 : 202).send();
  }

  /** Clears a param. */
  async remove(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    await this.#sessions.use(request.raw, async ({ guest }) => {
      if (!(await guest.get(address))) throw nothingAt(address);
      await write(guest, request, { address, value: nullValue });
    });
    return reply.code(204).send();
  }

  #send(request: Asked, reply: FastifyReply, { etag, body }: Tagged): FastifyReply {
    const { 'if-none-match': known, 'if-match': wanted } = request.headers;
    const isKnown = known !== undefined && coversTag(known, etag);
    if (!isKnown) holdRoom(this.#host, reply.raw, body.length);
    reply.headers({ etag, 'cache-control': 'no-cache', vary: 'origin, accept', 'x-content-type-options': 'nosniff' });
    if (wanted !== undefined && !coversTag(wanted, etag))
      throw new InputError('changed-meanwhile', `It stands at ${etag}.`);
    return isKnown ? reply.code(304).send() : reply.send(body);
  }
}

/** What is not read yet counts with all that waits for clients of the door.
 *  @throws LimitError 'queue-full' */
function holdRoom({ room }: WebHost, response: ServerResponse, bytes: number): void {
  if (response.destroyed) return;
  if (room.isTooMuch(bytes)) throw new LimitError('queue-full', 'Too much waits for clients that read slowly.');
  room.enter();
  room.take(bytes);
  response.once('close', () => room.leave(bytes));
}

/** Sets it, while what the client says holds, so that nobody writes in between: who did is looked at again.
 *  @throws as rejections: InputError 'changed-meanwhile'; AppError with the router's refusal */
async function write(guest: WebGuest, request: Asked, { address, value }: Wanted): Promise<bigint | undefined> {
  const conditions = conditionsOf(request);
  if (!hasAny(conditions)) return guest.set(address, value);
  for (let looksLeft = looksMax - 1; ; looksLeft--) {
    const found = await guest.look(address);
    assertHolds(conditions, found?.value.type === 'null' ? undefined : found);
    try {
      return await guest.set(address, value, found?.revision ?? 0n);
    } catch (error) {
      if (looksLeft === 0 || !(error instanceof AppError) || error.code !== 'changed-meanwhile') throw error;
    }
  }
}

function valueOf(request: Asked, reply: FastifyReply): Value | undefined {
  reply.header('accept', takenTypes);
  const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers;
  const bytes = request.body instanceof Uint8Array ? request.body : undefined;
  const value = readValue({ contentType, contentEncoding, bytes });
  reply.removeHeader('accept');
  return value;
}

function conditionsOf({ headers }: Asked): Conditions {
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
}

function hasAny({ ifMatch, ifNoneMatch }: Conditions): boolean {
  return ifMatch !== undefined || ifNoneMatch !== undefined;
}

/** For the one who asks for it. */
export function nothingAt(address: string): InputError {
  return new InputError('unknown-address', `Nothing stands at ${address.slice(0, 200)}.`);
}
