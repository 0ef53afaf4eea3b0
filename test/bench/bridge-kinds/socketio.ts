import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the server's port is agreed.
const port = 27_114;

/** A server of the same library, which the bridge dials. */
export const socketio: OverheadKind = {
  kind: 'socketio',
  bridge: { kind: 'socketio', settings: { url: `http://127.0.0.1:${port}`, prefix: '/socketio' } },
  addresses: { in: '/socketio/in', out: '/socketio/out' },
  peer: 'node-socketio',
  open: async (peerPort) => {
    const http = createServer();
    const server = new Server(http, { serveClient: false });
    http.listen(peerPort ?? port, '127.0.0.1');
    await once(http, 'listening');
    const end: FarEnd = {
      send: (n) => void server.emit('in', n),
      onNumber: () => undefined,
      close: () => server.close(),
    };
    server.on('connection', (socket) => socket.on('out', (n: number) => end.onNumber(n)));
    return end;
  },
};
