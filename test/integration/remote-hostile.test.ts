import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { logIn, startRemote, type RemoteScene } from './remote-scene.ts';

/** Sends bytes as they are. @returns the status that came, 0 when the connection ended without one */
async function raw(scene: RemoteScene, bytes: string | Buffer): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port: scene.server.port });
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (text.includes('\r\n')) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await closed(socket);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

/** Also by an error: a server that lets go resets. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

function head(scene: RemoteScene, line: string, more: readonly string[] = []): string {
  return `${[`${line} HTTP/1.1`, `Host: 127.0.0.1:${scene.server.port}`, 'Connection: close', ...more].join('\r\n')}\r\n\r\n`;
}

async function untouched(scene: RemoteScene): Promise<void> {
  expect(scene.access.state()).toMatchObject({ sessions: [], paired: [], pins: ['view'] });
  expect(scene.pages).toEqual([]);
  expect((await logIn(scene, 'pin', '481623')).status).toBe(200);
}

async function scene(options: Parameters<typeof startRemote>[0] = {}): Promise<RemoteScene> {
  const started = await startRemote(options);
  await started.access.setPin('view', '481623');
  return started;
}

describe("hostile clients of the interface's port", () => {
  it('[RS24] gives nothing away by tricks in paths', async () => {
    const s = await scene();
    const up = [
      '..',
      '%2e%2e',
      '.%2e',
      '%2e.',
      '..%2f',
      '%2e%2e%2f',
      '..%5c',
      '..\\',
      '%252e%252e%252f',
      '%c0%ae%c0%ae',
      '....//',
    ];
    const wanted = ['etc/passwd', 'access.json', '.hidden', 'interface.json'];
    const paths = up.flatMap((step) => wanted.map((file) => `/${`${step}/`.repeat(4)}${file}`));
    paths.push(
      '/.hidden',
      '/%2ehidden',
      '/.%68idden',
      '/index.html%00.txt',
      '/%00',
      '/%',
      '/%zz',
      '/\u0001',
      '//etc/passwd',
    );
    paths.push(
      '/engine',
      '/login/',
      '/login/start',
      '/pair',
      '/session/',
      '/SESSION',
      '/metrics',
      '/__proto__',
      '/constructor',
    );
    paths.push(
      `/${'a'.repeat(8000)}`,
      `/${'../'.repeat(2000)}`,
      'http://evil.example/',
      'file:///etc/passwd',
      '*',
      'evil:80',
    );
    const found = new Map<number, number>();
    for (const path of paths) {
      const status = await raw(s, head(s, `GET ${path}`));
      found.set(status, (found.get(status) ?? 0) + 1);
      expect([0, 400, 404, 405], path).toContain(status);
    }
    console.log(`paths: ${paths.length} tried, 0 answered with a file; answers ${JSON.stringify([...found])}`);
    await untouched(s);
  });

  it('[RS24] does nothing for other methods, versions, and heads that are none', async () => {
    const s = await scene();
    const methods = [
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'get',
      'GE T',
      'X'.repeat(300),
      'M-SEARCH',
    ];
    let tried = 0;
    for (const method of methods)
      for (const path of ['/', '/session', '/session/end', '/login/start', '/pair/finish', '/engine']) {
        tried++;
        expect([0, 400, 403, 404, 405, 501], `${method} ${path}`).toContain(await raw(s, head(s, `${method} ${path}`)));
      }
    const heads = [
      'GET / HTTP/9.9\r\n\r\n',
      'GET /\r\n\r\n',
      '\r\n'.repeat(2000) + 'nonsense\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      head(s, 'GET /', ['X: a\0b']),
      head(s, 'GET /', [' folded']),
      head(s, 'GET /', [`Cookie: ${'a'.repeat(40_000)}`]),
      head(
        s,
        'GET /',
        Array.from({ length: 5000 }, (_, i) => `X-${i}: 1`),
      ),
      head(s, 'POST /session', ['Content-Length: 5', 'Transfer-Encoding: chunked']) + '0\r\n\r\n',
      head(s, 'POST /session', ['Content-Length: 5', 'Content-Length: 6']) + 'aaaaaa',
      head(s, 'POST /session', ['Content-Length: -1']),
      head(s, 'POST /session', ['Transfer-Encoding: xchunked']) + 'zz\r\n',
    ];
    for (const bytes of heads) {
      tried++;
      expect([0, 400, 403, 431, 501], JSON.stringify(bytes.slice(0, 80))).toContain(await raw(s, bytes));
    }
    console.log(`methods and heads: ${tried} tried, 0 with an effect`);
    await untouched(s);
  });

  it('[RS24] reads no body beyond its bounds, on any way in', async () => {
    const s = await scene();
    const origin = `Origin: ${s.origin}`;
    let tried = 0;
    for (const path of ['/session', '/session/end', '/login/start', '/login/finish', '/pair/start', '/pair/finish'])
      for (const sizeBytes of [3000, 100_000, 5_000_000]) {
        tried++;
        const declared = head(s, `POST ${path}`, [origin, `Content-Length: ${sizeBytes}`]);
        expect(await raw(s, Buffer.concat([Buffer.from(declared), Buffer.alloc(sizeBytes, 0x20)])), path).toBe(0);
      }
    console.log(`bodies: ${tried} too large tried, 0 read`);
    await untouched(s);
  });

  it('[RS24] lets go of who sends a head or a body drop by drop, and serves others meanwhile', async () => {
    const s = await scene({ patience: { headersMs: 300, requestMs: 600, checkEveryMs: 100 } });
    const starts = [
      'GET / HT',
      head(s, 'GET /').slice(0, -2),
      `${head(s, 'POST /login/start', [`Origin: ${s.origin}`, 'Content-Length: 100'])}{`,
      '',
    ];
    const slow: Promise<unknown>[] = [];
    for (let i = 0; i < 60; i++) {
      const socket = connect({ host: '127.0.0.1', port: s.server.port });
      socket.on('error', () => undefined).resume();
      socket.write(starts[i % (starts.length - 1)] ?? '');
      slow.push(closed(socket));
    }
    expect((await logIn(s, 'pin', '481623')).status).toBe(200);
    await Promise.all(slow);
    console.log(`slow: ${slow.length} connections dropped, others served`);
    s.access.endSession(s.access.state().sessions[0]?.id ?? '');
    await untouched(s);
  });

  it('[RS24] answers no spoofed Host or Origin, and opens no link without a session', async () => {
    const s = await scene();
    const { port } = s.server;
    const hosts = [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `127.1:${port}`,
      `0x7f000001:${port}`,
    ];
    hosts.push(
      `user@127.0.0.1:${port}`,
      `127.0.0.1:${port}/`,
      `[::1]:${port}`,
      `0.0.0.0:${port}`,
      `127.0.0.1:0${port}`,
      '',
      ' ',
    );
    let tried = 0;
    for (const host of hosts) {
      tried++;
      const bytes = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect([400, 403], host).toContain(await raw(s, bytes));
    }
    const origins = [
      'null',
      'http://evil.example',
      `http://localhost:${port}`,
      `https://127.0.0.1:${port}`,
      'file://',
      '',
    ];
    for (const origin of origins)
      for (const path of ['/session', '/login/start', '/pair/start', '/session/end']) {
        tried++;
        const bytes = head(s, `POST ${path}`, [`Origin: ${origin}`, 'Content-Length: 2']);
        expect(await raw(s, `${bytes}{}`), `${origin} ${path}`).toBe(403);
      }
    for (const cookie of ['', `flyrail-${port}=`, `flyrail-${port}=${'A'.repeat(43)}`, `flyrail-${port}=__proto__`])
      for (const path of ['/engine', '/engine/', '/engine?x', '//engine']) {
        tried++;
        const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { origin: s.origin, cookie } });
        socket.on('error', () => undefined);
        const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
        expect(answer.statusCode).toBe(401);
      }
    console.log(`spoofs: ${tried} tried, 0 let in, ${s.refused.length} counted`);
    await untouched(s);
  });
});
