import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { ask, openServers, startRemote as start, type RemoteScene as Scene } from './remote-scene.ts';

const secretOf = ({ server }: Scene) => server.url().split('#')[1] ?? '';

async function enter(scene: Scene): Promise<string> {
  const answer = await ask(scene, '/session', {
    method: 'POST',
    headers: { origin: scene.origin },
    body: JSON.stringify({ secret: secretOf(scene) }),
  });
  expect(answer.status).toBe(204);
  return answer.headers['set-cookie']?.[0] ?? '';
}

/** As written, since clients tidy their headers. */
async function statusOf(scene: Scene, path: string, headers: string[]): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port: scene.server.port });
  socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(head.toString('latin1'))?.[1]);
}

function upgrade(scene: Scene, headers: Record<string, string>, path = '/engine'): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${scene.server.port}${path}`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve(socket);
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

describe("the interface's port", () => {
  it('[RS4] serves the pages with a strict policy, and nothing hidden or above them', async () => {
    const scene = await start();
    const page = await ask(scene, '/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('Flyrail');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).not.toMatch(/'unsafe-(inline|eval)'/);
    expect(page.headers['x-frame-options']).toBe('DENY');
    for (const path of ['/.hidden', '/../package.json', '/%2e%2e/package.json', '/none']) {
      expect((await ask(scene, path)).status, path).toBe(404);
    }
  });

  it('[RS5] refuses a Host or Origin that is not exactly its own, and counts it', async () => {
    const scene = await start();
    const { port } = scene.server;
    for (const headers of [
      { host: 'evil.example' },
      { host: `evil.example:${port}` },
      { host: '127.0.0.1' },
      { host: `127.0.0.1:${port + 1}` },
      { origin: 'http://evil.example' },
      { origin: `http://evil.example:${port}` },
      { origin: `http://localhost:${port}` },
      { origin: `https://127.0.0.1:${port}` },
      { origin: 'null' },
    ]) {
      expect((await ask(scene, '/', { headers })).status, JSON.stringify(headers)).toBe(403);
    }
    expect(scene.refused).toEqual(['host', 'host', 'host', 'host', 'origin', 'origin', 'origin', 'origin', 'origin']);
    const local = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    expect((await ask(scene, '/', { headers: local })).status).toBe(200);
  });

  it('[RS9] refuses a request with two Hosts, or none, for pages and for the link', async () => {
    const scene = await start();
    const cookie = (await enter(scene)).split(';')[0] ?? '';
    const own = `Host: 127.0.0.1:${scene.server.port}`;
    const link = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      `Origin: ${scene.origin}`,
      `Cookie: ${cookie}`,
    ];
    expect(await statusOf(scene, '/', [own, 'Connection: close'])).toBe(200);
    expect(await statusOf(scene, '/', [own, 'Host: evil.example'])).toBe(403);
    expect(await statusOf(scene, '/', [own, own])).toBe(403);
    expect(await statusOf(scene, '/engine', [own, 'Host: evil.example', ...link])).toBe(403);
    expect(scene.refused).toEqual(['host', 'host', 'host']);
    expect(await statusOf(scene, '/engine', [own, ...link])).toBe(101);
    expect(await statusOf(scene, '/engine', link)).toBeGreaterThanOrEqual(400);
    expect(scene.pages).toHaveLength(1);
  });

  it('[RS1] lets one browser in for the secret of the URL, and not a second one', async () => {
    const scene = await start();
    const secret = secretOf(scene);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const cookie = await enter(scene);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const again = { method: 'POST', headers: { origin: scene.origin }, body: JSON.stringify({ secret }) };
    expect((await ask(scene, '/session', again)).status).toBe(401);
    expect(secretOf(scene)).not.toBe(secret);
    expect((await ask(scene, '/session', { headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(204);
    expect((await ask(scene, '/session')).status).toBe(401);
  });

  it('[RS6] refuses a secret that comes without Origin, malformed, oversized or by another method', async () => {
    const scene = await start();
    const body = JSON.stringify({ secret: secretOf(scene) });
    const headers = { origin: scene.origin };
    expect((await ask(scene, '/session', { method: 'POST', body })).status).toBe(403);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await ask(scene, '/session', { method: 'POST', headers: elsewhere, body })).status).toBe(403);
    for (const bad of ['', '{', '[]', '{"secret":7}', JSON.stringify({ secret: 'x' }), 'null']) {
      expect((await ask(scene, '/session', { method: 'POST', headers, body: bad })).status, bad).toBe(401);
    }
    await expect(ask(scene, '/session', { method: 'POST', headers, body: 'x'.repeat(100_000) })).rejects.toThrow();
    expect((await ask(scene, '/session', { method: 'DELETE', headers })).status).toBe(403);
    expect((await ask(scene, '/', { method: 'POST', headers })).status).toBe(405);
    expect((await ask(scene, '/session', { method: 'POST', headers, body })).status).toBe(204);
  });

  it('[RS7] links a page only with its session, its own Origin and the right path', async () => {
    const scene = await start();
    const cookie = (await enter(scene)).split(';')[0] ?? '';
    expect(await upgrade(scene, { origin: scene.origin })).toBe(401);
    expect(await upgrade(scene, { origin: scene.origin, cookie: `flyrail-${scene.server.port}=guess` })).toBe(401);
    expect(await upgrade(scene, { cookie })).toBe(403);
    expect(await upgrade(scene, { cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade(scene, { cookie, origin: scene.origin }, '/other')).toBe(401);
    expect(scene.pages).toHaveLength(0);
    const page = await upgrade(scene, { cookie, origin: scene.origin });
    expect(page).toBeInstanceOf(WebSocket);
    expect(scene.pages).toHaveLength(1);
    (page as WebSocket).terminate();
  });

  it('[EA1] carries i64, bytes and large times both ways as MessagePack, and closes on what is not', async () => {
    const scene = await start();
    const cookie = (await enter(scene)).split(';')[0] ?? '';
    const page = (await upgrade(scene, { cookie, origin: scene.origin })) as WebSocket;
    const value = { at: 1_700_000_000_000_123, i64: -(2n ** 60n), bytes: new Uint8Array([0, 255]), nothing: null };
    const received = new Promise((resolve) => scene.pages[0]?.link.onMessage(resolve));
    page.send(encode(value, { useBigInt64: true }));
    expect(await received).toEqual(value);
    const back = new Promise((resolve) =>
      page.once('message', (data: Buffer) => {
        resolve(decode(new Uint8Array(data), { useBigInt64: true }));
      }),
    );
    scene.pages[0]?.link.send(value);
    expect(await back).toEqual(value);
    const closed = new Promise((resolve) => page.once('close', resolve));
    page.send('text');
    expect(await closed).toBe(1007);
  });

  it('[EA29] closes on 300 KB of array headers and goes on at once', async () => {
    const scene = await start();
    const cookie = (await enter(scene)).split(';')[0] ?? '';
    const page = (await upgrade(scene, { cookie, origin: scene.origin })) as WebSocket;
    const closed = new Promise((resolve) => page.once('close', resolve));
    const head = [0xdd, 0x00, 0x01, 0x86, 0xa0];
    page.send(Uint8Array.from({ length: 300_000 }, (_, index) => head[index % head.length] ?? 0));
    expect(await closed).toBe(1007);
  });

  it('[RS8] says so when its port is in use, and lets go of it when it stops, pages or not', async () => {
    const scene = await start();
    await expect(start({ port: scene.server.port })).rejects.toMatchObject({
      code: 'port-in-use',
      details: { port: scene.server.port },
    });
    const cookie = (await enter(scene)).split(';')[0] ?? '';
    await upgrade(scene, { cookie, origin: scene.origin });
    openServers.splice(0);
    await scene.server.stop();
    const next = await start({ port: scene.server.port });
    expect(next.server.port).toBe(scene.server.port);
  });

  it('[RS11] ends the connection of an upgrade that it refuses, so that its peer holds up no stop', async () => {
    const scene = await start();
    // It neither closes its side nor reads on.
    const socket = connect({ host: '127.0.0.1', port: scene.server.port, allowHalfOpen: true });
    const link = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13';
    const host = `Host: 127.0.0.1:${scene.server.port}`;
    socket.write(`GET /engine HTTP/1.1\r\n${host}\r\n${link}\r\nSec-WebSocket-Key: ${'a'.repeat(22)}==\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    openServers.splice(0);
    await scene.server.stop();
    socket.destroy();
  });
});
