import { createServer } from 'node:http';
import { once } from 'node:events';
import { Server } from 'socket.io';
import { freePort } from '../../free-port.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** A web application of the npm package socket.io, that is stopped and started again: what is acknowledged arrives. */
export async function planSocketio(): Promise<LanePlan> {
  const port = await freePort();
  const settings = {
    ...{ url: `http://127.0.0.1:${port}`, prefix: '/app', queueMax: 10_000, events: [{ event: 'in', as: 'event' }] },
    emissions: [{ from: '/out', event: 'out', ack: { timeoutMillis: 3000, retries: 5 } }],
  };
  return {
    id: 'app',
    bridge: { kind: 'socketio', settings },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('Socket.IO, in', 'every'), new Tally('Socket.IO, out', 'every')];
      const open = async (): Promise<Server> => {
        const http = createServer().listen(port, '127.0.0.1');
        await once(http, 'listening');
        const opened = new Server(http);
        opened.on('connection', (socket) => {
          socket.on('out', (n: number, done: (answer: string) => void) => {
            out.came(n);
            done('got it');
          });
        });
        return opened;
      };
      let server = await open();
      onEnd(() => server.close());
      hear('/app/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          for (const socket of server.sockets.sockets.values()) {
            into.sending(n);
            socket.timeout(5000).emit('in', n, (error: unknown, answer?: { readonly ok: boolean }) => {
              if (!error && answer?.ok) into.taken(n);
            });
          }
          out.sent(n);
          client.emit('/app/out', n);
        },
        unplug: () => server.close(),
        plug: async () => void (server = await open()),
      };
    },
  };
}
