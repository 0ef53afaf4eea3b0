import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { freePort } from '../../free-port.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** A media server of the npm package ws, that is stopped and started again. WebSocket has no receipts: the last value has to stand. */
export async function planWebSocket(): Promise<LanePlan> {
  const port = await freePort();
  return {
    id: 'player',
    bridge: { kind: 'websocket', settings: { url: `ws://127.0.0.1:${port}`, prefix: '/player', echo: 'none' } },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('WebSocket, in', 'newest'), new Tally('WebSocket, out', 'newest')];
      const take = (socket: WebSocket): void => {
        socket.on('message', (data: Buffer) => {
          const { value } = JSON.parse(data.toString()) as { readonly value: number };
          out.came(value);
        });
      };
      const open = async (): Promise<WebSocketServer> => {
        const opened = new WebSocketServer({ port, host: '127.0.0.1' });
        opened.on('connection', take);
        await once(opened, 'listening');
        return opened;
      };
      const close = async (server: WebSocketServer): Promise<void> => {
        for (const socket of server.clients) socket.terminate();
        await new Promise((resolve) => server.close(resolve));
      };
      let server = await open();
      onEnd(() => close(server));
      hear('/player/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          if (server.clients.size > 0) into.sent(n);
          for (const socket of server.clients) socket.send(JSON.stringify({ address: '/in', value: n }));
          out.sent(n);
          client.set('/player/out', n);
        },
        unplug: () => close(server),
        plug: async () => void (server = await open()),
      };
    },
  };
}
