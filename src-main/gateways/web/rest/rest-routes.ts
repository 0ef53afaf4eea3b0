import type { FastifyReply, FastifyRequest } from 'fastify';
import { InputError } from '../../../contract/errors.ts';
import type { WebHost } from '../../web-service.ts';
import { addressOfUrl, signalsPath } from './request-address.ts';
import { nothingAt, RestCalls, type RestQuery } from './rest-calls.ts';
import type { RestSessions } from './rest-sessions.ts';

/** Of an address, of a pattern, and of what else is only read. */
const forAddress = 'GET, HEAD, PUT, POST, DELETE, OPTIONS';
const readOnly = 'GET, HEAD, OPTIONS';
/** Of the door's own paths; a HEAD of a stream that has no end says nothing. */
const forOwn: Readonly<Record<string, string>> = {
  [signalsPath]: readOnly,
  '/api/health': readOnly,
  '/api/openapi.json': readOnly,
  '/api/events': 'GET, OPTIONS',
};

/** GET, PUT, POST and DELETE on addresses. One URL is one address, whatever is done with it. */
export function addRestRoutes(host: WebHost, sessions: RestSessions): void {
  const { app } = host;
  const calls = new RestCalls(sessions, host);
  for (const path of [`${signalsPath}/*`, '/api/*']) {
    app.get<RestQuery>(path, (request, reply) => calls.get(request, reply, addressOf(request, reply)));
    app.put<RestQuery>(path, (request, reply) => calls.put(request, reply, addressOf(request, reply)));
    app.post<RestQuery>(path, (request, reply) => calls.post(request, reply, addressOf(request, reply)));
    app.delete<RestQuery>(path, (request, reply) => calls.remove(request, reply, addressOf(request, reply)));
    app.options(path, (request, reply) => {
      const { methods } = whatIsAt(request);
      if (methods === undefined) throw nothingAt(pathOf(request));
      return reply.code(204).header('allow', methods).send();
    });
    app.route({
      method: ['PATCH', 'TRACE'],
      url: path,
      handler: (request, reply) => refuseMethod(reply, whatIsAt(request).methods ?? readOnly),
    });
  }
  app.get<RestQuery>(signalsPath, (request, reply) => {
    const { pattern = '/**' } = request.query;
    if (typeof pattern !== 'string') throw new InputError('bad-pattern', 'Expected one pattern.');
    return calls.list(request, reply, pattern);
  });
}

/** @throws InputError 'unknown-command' at a path of the door's own, 'unknown-address' below one */
function addressOf(request: FastifyRequest<RestQuery>, reply: FastifyReply): string {
  const { address, methods } = whatIsAt(request);
  if (address !== undefined) return address;
  if (methods === undefined) throw nothingAt(pathOf(request));
  return refuseMethod(reply, methods);
}

/** The address of a URL, or none at a path of the door's own; and its methods, or none below such a path. */
function whatIsAt(request: FastifyRequest): { readonly address?: string; readonly methods: string | undefined } {
  const address = addressOfUrl(request.raw.url ?? '');
  if (address === undefined) return { methods: forOwn[pathOf(request)] };
  return { address, methods: address.includes('*') ? readOnly : forAddress };
}

function pathOf({ raw }: FastifyRequest): string {
  return (raw.url ?? '').split(/[?#]/, 1)[0] ?? '';
}

function refuseMethod(reply: FastifyReply, methods: string): never {
  reply.header('allow', methods);
  throw new InputError('unknown-command', `Expected one of ${methods} here.`);
}
