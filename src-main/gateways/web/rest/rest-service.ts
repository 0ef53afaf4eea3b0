import { LimitError } from '../../../contract/errors.ts';
import { millis } from '../../../contract/units.ts';
import { sourceOf } from '../../../core/discovery/source-of.ts';
import { SourceRates } from '../../../core/discovery/source-rates.ts';
import type { WebHost, WebService } from '../../web-service.ts';
import { EventStreams } from './event-streams.ts';
import { openApi } from './openapi.ts';
import { addRestRoutes } from './rest-routes.ts';
import { RestSessions } from './rest-sessions.ts';

const eventsPath = '/api/events';
/** For an answer to be read; a stream of events looks after itself. */
const answerTimeout = millis(30_000);
/** Requests of one machine, beside what its sessions may. */
const requestsPerSecond = 2000;
const requestsBurst = 4000;

/** GET, PUT, POST and DELETE on addresses, and changes as Server-Sent Events. @see docs/http-door.md */
export function createRestService(): WebService {
  let sessions: RestSessions | undefined;
  let streams: EventStreams | undefined;
  return {
    name: 'rest',
    attach: (host) => {
      sessions = new RestSessions(host);
      const events = new EventStreams(host);
      streams = events;
      boundRequests(host);
      addRestRoutes(host, sessions);
      host.app.get('/api/health', (_request, reply) =>
        reply.header('cache-control', 'no-store').send({ status: 'ok' }),
      );
      host.app.get('/api/openapi.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(openApi));
      host.app.get(eventsPath, { exposeHeadRoute: false }, (request, reply) => events.answer(request, reply));
      return Promise.resolve();
    },
    stop: () => {
      sessions?.stop();
      streams?.stop();
      return Promise.resolve();
    },
  };
}

function boundRequests({ app, clock }: WebHost): void {
  const rates = new SourceRates({ clock, perSecond: requestsPerSecond, burst: requestsBurst });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== eventsPath)
      reply.raw.once(
        'close',
        clock.after(answerTimeout, () => reply.raw.destroy()),
      );
    const waitSeconds = rates.take(sourceOf(request.ip));
    if (waitSeconds === 0) return done();
    const words = `Your address asks more than ${requestsPerSecond} times a second.`;
    done(new LimitError('rate-exceeded', words, { retryAfterSeconds: Math.max(1, waitSeconds) }));
  });
}
