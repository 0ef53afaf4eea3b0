import type { WebService } from '../../web-service.ts';

/** GET, PUT, POST and DELETE on addresses. @see docs/http-door.md */
export function createRestService(): WebService {
  return {
    name: 'rest',
    attach: ({ app }) => {
      app.get('/api/health', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}
