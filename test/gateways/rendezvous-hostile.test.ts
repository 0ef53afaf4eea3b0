import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { startRendezvous } from './rendezvous-server.ts';

const desk = { name: 'Desk', endpoints: { ws: 'ws://10.0.0.2:7330/clasp' } };
const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/** Registrations that are refused, by what is wrong with them. */
const badBodies: readonly (readonly [what: string, body: unknown])[] = [
  ['no object', 'null'],
  ['a list', '[]'],
  ['a text', '"name"'],
  ['half of one', '{"name":'],
  ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
  ['no name', { endpoints: {} }],
  ['no endpoints', { name: 'a' }],
  ['an empty name', { ...desk, name: '' }],
  ['a name of two lines', { ...desk, name: 'a\nb' }],
  ['a name with an escape', { ...desk, name: 'a\u001b[2Jb' }],
  ['a long name', { ...desk, name: 'a'.repeat(129) }],
  ['a number for a name', { ...desk, name: 5 }],
  ['endpoints in a list', { ...desk, endpoints: ['ws://a'] }],
  ['17 endpoints', { ...desk, endpoints: Object.fromEntries(many(17, (n) => [`t${n}`, 'ws://a'])) }],
  ['an endpoint that runs', { ...desk, endpoints: { ws: 'javascript:alert(1)' } }],
  ['an endpoint that names a file', { ...desk, endpoints: { ws: 'file:///etc/passwd' } }],
  ['an endpoint with a password', { ...desk, endpoints: { ws: 'ws://me:secret@host' } }],
  ['an endpoint with a space', { ...desk, endpoints: { ws: 'ws://a b' } }],
  ['an endpoint without a host', { ...desk, endpoints: { ws: 'ws:///x' } }],
  ['a long endpoint', { ...desk, endpoints: { ws: `ws://${'a'.repeat(600)}` } }],
  ['a transport that is a path', { ...desk, endpoints: { '../x': 'ws://a' } }],
  ['33 tags', { ...desk, tags: many(33, String) }],
  ['a long tag', { ...desk, tags: ['a'.repeat(65)] }],
  ['tags in a text', { ...desk, tags: 'hall' }],
  ['a feature that is no text', { ...desk, features: [{}] }],
  ['metadata in a list', { ...desk, metadata: [1] }],
  ['deep metadata', `{"name":"a","endpoints":{},"metadata":{"a":${'['.repeat(50)}${']'.repeat(50)}}}`],
  ['very deep metadata', `{"name":"a","endpoints":{},"metadata":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`],
  ['deep elsewhere', `{"name":"a","endpoints":{},"x":${'['.repeat(3000)}${']'.repeat(3000)},"tags":4}`],
  ['long metadata', { ...desk, metadata: { a: 'x'.repeat(4096) } }],
  ['much metadata', { ...desk, metadata: Object.fromEntries(many(33, (n) => [`k${n}`, 1])) }],
  ['a prototype', '{"name":"a","endpoints":{},"__proto__":{"isAdmin":true}}'],
  ['a prototype in metadata', '{"name":"a","endpoints":{},"metadata":{"__proto__":{"isAdmin":true}}}'],
  ['a prototype as a transport', '{"name":"a","endpoints":{"__proto__":"ws://a"}}'],
  ['a constructor', '{"name":"a","endpoints":{},"metadata":{"constructor":{"prototype":{"isAdmin":true}}}}'],
];

/** What it says on a socket of its own, until it ends. */
async function say(url: string, text: string, port = Number(new URL(url).port)): Promise<string> {
  const socket = await dial(port);
  let heard = '';
  socket.setEncoding('utf8').on('data', (data: string) => (heard += data));
  socket.write(text);
  await until('the socket to end', () => socket.destroyed);
  return heard;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  // Without a reader the end would not be heard either.
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

describe('the rendezvous server against the hostile', () => {
  it('[RZ12] [RZ13] refuses what is not as it should be, says what was expected, counts it, and does nothing', async () => {
    const { ask, register, server } = await startRendezvous({
      limits: { requestsPerSecond: 1000, requestsBurst: 1000 },
    });
    expect((await register(desk)).status).toBe(201);
    const before = (await ask('GET', '/discover')).text;
    for (const [what, body] of badBodies) {
      const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const { status, json } = await ask('POST', '/register', { body: sent as string });
      expect([what, status, json.error.code]).toEqual([what, 400, 'bad-arguments']);
      expect(json.error.message.length).toBeLessThan(400);
    }
    const paths = ['?limit=0', '?limit=-1', '?limit=1e3', '?limit=x', '?limit=', '?tag=a&tag=b', '?tag[a]=b&limit=x'];
    for (const query of paths) expect((await ask('GET', `/discover${query}`)).status).toBe(400);
    const places = ['/../../etc/passwd', '/discover/%2e%2e', '/register', '/refresh', '/refresh/%00', '/none', ''];
    for (const path of places) expect((await ask('GET', path)).status).toBe(404);
    for (const id of ['__proto__', 'constructor', '%2e%2e', 'a'.repeat(100), "' OR 1=1"])
      expect((await ask('POST', `/refresh/${encodeURIComponent(id)}`)).status).toBe(404);
    expect((await ask('GET', '/discover')).text).toBe(before);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    const { refused, entries } = server.figures();
    const tried = badBodies.length + paths.length + places.length + 5;
    expect(Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(tried);
    console.log(`rendezvous: ${tried} hostile requests, ${entries - 1} effects`, refused);
  });

  it('[RZ33] refuses bodies of more than 64 KiB, headers of more than 8 KiB, and what is no HTTP', async () => {
    const { register, server } = await startRendezvous();
    const large = await register({ ...desk, more: 'x'.repeat(65 * 1024) });
    expect([large.status, large.json.error.code]).toEqual([413, 'frame-too-large']);
    for (const text of [
      'nonsense\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(9000)}\r\n\r\n`,
      'POST /api/v1/register HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    ])
      expect(await say(server.url, text)).toMatch(/^HTTP\/1\.1 400 .*"code":"bad-message"/s);
    expect(server.figures()).toMatchObject({ entries: 0, refused: { 'frame-too-large': 1, 'bad-message': 3 } });
  });

  it('[RZ32] ends who sends too slowly, who says nothing, and who does not read', async () => {
    const limits = {
      headersTimeoutMs: 200,
      requestTimeoutMs: 300,
      idleTimeoutMs: 400,
      answerTimeoutMs: 600,
      requestsBurst: 1000,
    };
    const { server, ask, register } = await startRendezvous({ perSource: 1000, limits });
    const port = Number(new URL(server.url).port);
    const silent = await dial(port);
    const slow = await dial(port);
    slow.write('GET /api/v1/health HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => slow.write('X-A: b\r\n'), 40);
    const body = await dial(port);
    body.write('POST /api/v1/register HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{');
    const dripBody = setInterval(() => body.write(' '), 40);
    const deaf = await dial(port);
    deaf.pause();
    for (let n = 0; n < 200; n++) await register({ ...desk, name: `d${n}`, metadata: { a: 'x'.repeat(3500) } });
    deaf.write('GET /api/v1/discover?limit=1000 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20));
    await until('the three to be ended', () => silent.destroyed && slow.destroyed && body.destroyed);
    // Those of `fetch` are idle and end too.
    await until('the deaf one to be ended', () => server.figures().connections === 0);
    expect(server.figures().calls.discover).toBeLessThan(20);
    clearInterval(drip);
    clearInterval(dripBody);
    expect((await ask('GET', '/health')).text).toBe('OK');
    expect(server.figures().entries).toBe(200);
  });

  it('[RZ31] lets one source, and all together, have so many connections', async () => {
    const { server, ask } = await startRendezvous({ limits: { connectionsPerSource: 3, idleTimeoutMs: 60_000 } });
    const port = Number(new URL(server.url).port);
    const held = await Promise.all(many(3, () => dial(port)));
    await until('all three to be counted', () => held.every(({ destroyed }) => !destroyed));
    const fourth = await dial(port);
    await until('the fourth to be ended', () => fourth.destroyed);
    for (const socket of held) socket.destroy();
    await until('room again', () => server.figures().connections === 0);
    expect(server.figures().refused['connections']).toBe(1);
    expect((await ask('GET', '/health')).text).toBe('OK');
    const all = await startRendezvous({ limits: { connectionsMax: 0 } });
    await expect(all.ask('GET', '/health')).rejects.toThrow();
    expect(all.server.figures().refused['connections']).toBeGreaterThan(0);
  });
});
