import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the server's port is agreed.
const port = 27_113;

/** A server of the same library, which the bridge dials. */
export const websocket: OverheadKind = {
  kind: 'websocket',
  bridge: { kind: 'websocket', settings: { url: `ws://127.0.0.1:${port}`, prefix: '/ws', echo: 'none' } },
  addresses: { in: '/ws/in', out: '/ws/out' },
  peer: 'node-websocket',
  open: async (peerPort) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: peerPort ?? port, perMessageDeflate: false });
    await once(server, 'listening');
    const end: FarEnd = {
      send: (n) => {
        for (const client of server.clients) client.send(`{"address":"/in","value":${n}}`);
      },
      onNumber: () => undefined,
      close: async () => {
        for (const client of server.clients) client.terminate();
        const closed = once(server, 'close');
        server.close();
        await closed;
      },
    };
    const dialled = once(server, 'connection');
    server.on('connection', (client) =>
      client.on('message', (data: Buffer) => {
        const { address, value } = JSON.parse(data.toString()) as { address: string; value: number };
        if (address === '/out') end.onNumber(value);
      }),
    );
    await dialled;
    return end;
  },
};
