import type { FastifyReply, FastifyRequest } from 'fastify';
import { InputError } from '../../../contract/errors.ts';
import type { WebHost } from '../../web-service.ts';
import { addressOfUrl, signalsPath } from './request-address.ts';
import { nothingAt, RestCalls, type RestQuery } from './rest-calls.ts';
import type { RestSessions } from './rest-sessions.ts';

const allowed = 'GET, HEAD, PUT, POST, DELETE, OPTIONS';
const readOnly = 'GET, HEAD, OPTIONS';

/** GET, PUT, POST and DELETE on addresses. One URL is one address, whatever is done with it. */
export function addRestRoutes({ app, prefix }: WebHost, sessions: RestSessions): void {
  const calls = new RestCalls(sessions, prefix);
  for (const path of [`${signalsPath}/*`, '/api/*']) {
    app.get<RestQuery>(path, (request, reply) => calls.get(request, reply, addressOf(request, reply)));
    app.put<RestQuery>(path, (request, reply) => calls.put(request, reply, addressOf(request, reply)));
    app.post<RestQuery>(path, (request, reply) => calls.post(request, reply, addressOf(request, reply)));
    app.delete<RestQuery>(path, (request, reply) => calls.remove(request, reply, addressOf(request, reply)));
    app.options(path, (_request, reply) => reply.code(204).header('allow', allowed).send());
    app.route({ method: ['PATCH', 'TRACE'], url: path, handler: (_request, reply) => refuseMethod(reply, allowed) });
  }
  app.get<RestQuery>(signalsPath, (request, reply) => {
    const { pattern = '/**' } = request.query;
    if (typeof pattern !== 'string') throw new InputError('bad-pattern', 'Expected one pattern.');
    return calls.list(request, reply, pattern);
  });
}

/** @throws InputError 'unknown-command' at a path of the door's own */
function addressOf(request: FastifyRequest<RestQuery>, reply: FastifyReply): string {
  const address = addressOfUrl(request.raw.url ?? '');
  if (address !== undefined) return address;
  if (request.method === 'GET' || request.method === 'HEAD') throw nothingAt(request.raw.url?.split('?')[0] ?? '');
  return refuseMethod(reply, readOnly);
}

function refuseMethod(reply: FastifyReply, methods: string): never {
  reply.header('allow', methods);
  throw new InputError('unknown-command', `Expected one of ${methods} here.`);
}
