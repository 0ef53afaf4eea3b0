import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type fastifyCors from '@fastify/cors';
import { InputError, LimitError } from '../../contract/errors.ts';
import { signatureHeaders } from '../../contract/rendezvous.ts';
import { millis } from '../../contract/units.ts';
import { ReplayGuard } from '../../core/discovery/replay-guard.ts';
import type { RendezvousRegistry } from '../../core/discovery/rendezvous-registry.ts';
import { sourceOf } from '../../core/discovery/source-of.ts';
import { SourceRates } from '../../core/discovery/source-rates.ts';
import type { Clock } from '../../ports/clock.ts';
import { callerOf, type RequestParts } from './caller-of.ts';
import { readFilter, readRegistration } from './read-request.ts';
import type { Refusals } from './refusals.ts';
import type { RendezvousHttpLimits } from './rendezvous-http-limits.ts';

export type Calls = Record<'register' | 'discover' | 'refresh' | 'unregister', number>;

interface RoutesNeeds {
  readonly registry: RendezvousRegistry;
  readonly clock: Clock;
  readonly limits: RendezvousHttpLimits;
  readonly refusals: Refusals;
  readonly cors: typeof fastifyCors;
}

interface WithId {
  readonly Params: { readonly id: string };
}

/** @returns how often each call was answered, as it goes on
 *  @see CLASP-WIRE §13 */
export async function addRoutes(server: FastifyInstance, needs: RoutesNeeds): Promise<Calls> {
  const { registry, clock, refusals, cors } = needs;
  const calls: Calls = { register: 0, discover: 0, refresh: 0, unregister: 0 };
  const guard = new ReplayGuard(clock);
  const caller = (request: FastifyRequest) => callerOf(partsOf(request), guard);
  boundRequests(server, needs);
  await server.register(cors, {
    origin: '*',
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: ['content-type', ...Object.values(signatureHeaders)],
    exposedHeaders: ['retry-after'],
    maxAge: 600,
  });
  readRawBodies(server);
  server.setErrorHandler((error, _request, reply) => refusals.answer(error, reply));
  server.setNotFoundHandler((_request, reply) => {
    refusals.answer(new InputError('unknown-command', 'There is no such call; docs/rendezvous.md lists them.'), reply);
  });

  server.post('/api/v1/register', (request, reply) => {
    const registration = readRegistration(bodyOf(request));
    const registered = registry.register(registration, caller(request));
    calls.register++;
    return reply.code(201).send(registered);
  });
  server.get('/api/v1/discover', (request, reply) => {
    const found = registry.discover(readFilter(request.query));
    calls.discover++;
    return reply.send(found);
  });
  server.post<WithId>('/api/v1/refresh/:id', (request, reply) => {
    registry.refresh(request.params.id, caller(request));
    calls.refresh++;
    return reply.code(200).send();
  });
  server.delete<WithId>('/api/v1/unregister/:id', (request, reply) => {
    registry.unregister(request.params.id, caller(request));
    calls.unregister++;
    return reply.code(204).send();
  });
  server.get('/api/v1/health', (_request, reply) => reply.type('text/plain; charset=utf-8').send('OK'));
  return calls;
}

/** Before anything is read: so many requests of a source, and so much time for an answer. */
function boundRequests(server: FastifyInstance, { clock, limits }: RoutesNeeds): void {
  const { requestsPerSecond: perSecond, requestsBurst: burst, answerTimeoutMs } = limits;
  const rates = new SourceRates({ clock, perSecond, burst });
  server.addHook('onRequest', (request, reply, done) => {
    endInTime(reply);
    const waitSeconds = rates.take(sourceOf(request.ip));
    if (waitSeconds === 0) return done();
    // It is refused before the hook that says so of all else.
    void reply.header('access-control-allow-origin', '*');
    const words = `Your address asks more than ${perSecond} times a second.`;
    done(new LimitError('rate-exceeded', words, { retryAfterSeconds: Math.max(1, waitSeconds) }));
  });

  function endInTime({ raw }: FastifyReply): void {
    raw.once(
      'close',
      clock.after(millis(answerTimeoutMs), () => raw.destroy()),
    );
  }
}

/** Signatures are over the bytes as they came, whatever type they are said to be. */
function readRawBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

function bodyOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

function partsOf(request: FastifyRequest): RequestParts {
  const { method, url: target, headers, ip } = request;
  return { method, target, headers, address: ip, body: bodyOf(request) };
}
