import { describe, expect, it } from 'vitest';
import { openRendezvousGateway } from '../../src-main/gateways/rendezvous/rendezvous-gateway.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { describeGateway } from '../conformance/gateway.ts';
import { silentLog } from '../silent-log.ts';
import { makeOwner, startRendezvous } from './rendezvous-server.ts';

const desk = { name: 'Desk', endpoints: { ws: 'ws://10.0.0.2:7330/clasp' } };

describeGateway('the rendezvous server', {
  open: (port) =>
    openRendezvousGateway({
      host: '127.0.0.1',
      port,
      clock: createSystemClock(),
      random: createSystemRandom(),
      log: silentLog,
    }),
  answers: async (url) => (await fetch(`${url}/api/v1/health`)).ok,
});

describe('the rendezvous server', () => {
  it('[RZ1] [RZ2] [RZ3] [RZ4] [RZ5] answers the five calls as existing clients expect them', async () => {
    const { ask, register, server } = await startRendezvous();
    const made = await register({ ...desk, tags: ['hall'], features: ['param'], metadata: { floor: '2' }, more: 1 });
    expect(made.status).toBe(201);
    expect(made.json).toEqual({
      id: expect.any(String) as unknown,
      timestamp: expect.any(Number) as unknown,
      ttl: 300,
    });
    expect(Math.abs(made.json.timestamp / 1000 - Date.now())).toBeLessThan(60_000);
    const found = await ask('GET', '/discover?tag=hall&feature=param&limit=5');
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(found.json).toEqual([
      {
        ...{ id: made.json.id, ...desk, features: ['param'], tags: ['hall'], metadata: { floor: '2' } },
        ...{ registeredAt: expect.any(Number) as unknown, lastSeen: made.json.timestamp, signed: false },
      },
    ]);
    expect((await ask('GET', '/discover?tag=stage')).json).toEqual([]);
    expect((await ask('POST', `/refresh/${made.json.id}`)).status).toBe(200);
    expect((await ask('POST', '/refresh/none')).status).toBe(404);
    const gone = await ask('DELETE', `/unregister/${made.json.id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await ask('DELETE', `/unregister/${made.json.id}`)).status).toBe(404);
    const health = await ask('GET', '/health');
    expect([health.status, health.text]).toEqual([200, 'OK']);
    expect(server.figures()).toMatchObject({
      calls: { register: 1, discover: 2, refresh: 1, unregister: 1 },
      refused: { 'unknown-id': 2 },
      entries: 0,
    });
  });

  it('[RZ5] lets pages of any origin ask, and read what was refused', async () => {
    const { ask } = await startRendezvous({ limits: { requestsPerSecond: 0.01, requestsBurst: 3 } });
    const headers = { origin: 'http://stage.example' };
    const asked = { ...headers, 'access-control-request-method': 'DELETE' };
    const answers = [
      await ask('OPTIONS', '/unregister/x', { headers: asked }),
      await ask('GET', '/health', { headers }),
      await ask('GET', '/discover?limit=x', { headers }),
      await ask('GET', '/health', { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 200, 400, 429]);
    expect(answers.map((each) => each.headers.get('access-control-allow-origin'))).toEqual(['*', '*', '*', '*']);
    expect(answers[0]?.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(answers[0]?.headers.get('access-control-allow-headers')).toContain('rendezvous-signature');
  });

  it('[RZ7] answers 429 with Retry-After to a source that has its share', async () => {
    const { register } = await startRendezvous({ perSource: 1 });
    expect((await register(desk)).status).toBe(201);
    const refused = await register({ ...desk, name: 'Lamp' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '300']);
    expect(refused.json).toEqual({
      error: { code: 'too-many-items', message: expect.stringContaining('1 entries') as unknown },
    });
    expect((await register(desk)).status).toBe(201);
  });

  it('[RZ30] answers 429 with Retry-After to a source that asks too often', async () => {
    const { ask, server } = await startRendezvous({ limits: { requestsPerSecond: 1, requestsBurst: 2 } });
    const answers = [await ask('GET', '/health'), await ask('GET', '/health'), await ask('GET', '/health')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers.get('retry-after')).toBe('1');
    expect(answers[2]?.json).toEqual({ error: { code: 'rate-exceeded', message: expect.any(String) as unknown } });
    expect(server.figures().refused).toEqual({ 'rate-exceeded': 1 });
  });

  it('[RZ20] [RZ22] takes a signed registration, and changes it for its key alone', async () => {
    const { ask, register, clock } = await startRendezvous();
    const [owner, other] = [makeOwner(), makeOwner()];
    const now = (): number => clock.nowMicros();
    const body = JSON.stringify(desk);
    const made = await register(desk, { headers: owner.headers('POST', '/api/v1/register', now(), body) });
    expect(made.status).toBe(201);
    const [found] = (await ask('GET', '/discover')).json;
    expect(found).toMatchObject({ signed: true, verified: owner.key, publicKey: owner.key });
    for (const [method, call] of [
      ['POST', 'refresh'],
      ['DELETE', 'unregister'],
    ] as const) {
      const target = `/api/v1/${call}/${made.json.id}`;
      const path = `/${call}/${made.json.id}`;
      expect((await ask(method, path)).json.error.code).toBe('signature-required');
      const foreign = await ask(method, path, { headers: other.headers(method, target, now()) });
      expect([foreign.status, foreign.json.error.code]).toEqual([403, 'access-refused']);
      const own = await ask(method, path, { headers: owner.headers(method, target, now()) });
      expect(own.status).toBe(method === 'POST' ? 200 : 204);
    }
  });

  it('[RZ22] never takes what is signed wrongly, not as unsigned either', async () => {
    const { ask, register, clock, server } = await startRendezvous();
    const owner = makeOwner();
    const now = (): number => clock.nowMicros();
    const body = JSON.stringify(desk);
    const good = owner.headers('POST', '/api/v1/register', now(), body);
    const lastLetter = String.fromCharCode(owner.key.charCodeAt(42) + 1);
    const bad: Record<string, string>[] = [
      { ...good, 'rendezvous-signature': '' },
      { ...good, 'rendezvous-signature': 'A'.repeat(86) },
      { ...good, 'rendezvous-key': makeOwner().key },
      { ...good, 'rendezvous-key': `${owner.key}=` },
      { ...good, 'rendezvous-key': owner.key.slice(0, 42) + lastLetter },
      { ...good, 'rendezvous-time': String(now() + 1) },
      { ...good, 'rendezvous-time': `0${good['rendezvous-time']}` },
      { ...good, 'rendezvous-time': 'soon' },
      { 'rendezvous-key': owner.key },
      { 'rendezvous-signature': good['rendezvous-signature']! },
      owner.headers('POST', '/api/v1/refresh', now(), body),
      owner.headers('PUT', '/api/v1/register', now(), body),
      owner.headers('POST', '/api/v1/register', now(), `${body} `),
    ];
    for (const headers of bad) {
      const { status, json } = await register(desk, { headers });
      expect([status, json.error.code]).toEqual([401, 'bad-signature']);
    }
    expect((await ask('GET', '/discover')).json).toEqual([]);
    expect(server.figures().refused).toEqual({ 'bad-signature': bad.length });
    expect((await register(desk, { headers: good })).status).toBe(201);
  });

  it('[RZ23] never does twice what was signed once, also not when the entry has gone', async () => {
    const { ask, register, clock } = await startRendezvous();
    const owner = makeOwner();
    const headers = owner.headers('POST', '/api/v1/register', clock.nowMicros(), JSON.stringify(desk));
    const { id } = (await register(desk, { headers })).json;
    const target = `/api/v1/unregister/${id}`;
    const gone = await ask('DELETE', `/unregister/${id}`, {
      headers: owner.headers('DELETE', target, clock.nowMicros()),
    });
    expect(gone.status).toBe(204);
    const replayed = await register(desk, { headers });
    expect([replayed.status, replayed.json.error.code]).toEqual([401, 'stale-signature']);
    expect(Math.abs(replayed.json.error.serverTime - clock.nowMicros())).toBeLessThan(10e6);
    expect((await ask('GET', '/discover')).json).toEqual([]);
    const next = await startRendezvous({ clock });
    expect((await next.register(desk, { headers })).json.error.code).toBe('stale-signature');
  });

  it('[RZ25] takes signed requests only where that is wanted, and lets everybody look', async () => {
    const { ask, register, clock } = await startRendezvous({ requireSigned: true });
    const refused = await register(desk);
    expect([refused.status, refused.json.error.code]).toEqual([401, 'signature-required']);
    const headers = makeOwner().headers('POST', '/api/v1/register', clock.nowMicros(), JSON.stringify(desk));
    expect((await register(desk, { headers })).status).toBe(201);
    expect((await ask('GET', '/discover')).json).toHaveLength(1);
  });
});
