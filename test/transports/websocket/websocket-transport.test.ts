import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { WebSocketConnection } from '../../../src-main/transports/websocket/websocket-connection.ts';
import { createWebSocketTransport } from '../../../src-main/transports/websocket/websocket-transport.ts';
import { describeBackPressure, describeTransport, type TransportCase } from '../../conformance/transport.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { openPort, type OpenPort } from './websocket-fixture.ts';

const makeCase = (): TransportCase => ({
  transport: createWebSocketTransport({
    host: '127.0.0.1',
    port: 0,
    clock: createSystemClock(),
    log: silentLog,
    isAllowedOrigin: () => false,
    onRefused: () => undefined,
  }),
  stall: (connection) => {
    if (!(connection instanceof WebSocketConnection)) throw new Error('not a WebSocket');
    connection.pauseReading();
    return () => connection.resumeReading();
  },
});
describeTransport('websocket', makeCase);
describeBackPressure('websocket', makeCase);

const ports: OpenPort[] = [];
const sockets: (WebSocket | Socket)[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) {
    if (socket instanceof WebSocket) socket.terminate();
    else socket.destroy();
  }
  await Promise.all(ports.splice(0).map(({ stop }) => stop()));
});

async function open(...args: Parameters<typeof openPort>): Promise<OpenPort> {
  const port = await openPort(...args);
  ports.push(port);
  return port;
}

/** The status of the answer to an upgrade; 101 when it went through. */
function upgrade(port: number, headers: Record<string, string>, path = '/clasp', protocol?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol ?? [], { headers });
    sockets.push(webSocket);
    webSocket.once('open', () => resolve(101));
    webSocket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    webSocket.once('error', reject);
  });
}

describe('upgrade', () => {
  it.each(['/', '/clasp', '/any/path?x=1'])('[TP10] accepts the path %s', async (path) => {
    expect(await upgrade((await open()).port, {}, path)).toBe(101);
  });

  it('[TP10] echoes the subprotocol clasp when it is offered, and does without', async () => {
    const { port } = await open();
    for (const [offered, expected] of [
      [['clasp'], 'clasp'],
      [['other', 'clasp'], 'clasp'],
      [[], ''],
    ] as const) {
      const webSocket = new WebSocket(`ws://127.0.0.1:${port}`, [...offered]);
      sockets.push(webSocket);
      await new Promise((resolve, reject) => webSocket.once('open', resolve).once('error', reject));
      expect([webSocket.protocol, webSocket.extensions]).toEqual([expected, '']);
    }
  });

  it('[TP11] answers a plain request with ok', async () => {
    const { port } = await open();
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const response = await fetch(`http://127.0.0.1:${port}/anything`, { method });
      expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
    }
  });

  it.each([
    ['no Origin', undefined, 101],
    ['loopback', 'http://localhost:5173', 101],
    ['loopback by number', 'http://127.0.0.1', 101],
    ['loopback by IPv6', 'http://[::1]:8080', 101],
    ['another site', 'https://example.com', 403],
    ['a name that only begins like loopback', 'http://127.0.0.1.example.com', 403],
    ['an opaque origin', 'null', 403],
    ['an extension', 'chrome-extension://abc', 403],
    ['nonsense', 'http://', 403],
  ])('[TP12] judges by Origin: %s', async (_, origin, status) => {
    const { port, refused, transport } = await open();
    expect(await upgrade(port, origin === undefined ? {} : { origin })).toBe(status);
    expect(refused).toEqual(status === 403 ? [{ because: 'origin', text: origin }] : []);
    expect(transport.refused().upgrade).toBe(status === 403 ? 1 : 0);
  });

  it('[TP12] lets an origin in once it was allowed', async () => {
    const allowed = new Set<string>();
    const { port } = await open({ isAllowedOrigin: (origin) => allowed.has(origin) });
    expect(await upgrade(port, { origin: 'https://example.com' })).toBe(403);
    allowed.add('https://example.com');
    expect(await upgrade(port, { origin: 'https://example.com' })).toBe(101);
  });

  it.each([
    ['an address', '192.168.7.9:7330', 101],
    ['an IPv6 address', '[fe80::1]:7330', 101],
    ['localhost', 'localhost', 101],
    ['this machine', hostname(), 101],
    ['this machine by mDNS', `${hostname()}.local:7330`, 101],
    ['a foreign name', 'evil.example.com', 403],
    ['a foreign name that holds ours', `${hostname()}.example.com`, 403],
    ['nonsense', 'a b@127.0.0.1', 403],
  ])('[TP13] judges by Host, against DNS rebinding: %s', async (_, host, status) => {
    const { port, refused } = await open();
    expect(await upgrade(port, { host })).toBe(status);
    expect(refused.map(({ because }) => because)).toEqual(status === 403 ? ['host'] : []);
  });

  it('[TP13] lets a page of the dialled host in', async () => {
    const { port } = await open();
    expect(await upgrade(port, { host: '192.168.7.9:7330', origin: 'http://192.168.7.9:3000' })).toBe(101);
    expect(await upgrade(port, { host: '192.168.7.9:7330', origin: 'http://192.168.7.8:3000' })).toBe(403);
  });
});

describe('messages', () => {
  async function dialled(
    options: Parameters<typeof openPort>[0] = {},
  ): Promise<{ port: OpenPort; client: WebSocket; server: Connection }> {
    const port = await open(options);
    const client = new WebSocket(port.url, 'clasp');
    sockets.push(client);
    await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
    await until('the listener to accept', () => port.accepted.length === 1);
    const [server] = port.accepted;
    if (!server) throw new Error('not accepted');
    return { port, client, server };
  }

  it('[TP14] leaves text messages out and counts them', async () => {
    const { port, client, server } = await dialled();
    const frames: number[] = [];
    server.onFrame((frame) => frames.push(frame.end - frame.start));
    client.send('hello');
    client.send(Buffer.of(1, 2, 3, 4));
    await until('the binary one', () => frames.length === 1);
    expect([frames, port.transport.refused().text]).toEqual([[4], 1]);
  });

  it('[TP15] closes with 1009 when a message is larger than a frame can be', async () => {
    const { client, server } = await dialled();
    server.onFrame(() => undefined);
    const code = new Promise((resolve) => client.once('close', resolve));
    client.send(Buffer.alloc(server.maxBytes + 1));
    expect(await code).toBe(1009);
  });

  it('[TP16] pings every 30 s, and drops a peer that was silent for two intervals', async () => {
    const clock = new SimulatedClock();
    const { client, server, port } = await dialled({ clock });
    server.onFrame(() => undefined);
    let closed: string | undefined;
    server.onClose((reason) => (closed = reason));
    for (let interval = 1; interval <= 4; interval++) {
      const pinged = new Promise((resolve) => client.once('ping', resolve));
      clock.advance(30_000);
      await pinged;
      // What is asked after the pong was sent is answered after it came in.
      await (await fetch(`http://127.0.0.1:${port.port}`)).text();
    }
    expect(closed).toBeUndefined();
    client.pause();
    clock.advance(30_000);
    clock.advance(30_000);
    clock.advance(30_000);
    await until('the peer to be dropped', () => closed !== undefined);
    expect(closed).toBe('silent for two ping intervals');
    expect(clock.waiting).toBe(0);
  });

  it('[TP17] bounds what it queues for a peer that does not read', async () => {
    const { client, server } = await dialled({ limits: { queueBytesMax: 100_000 } });
    client.pause();
    const chunk = new Uint8Array(50_000);
    let taken = 0;
    while (server.send(chunk) && taken < 10_000) taken++;
    // What the system buffers for a socket comes on top.
    expect(taken * chunk.length).toBeLessThan(20_000_000);
    expect(server.send(chunk)).toBe(false);
  });
});

describe('port', () => {
  it('[TP18] says which port is in use', async () => {
    const { port } = await open();
    await expect(openPort({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      details: { host: '127.0.0.1', port },
    });
  });

  it('[TP18] says when it cannot open a port for another reason', async () => {
    await expect(openPort({ host: '203.0.113.1' })).rejects.toMatchObject({ code: 'cannot-open-port' });
  });

  it('[TP18] can be opened again right after it was stopped', async () => {
    const { port, stop } = await openPort();
    expect(await upgrade(port, {})).toBe(101);
    await stop();
    const again = await open({ port });
    expect(await upgrade(again.port, {})).toBe(101);
  });

  it('[TP7] stops within a second although peers do not answer the close, or never finished their request', async () => {
    const { port, stop, accepted } = await openPort();
    const silent = connect(port, '127.0.0.1');
    const halfAsked = connect(port, '127.0.0.1');
    sockets.push(silent, halfAsked);
    halfAsked.write('GET / HTTP/1.1\r\nHost: loc');
    const deaf = connect(port, '127.0.0.1');
    sockets.push(deaf);
    deaf.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await until('the upgrade', () => accepted.length === 1);
    accepted[0]?.onFrame(() => undefined);
    for (const socket of [silent, halfAsked, deaf]) socket.on('error', () => undefined);
    const start = performance.now();
    await stop();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('[TP19] drops a connection that does not finish its upgrade request in time', async () => {
    const { port } = await open({ limits: { upgradeTimeoutMs: 300 as never } });
    const slow = connect(port, '127.0.0.1');
    sockets.push(slow);
    let closed = false;
    slow.on('close', () => (closed = true));
    slow.on('data', () => undefined);
    slow.write('GET / HTTP/1.1\r\n');
    await until('the slow one to be dropped', () => closed);
  });

  it('[TP19] refuses what is no WebSocket upgrade', async () => {
    const { port } = await open();
    const status = await new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', headers: { connection: 'upgrade', upgrade: 'h2c' } }, (response) =>
        resolve(response.statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});
