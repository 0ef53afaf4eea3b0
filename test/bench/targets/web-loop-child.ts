import { createServer, get, Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { everyMs } from '../bridge-kinds/http-poll.ts';
import { post, readBody } from '../bridge-kinds/http-server.ts';
import { plainWebhookPort } from '../bridge-kinds/http-webhook.ts';

/** Sends back what it gets, with the library that the bridge of this kind uses and nothing around it, as a process of its own; it
 *  tells its port on stdout, or where it dials: no port that Flyrail's bridge dials. */
const loops: Readonly<Record<string, () => void>> = {
  websocket: () => {
    const port = 27_123;
    const dial = (): void => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
      socket.on('message', (data: Buffer) => {
        const { value } = JSON.parse(data.toString()) as { value: number };
        socket.send(JSON.stringify({ address: '/out', value }));
      });
      socket.on('error', () => undefined);
      socket.on('close', () => setTimeout(dial, 50));
    };
    dial();
    say(port);
  },
  socketio: () => {
    const port = 27_124;
    const options = { transports: ['websocket'], reconnectionDelay: 50, reconnectionDelayMax: 50 };
    const socket = io(`http://127.0.0.1:${port}`, options);
    socket.on('in', (n: number) => socket.emit('out', n));
    say(port);
  },
  'http-poll': () => {
    const port = 27_125;
    const agent = new Agent({ keepAlive: true });
    setInterval(() => {
      get({ agent, host: '127.0.0.1', port, path: '/in' }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => (body += text));
        answer.on('end', () => post(port, body));
      }).on('error', () => undefined);
    }, everyMs);
    say(port);
  },
  'http-webhook': () => {
    const server = createServer(readBody((body) => post(plainWebhookPort, body)));
    server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
  },
};

function say(port: number): void {
  process.stdout.write(`port ${port}\n`);
}

const loop = loops[process.argv[2] ?? ''];
if (!loop) throw new Error(`Expected one of ${Object.keys(loops).join(', ')}.`);
loop();
process.once('SIGTERM', () => process.exit());
