import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Address } from '../../../src-main/contract/address.ts';
import { nullValue } from '../../../src-main/contract/signal.ts';
import { SocketioBridge } from '../../../src-main/bridges/socketio/socketio-bridge.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { oneOf, seededChance, type Chance } from '../../seeded-chance.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { socketioSettings } from '../bridge-settings.ts';

const handshake = JSON.stringify({
  sid: 'x',
  upgrades: [],
  pingInterval: 25_000,
  pingTimeout: 20_000,
  maxPayload: 1e6,
});
const wellFormed = [`0${handshake}`, '40{"sid":"y"}'];
/** What no server should say, each by itself: packets of the line, then of Socket.IO, without what they have to say. */
const nonsense = [
  ...[
    '0',
    '0{',
    '0null',
    '0[]',
    '0{}',
    '0{"sid":5,"upgrades":7,"pingInterval":"x"}',
    '0{"sid":"x","upgrades":[],"pingInterval":-9,"pingTimeout":1}',
    '0{"sid":"x","upgrades":[],"pingInterval":1e300,"pingTimeout":1}',
    '1',
    '2',
    '3probe',
    '5',
    '6',
    '9',
    '',
  ],
  ...['40', '40null', '40{}', '40{"sid":null}', '41', '41[]', '44', '44null', '44"no"', '44{}', '44{"message":{}}'],
  ...[
    '42',
    '42[]',
    '42{}',
    '42[null]',
    '42["connect"]',
    '42[5]',
    '42["__proto__",{"__proto__":{"x":1}}]',
    '421',
    '421["a"]',
  ],
  ...[
    '43',
    '431',
    '431[]',
    '430[1]',
    '43{}',
    '45',
    '451-["a",{"_placeholder":true,"num":9}]',
    '45999-["a"]',
    '461-',
    '461-1[]',
  ],
  ...[
    '42/other,["a"]',
    '42/,["a"]',
    `42["a",${'['.repeat(5000)}${']'.repeat(5000)}]`,
    '4',
    '48',
    'b',
    'bAQ==',
    '4\u0000',
  ],
];

describe('a server of Socket.IO that is none', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function listen(): Promise<{ readonly server: Server; readonly url: string }> {
    const server = createServer();
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  async function start(url: string, transport: 'websocket' | 'polling') {
    const needs = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] };
    const settings = socketioSettings({ url, transports: [transport], emissions: [{ ack: {} }] });
    const bridge = new SocketioBridge(settings, needs);
    const host = new RecordingHost();
    await bridge.start(host);
    ends.push(() => bridge.stop());
    return { bridge, host };
  }

  it('[SO31] sends it elsewhere in vain: nobody else is dialled or told the token', async () => {
    for (const transport of ['polling', 'websocket'] as const)
      for (const place of [undefined, '', 'ftp://127.0.0.1', 'elsewhere'] as const) {
        const [here, elsewhere] = [await listen(), await listen()];
        let asked = 0;
        elsewhere.server.on('request', () => asked++);
        here.server.on('request', (_request, response) => {
          const location = place === 'elsewhere' ? `${elsewhere.url}/socket.io/` : place;
          response.writeHead(302, location === undefined ? {} : { location }).end();
        });
        const { bridge } = await start(here.url, transport);
        const words = 'The server sends us elsewhere (HTTP 302); name that place.';
        await until('it to be told', () => bridge.status().reason.startsWith(words));
        expect([bridge.status().state, asked]).toEqual(['broken', 0]);
      }
  });

  it('[SO12] nothing that comes by a WebSocket harms the bridge, and what is sound is taken afterwards', async () => {
    const seed = Math.floor(createSystemRandom().fraction() * 2 ** 32);
    console.log(`hostile Socket.IO server: seed ${seed}`);
    const chance = seededChance(seed);
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    ends.push(() => void process.off('warning', note));
    const { server, url } = await listen();
    const sockets = new WebSocketServer({ server });
    let saying: string | undefined;
    let closed = 0;
    sockets.on('connection', (socket) => {
      // Each one first of all, and behind a sound beginning.
      if (saying === undefined || chance() < 0.9) for (const text of wellFormed) socket.send(text);
      if (saying === undefined) return;
      socket.send(chance() < 0.2 ? mangled(saying, chance) : saying);
      if (chance() < 0.2) socket.send(Buffer.of(1, 2, 3));
      socket.on('close', () => closed++);
      socket.close();
    });
    for (const text of nonsense) {
      saying = text;
      const before = closed;
      const { bridge, host } = await start(url, 'websocket');
      bridge.apply([{ kind: 'param', address: '/socketio/a' as Address, value: nullValue }]);
      await until('it to be heard', () => closed > before);
      await bridge.stop();
      expect(host.faults).toEqual([]);
    }
    expect(warnings).toEqual([]);
    saying = undefined;
    const { bridge } = await start(url, 'websocket');
    expect(bridge.status().state).toBe('connected');
  });

  it('[SO12] nothing that comes by polling harms it, and a server that ends each connection is not dialled all the time', async () => {
    const { server, url } = await listen();
    let asked = 0;
    server.on('request', (request, response) => {
      request.resume();
      const body = nonsense[asked++ % nonsense.length] ?? '';
      response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(asked % 2 ? `0${handshake}\u001e40{"sid":"y"}\u001e${body}` : body);
    });
    const { bridge, host } = await start(url, 'polling');
    for (let i = 0; i < 10; i++) {
      await bridge.stop();
      const next = await start(url, 'polling');
      await next.bridge.stop();
    }
    expect(host.faults).toEqual([]);
    const closing = await listen();
    const dialled: number[] = [];
    new WebSocketServer({ server: closing.server }).on('connection', (socket) => {
      dialled.push(performance.now());
      for (const text of wellFormed) socket.send(text);
      setTimeout(() => socket.terminate(), 5);
    });
    const hunted = await start(closing.url, 'websocket');
    await until('it to slow down', () =>
      hunted.bridge.status().reason.startsWith('The server ends each connection at once.'),
    );
    const before = dialled.length;
    await until('a second', () => false, 1500).catch(() => undefined);
    expect(dialled.length - before).toBeLessThanOrEqual(1);
  });
});

/** With a few letters put elsewhere. */
function mangled(text: string, chance: Chance): string {
  const letters = text.split(/(?:)/u);
  for (let i = 0; i < 3 && letters.length > 1; i++)
    letters.splice(
      Math.floor(chance() * letters.length),
      1,
      oneOf(chance, '0123456789[]{}",-/\u001e\u0000'.split(/(?:)/u)),
    );
  return letters.join('');
}
