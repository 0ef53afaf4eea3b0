import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

// The show is made in one process and played on in another, so the ports are agreed.
const [oscIn, oscOut] = [27_110, 27_111];

export const osc: OverheadKind = {
  kind: 'osc',
  bridge: {
    kind: 'osc',
    settings: {
      listenHost: '127.0.0.1',
      listenPort: oscIn,
      targets: [{ host: '127.0.0.1', port: oscOut }],
      prefix: '/osc',
    },
  },
  addresses: { in: '/osc/level', out: '/osc/level' },
  peer: 'node-osc',
  open: async (peerPort) => {
    const socket = createSocket('udp4').bind(oscOut, '127.0.0.1');
    await once(socket, 'listening');
    // [OSC 1.0] One whole number behind the path and its type.
    const message = Buffer.from('/level\0\0,i\0\0\0\0\0\0');
    const end: FarEnd = {
      send: (n) => {
        message.writeInt32BE(n, 12);
        socket.send(Buffer.from(message), peerPort ?? oscIn, '127.0.0.1');
      },
      onNumber: () => undefined,
      close: () => void socket.close(),
    };
    socket.on('message', (bytes) => end.onNumber(bytes.readInt32BE(12)));
    return end;
  },
};
