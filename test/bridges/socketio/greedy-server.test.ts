import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { SocketioBridge } from '../../../src-main/bridges/socketio/socketio-bridge.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { socketioSettings } from '../bridge-settings.ts';

const handshake = `0${JSON.stringify({ sid: 'x', upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 })}`;
const wellFormed = [handshake, '40{"sid":"y"}'];
const mebibyte = 1024 * 1024;

/** Writes it again and again, as fast as the other takes it. @returns bytes that left */
function pour(to: Socket | ServerResponse, chunk: Uint8Array): () => number {
  let total = 0;
  const write = (): void => {
    while (!to.destroyed && to.write(chunk)) total += chunk.length;
  };
  to.on('drain', write);
  write();
  return () => total;
}

/** A frame as a server sends it. @param opcode 1: text, 9: ping */
function frame(opcode: number, payload: string): Buffer {
  return Buffer.concat([Buffer.of(0x80 | opcode, payload.length), Buffer.from(payload)]);
}

describe('a server of Socket.IO that wants more than its share', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function listen(answer?: (request: IncomingMessage, response: ServerResponse) => void) {
    const server: Server = createServer(answer);
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
    const settings = socketioSettings({ url, transports: [transport], secretName: 'desk', tokenAs: 'bearer' });
    const needs = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] };
    const bridge = new SocketioBridge(settings, { ...needs, secret: () => Promise.resolve('geheim') });
    ends.push(() => bridge.stop());
    const host = new RecordingHost();
    await bridge.start(host);
    return { bridge, host };
  }

  /** A server by WebSocket that greets, and then does this. */
  async function listenTo(run: (webSocket: WebSocket, socket: Socket) => void) {
    const { server, url } = await listen();
    const seen = { extensions: '?', closed: 0, connected: 0 };
    new WebSocketServer({ server, perMessageDeflate: true }).on('connection', (webSocket, { socket }) => {
      seen.connected++;
      seen.extensions = webSocket.extensions;
      webSocket.on('error', () => undefined);
      webSocket.on('close', () => seen.closed++);
      for (const text of wellFormed) webSocket.send(text);
      run(webSocket, socket);
    });
    return { url, seen };
  }

  it('[SO32] is cut when it pings without end and reads no answer', async () => {
    const { url, seen } = await listenTo((_webSocket, socket) => {
      socket.pause();
      pour(socket, Buffer.concat(Array.from({ length: 500 }, () => frame(9, 'p'.repeat(125)))));
    });
    const { bridge } = await start(url, 'websocket');
    await until('its end', () => bridge.status().state === 'broken');
    expect(seen.connected).toBeGreaterThan(0);
  });

  it.each<[what: string, packet: string]>([
    ['pings of the line', '2'],
    ['events that it wants answered', '421["a",1]'],
  ])('[SO32] is not read on when it sends %s and reads no answer', async (_what, packet) => {
    let poured = (): number => 0;
    const { url } = await listenTo((_webSocket, socket) => {
      socket.pause();
      poured = pour(socket, Buffer.concat(Array.from({ length: 5000 }, () => frame(1, packet))));
    });
    const { bridge, host } = await start(url, 'websocket');
    let [before, same] = [0, 0];
    await until(
      'it to be left alone',
      () => {
        same = poured() === before ? same + 1 : 0;
        before = poured();
        return before > 0 && same > 100;
      },
      60_000,
    );
    expect(before).toBeLessThan(64 * mebibyte);
    expect([bridge.status().state, host.faults]).toEqual(['connected', []]);
  });

  it('[SO32] is cut when a message has no end, and is not let compress any', async () => {
    const head = Buffer.alloc(10);
    head.writeUInt16BE(0x817f);
    head.writeBigUInt64BE(10n ** 9n, 2);
    const { url, seen } = await listenTo((_webSocket, socket) => {
      socket.write(head);
      pour(socket, Buffer.alloc(65_536, '4'));
    });
    const { bridge } = await start(url, 'websocket');
    await until('its end', () => seen.closed > 0);
    expect([seen.extensions, bridge.status().state]).toEqual(['', 'broken']);
  });

  it('[SO33] is cut when its answer to a poll has no end', async () => {
    const poured: (() => number)[] = [];
    let closed = 0;
    const { url } = await listen((_request, response) => {
      response.on('close', () => closed++).writeHead(200, { 'content-type': 'text/plain' });
      poured.push(pour(response, Buffer.alloc(65_536, '4')));
    });
    const { bridge } = await start(url, 'polling');
    await until('its end', () => closed > 0);
    expect(poured[0]?.()).toBeLessThan(16 * mebibyte);
    expect(bridge.status().reason).toMatch(/^The connection failed: its answer is longer than 1048576 bytes\./);
  });

  it('[SO33] is cut when it answers polls and takes no POST', async () => {
    const pings = Array.from({ length: 60_000 }, () => '2').join('\u001e');
    let [asked, gone] = [0, 0];
    const { url } = await listen((request, response) => {
      request.resume();
      if (request.method === 'POST') return void response.on('close', () => gone++);
      const isFirst = new URL(request.url ?? '', 'http://x').searchParams.get('sid') === null;
      if (isFirst) asked++;
      response.writeHead(200, { 'content-type': 'text/plain' }).end(isFirst ? wellFormed.join('\u001e') : pings);
    });
    await start(url, 'polling');
    await until('another try', () => asked > 1);
    expect(gone).toBeLessThanOrEqual(asked);
  });
});
