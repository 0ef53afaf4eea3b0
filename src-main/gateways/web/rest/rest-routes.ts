import type { FastifyReply, FastifyRequest } from 'fastify';
import { InputError } from '../../../contract/errors.ts';
import { nullValue, type Value } from '../../../contract/signal.ts';
import type { WebHost } from '../../web-service.ts';
import type { WebGuest } from '../web-guest.ts';
import { answerValue, describeParam, jsonType } from './answer-value.ts';
import { coversTag, etagOf, revisionToMatch, type Conditions } from './conditions.ts';
import { listParams, readListRequest } from './list-params.ts';
import { addressOfUrl, signalsPath, urlOfAddress } from './request-address.ts';
import { readValue, takenTypes } from './request-value.ts';
import type { RestSessions } from './rest-sessions.ts';

type Query = Readonly<Record<string, unknown>>;
type Asked = FastifyRequest<{ Querystring: Query }>;

const allowed = 'GET, HEAD, PUT, POST, DELETE, OPTIONS';
const readOnly = 'GET, HEAD, OPTIONS';

/** GET, PUT, POST and DELETE on addresses. One URL is one address, whatever is done with it. */
export function addRestRoutes({ app, prefix }: WebHost, sessions: RestSessions): void {
  for (const path of [`${signalsPath}/*`, '/api/*']) {
    app.get<{ Querystring: Query }>(path, (request, reply) => get(request, reply, addressOf(request, reply)));
    app.put<{ Querystring: Query }>(path, (request, reply) => put(request, reply, addressOf(request, reply)));
    app.post<{ Querystring: Query }>(path, (request, reply) => post(request, reply, addressOf(request, reply)));
    app.delete<{ Querystring: Query }>(path, (request, reply) => remove(request, reply, addressOf(request, reply)));
    app.options(path, (_request, reply) => reply.code(204).header('allow', allowed).send());
    app.route({ method: ['PATCH', 'TRACE'], url: path, handler: (_request, reply) => refuseMethod(reply, allowed) });
  }
  app.get<{ Querystring: Query }>(signalsPath, (request, reply) => {
    const { pattern = '/**' } = request.query;
    if (typeof pattern !== 'string') throw new InputError('bad-pattern', 'Expected one pattern.');
    return list(request, reply, pattern);
  });

  async function get(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    if (address.includes('*')) return list(request, reply, address);
    const standing = await sessions.use(request.raw, ({ guest }) => guest.get(address));
    if (!standing) throw nothingAt(address);
    const isFull = 'full' in request.query;
    const { contentType, body } = isFull
      ? { contentType: jsonType, body: describeParam(address, standing) }
      : answerValue(standing.value, request.headers.accept);
    if (standing.setAt !== undefined) reply.header('last-modified', new Date(standing.setAt / 1000).toUTCString());
    return sendTagged(request, reply.header('x-flyrail-type', standing.value.type).type(contentType), {
      etag: etagOf(standing),
      body,
    });
  }

  async function list(request: Asked, reply: FastifyReply, pattern: string): Promise<FastifyReply> {
    const wanted = readListRequest(pattern, request.query);
    const { cursor, ...answer } = await sessions.use(request.raw, ({ session, inTurn }) =>
      inTurn(() => listParams(session, prefix, wanted)),
    );
    if (cursor !== undefined) {
      const next = new URLSearchParams({ pattern, limit: String(wanted.limit), cursor });
      reply.header('link', `<${signalsPath}?${next.toString()}>; rel="next"`);
    }
    return sendTagged(request, reply.type(jsonType), answer);
  }

  async function put(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    const value = valueOf(request, reply);
    if (!value) throw new InputError('bad-value', 'Expected a value in the body; DELETE clears it.');
    const revision = await sessions.use(request.raw, ({ guest }) => write(guest, request, { address, value }));
    if (revision !== undefined) reply.header('etag', etagOf({ revision }));
    return reply.code(204).header('content-location', urlOfAddress(address)).send();
  }

  async function post(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    const { kind = 'event' } = request.query;
    if (kind !== 'event' && kind !== 'stream')
      throw new InputError('bad-arguments', 'kind: expected event or stream; PUT sets a param.');
    const value = valueOf(request, reply) ?? nullValue;
    const isEvent = kind === 'event';
    await sessions.use(request.raw, ({ guest }) =>
      isEvent ? guest.emit(address, value) : guest.stream(address, value),
    );
    return reply.code(isEvent ? 204 : 202).send();
  }

  async function remove(request: Asked, reply: FastifyReply, address: string): Promise<FastifyReply> {
    await sessions.use(request.raw, async ({ guest }) => {
      const standing = await guest.get(address);
      if (!standing) throw nothingAt(address);
      const conditions = conditionsOf(request);
      const revision = revisionToMatch(conditions, standing);
      await guest.set(address, nullValue, hasAny(conditions) ? revision : undefined);
    });
    return reply.code(204).send();
  }
}

/** Sets it, from the revision that the client has seen where it says so. */
async function write(
  guest: WebGuest,
  request: Asked,
  { address, value }: { readonly address: string; readonly value: Value },
): Promise<bigint | undefined> {
  const conditions = conditionsOf(request);
  if (!hasAny(conditions)) return guest.set(address, value);
  return guest.set(address, value, revisionToMatch(conditions, await guest.get(address)));
}

/** @throws InputError 'unknown-command' at a path of the door's own */
function addressOf(request: Asked, reply: FastifyReply): string {
  const address = addressOfUrl(request.raw.url ?? '');
  if (address !== undefined) return address;
  if (request.method === 'GET' || request.method === 'HEAD') throw nothingAt(request.raw.url?.split('?')[0] ?? '');
  return refuseMethod(reply, readOnly);
}

function refuseMethod(reply: FastifyReply, methods: string): never {
  reply.header('allow', methods);
  throw new InputError('unknown-command', `Expected one of ${methods} here.`);
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

function sendTagged(
  request: Asked,
  reply: FastifyReply,
  { etag, body }: { readonly etag: string; readonly body: string | Buffer },
): FastifyReply {
  reply.headers({ etag, 'cache-control': 'no-cache', vary: 'origin, accept', 'x-content-type-options': 'nosniff' });
  const { 'if-none-match': known, 'if-match': wanted } = request.headers;
  if (wanted !== undefined && !coversTag(wanted, etag))
    throw new InputError('changed-meanwhile', `It stands at ${etag}.`);
  if (known !== undefined && coversTag(known, etag)) return reply.code(304).send();
  return reply.send(body);
}

function nothingAt(address: string): InputError {
  return new InputError('unknown-address', `Nothing stands at ${address.slice(0, 200)}.`);
}
