import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { freePort } from '../../free-port.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** A web server that is asked ten times a second, and told what happens; it is stopped and started again. */
export async function planHttp(): Promise<LanePlan> {
  const port = await freePort();
  const settings = {
    ...{ url: `http://127.0.0.1:${port}`, prefix: '/http', eventsWaitSeconds: 300 },
    polls: [{ url: '/state', to: '/in', everyMs: 100 }],
    webhooks: [{ from: '/out', kinds: ['event'], url: '/hook', payload: 'json' }],
  };
  return {
    id: 'web',
    bridge: { kind: 'http', settings },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('HTTP, polled', 'newest'), new Tally('HTTP, webhooks', 'every')];
      let newest = 0;
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        if (request.method === 'POST') out.came(Number(body));
        else into.sent(newest);
        response.end(request.method === 'POST' ? '' : String(newest));
      };
      const open = async (): Promise<Server> => {
        const opened = createServer((request, response) => void answer(request, response)).listen(port, '127.0.0.1');
        await once(opened, 'listening');
        return opened;
      };
      const close = async (server: Server): Promise<void> => {
        server.close();
        server.closeAllConnections();
        if (server.listening) await once(server, 'close');
      };
      let server = await open();
      onEnd(() => close(server));
      hear('/http/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 20,
        turn: (n) => {
          newest = n;
          out.sent(n);
          client.emit('/http/out', n);
        },
        unplug: () => close(server),
        plug: async () => void (server = await open()),
      };
    },
  };
}
