import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ForeignClient } from '../../../src-main/ports/gateway.ts';
import { createRestService } from '../../../src-main/gateways/web/rest/rest-service.ts';
import type { WebHost, WebService } from '../../../src-main/gateways/web-service.ts';
import type { WebGateway } from '../../../src-main/gateways/web/web-gateway.ts';
import { describeGateway } from '../../conformance/gateway.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { until } from '../../until.ts';
import { ask, newRouter, openWebDoor } from './web-rig.ts';

describeGateway('the web door', {
  open: (port) => openWebDoor(newRouter(), { port, services: [createRestService()] }),
  answers: async (url) => (await ask(url, '/api/health')).status === 200,
});

/** A service that lets everybody in who asks at `/in`, and has paths of its own. */
class Probe implements WebService {
  readonly name = 'websocket';
  readonly clients: ForeignClient[] = [];
  host: WebHost | undefined;
  stopped = 0;

  attach(host: WebHost): Promise<void> {
    this.host = host;
    host.app.post('/in', async (request, reply) => {
      this.clients.push(await host.admit(request.raw, { name: 'probe' }));
      return reply.send({ bytes: (request.body as Buffer | undefined)?.length ?? 0 });
    });
    host.app.get('/fails', () => Promise.reject(new Error('a secret word')));
    host.onRequest('/own/', (request, response) => response.end(`own ${request.url ?? ''}`));
    host.onUpgrade('/up', (_request, socket) => socket.end('HTTP/1.1 101 Yes\r\n\r\n'));
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.stopped++;
    return Promise.resolve();
  }
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(some: Partial<Parameters<typeof openWebDoor>[1]> = {}, router = newRouter()) {
  const probe = new Probe();
  const refusals: string[] = [];
  const onRefused = ({ because, text }: { because: string; text: string }): void =>
    void refusals.push(`${because} ${text}`);
  const gateway = await openWebDoor(router, { services: [createRestService(), probe], onRefused, ...some });
  ends.push(() => gateway.stop());
  return { gateway, probe, router, refusals };
}

/** The first line of what comes back. */
async function upgrade({ url }: WebGateway, path: string, headers: readonly string[] = []): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', ...headers];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text.split('\r\n')[0] ?? '';
}

describe('the port of a web door', () => {
  it('[WB1] gives each service its paths, requests and upgrades, and counts what is nobody’s', async () => {
    const { gateway, probe } = await open();
    expect(await ask(gateway.url, '/api/health')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    expect((await ask(gateway.url, '/own/x?y')).text).toBe('own /own/x?y');
    expect((await ask(gateway.url, '/own')).text).toBe('own /own');
    expect(await upgrade(gateway, '/up?a=b')).toBe('HTTP/1.1 101 Yes');
    expect(await upgrade(gateway, '/elsewhere')).toBe('HTTP/1.1 404 Not Found');
    const none = await ask(gateway.url, '/nothing');
    expect(none.status).toBe(404);
    expect(JSON.parse(none.text)).toMatchObject({ status: 404, code: 'unknown-address' });
    expect(none.headers['content-type']).toContain('application/problem+json');
    expect(gateway.refused()).toEqual({ path: 2 });
    await gateway.stop();
    expect(probe.stopped).toBe(1);
  });

  it('[WB1] answers curl’s offer of HTTP/2 in HTTP/1.1', async () => {
    const { gateway } = await open();
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' };
    expect((await ask(gateway.url, '/api/health', { headers })).status).toBe(200);
  });

  it('[WB3] lets a client in with its token, as a session that ends with it', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('desk', 'write:/lamp/**');
    router.guard.askForTokens(tokens);
    const { gateway, probe } = await open({}, router);
    const enter = (headers: Record<string, string>) =>
      ask(gateway.url, '/in', { method: 'POST', headers, body: 'abc' });
    const without = await enter({});
    expect(without.status).toBe(401);
    expect(without.headers['www-authenticate']).toBe('Bearer realm="Flyrail"');
    expect(JSON.parse(without.text)).toMatchObject({ detail: 'A token is asked for here, and none was shown.' });
    const wrong = await enter({ authorization: 'Bearer wrong' });
    expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="Flyrail", error="invalid_token"',
    ]);
    expect(await enter({ authorization: 'bearer  desk' })).toMatchObject({ status: 200, text: '{"bytes":3}' });
    expect([...router.sessions()]).toMatchObject([
      { peer: expect.stringMatching(/^http 127\.0\.0\.1:\d+$/) as string },
    ]);
    const reasons: string[] = [];
    probe.clients[0]?.onEnded((reason) => reasons.push(reason));
    tokens.revoke('desk');
    await until('its session to end', () => reasons.length === 1);
    expect(gateway.refused()).toEqual({ 'access-refused': 2 });
  });

  it('[WB4] refuses Hosts that are no name of this machine and pages that nobody allowed, before any service sees them', async () => {
    const { gateway, probe, refusals } = await open({ origins: ['https://show.example.org'] });
    const { host } = new URL(gateway.url);
    const from = (headers: Record<string, string>, method = 'POST') => ask(gateway.url, '/in', { method, headers });
    expect((await from({ origin: `http://${host}` })).status).toBe(200);
    expect((await from({ host: 'localhost:1' })).status).toBe(200);
    expect(probe.clients).toHaveLength(2);
    expect((await from({ host: 'evil.example' })).status).toBe(403);
    for (const origin of ['http://evil.example', 'null', 'http://localhost:1', `https://${host}`])
      expect((await from({ origin, 'content-type': 'text/plain' })).status).toBe(403);
    expect(await upgrade(gateway, '/up', ['Origin: http://evil.example'])).toBe('HTTP/1.1 403 Forbidden');
    expect((await ask(gateway.url, '/own', { headers: { origin: 'null' } })).status).toBe(403);
    expect(probe.clients).toHaveLength(2);
    expect(gateway.refused()).toEqual({ host: 1, origin: 6 });
    expect(refusals.slice(0, 2)).toEqual(['host evil.example', 'origin http://evil.example']);
  });

  it('[WB4] tells pages of the list, and those that this machine allows, that they may read', async () => {
    const { gateway } = await open({
      origins: ['https://show.example.org'],
      isAllowedOrigin: (origin) => origin === 'http://tablet:3000',
    });
    for (const origin of ['https://show.example.org', 'http://tablet:3000']) {
      const { status, headers } = await ask(gateway.url, '/api/health', { headers: { origin } });
      expect([status, headers['access-control-allow-origin'], headers.vary]).toEqual([200, origin, 'origin']);
      const own = await ask(gateway.url, '/own', { headers: { origin } });
      expect(own.headers['access-control-allow-origin']).toBe(origin);
      const asking = {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-private-network': 'true',
      };
      const preflight = await ask(gateway.url, '/own', { method: 'OPTIONS', headers: asking });
      expect(preflight.status).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE, OPTIONS',
        'access-control-allow-headers': expect.stringContaining('authorization') as string,
        'access-control-allow-private-network': 'true',
      });
    }
    const program = await ask(gateway.url, '/api/health');
    expect(program.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('[WB4] refuses what pages from elsewhere ask by a tag, but for the script of Socket.IO', async () => {
    const { gateway } = await open();
    const status = async (path: string, headers: Record<string, string>) =>
      (await ask(gateway.url, path, { headers })).status;
    for (const site of ['cross-site', 'same-site']) {
      const tag = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': site };
      expect(await status('/api/health', tag)).toBe(403);
      expect(await status('/socket.io/?EIO=4&transport=polling&a=.js', tag)).toBe(403);
      expect(await status('/socket.io/socket.io.min.js?v=1', tag)).toBe(404);
    }
    expect(await status('/api/health', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await status('/api/health', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' })).toBe(200);
  });
  it('[WB4] a star lets every page in, by whatever name', async () => {
    const { gateway } = await open({ origins: ['*'] });
    const { status, headers } = await ask(gateway.url, '/own', { headers: { origin: 'null', host: 'show.example' } });
    expect([status, headers['access-control-allow-origin']]).toEqual([200, 'null']);
  });

  it('[WB5] bounds connections, bodies, and the time for a request; what is broken is told and counted', async () => {
    const limits = { bodyBytesMax: 100, headersTimeoutMs: 100, connectionsPerSource: 2 };
    const { gateway } = await open({ limits });
    const { port } = new URL(gateway.url);
    const dial = () =>
      connect(Number(port), '127.0.0.1')
        .on('error', () => undefined)
        .resume();
    const [slow, other] = [dial(), dial()];
    let answer = '';
    slow.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await Promise.all([once(slow, 'connect'), once(other, 'connect')]);
    const third = dial();
    await once(third, 'close');
    const ended = Promise.all([once(slow, 'close'), once(other, 'close')]);
    slow.write('GET / HT');
    other.write('nonsense\r\n\r\n');
    await ended;
    expect(answer).toContain('HTTP/1.1 408');
    const large = await ask(gateway.url, '/in', { method: 'POST', body: 'x'.repeat(101) });
    expect([large.status, (JSON.parse(large.text) as { code: string }).code]).toEqual([413, 'frame-too-large']);
    expect(gateway.refused()).toEqual({ 'frame-too-large': 1, connections: 1, broken: 2 });
  });

  it('[WB5] what fails inside says nothing of why', async () => {
    const { gateway } = await open();
    const failed = await ask(gateway.url, '/fails');
    expect([failed.status, failed.text.includes('secret')]).toEqual([500, false]);
  });
});
