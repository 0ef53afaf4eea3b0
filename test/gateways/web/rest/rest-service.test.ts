import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../../src-main/contract/address.ts';
import { bool, f64, integer, nullValue, text, type Value } from '../../../../src-main/contract/signal.ts';
import { partBytesMax } from '../../../../src-main/gateways/web/rest/list-params.ts';
import { sessionIdle } from '../../../../src-main/gateways/web/rest/rest-sessions.ts';
import { hertz } from '../../../../src-main/contract/units.ts';
import { TokenDesk } from '../../../core/router/token-desk.ts';
import { param } from '../../../json-signals.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { until } from '../../../until.ts';
import { RawLine, requestLine } from '../raw-line.ts';
import { newRouter } from '../web-rig.ts';
import { openRest, problemIn } from './rest-rig.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(...args: Parameters<typeof openRest>) {
  const rest = await openRest(...args);
  ends.push(() => rest.gateway.stop());
  return rest;
}

describe('REST at a web door', () => {
  it.each<[json: string, value: Value]>([
    ['0.5', f64(0.5)],
    ['true', bool(true)],
    ['"word"', text('word')],
    ['""', text('')],
    ['9223372036854775807', { type: 'i64', value: 9_223_372_036_854_775_807n }],
    ['[1,[2,"x"],null]', { type: 'array', value: [f64(1), { type: 'array', value: [f64(2), text('x')] }, nullValue] }],
    [
      '{"a":1,"b":{"c":true}}',
      {
        type: 'map',
        value: [
          ['a', f64(1)],
          ['b', { type: 'map', value: [['c', bool(true)]] }],
        ],
      },
    ],
    ['{"$bytes":"AAH/"}', { type: 'bytes', value: Uint8Array.of(0, 1, 255) }],
  ])('[HR1] PUT sets %s, and GET of the same URL gives it back', async (json, value) => {
    const { to, put, router } = await open();
    expect((await put('/lamp/1', json)).status).toBe(204);
    expect(router.get('/lamp/1' as Address)).toEqual(value);
    const got = await to('/api/signals/lamp/1');
    expect([got.status, got.text, got.headers['content-type']]).toEqual([200, json, 'application/json; charset=utf-8']);
    expect(got.headers['x-flyrail-type']).toBe(value.type);
    expect((await to('/api/lamp/1')).text).toBe(json);
  });

  it('[HR1] gives whole numbers and floats of other clients as JSON knows them', async () => {
    const { to, local } = await open();
    local.publish([{ kind: 'param', address: '/i' as Address, value: integer(7) }]);
    local.publish([{ kind: 'param', address: '/nan' as Address, value: f64(Number.NaN) }]);
    expect((await to('/api/i')).text).toBe('7');
    expect((await to('/api/nan')).text).toBe('"NaN"');
    expect((await to('/api/i')).headers['x-flyrail-type']).toBe('i32');
  });

  it.each([
    ['{"value":5}', '5'],
    ['{"value":{"value":5}}', '{"value":5}'],
    ['{"value":5,"more":6}', '{"value":5,"more":6}'],
    ['{"value":[]}', '[]'],
  ])('[HR2] a body %s sets %s', async (body, json) => {
    const { to, put } = await open();
    await put('/a', body);
    expect((await to('/api/signals/a')).text).toBe(json);
  });

  it('[HR2] text and bytes are sent and read as such where their type says so', async () => {
    const { to, put, router } = await open();
    await put('/t', 'été', 'text/plain; charset=utf-8');
    expect(router.get('/t' as Address)).toEqual(text('été'));
    expect(await to('/api/t', { headers: { accept: 'text/plain' } })).toMatchObject({ status: 200, text: 'été' });
    for (const [accept, body] of [
      ['text/html, */*', '"été"'],
      ['text/plain;q=0.1, application/json;q=0.9', '"été"'],
      ['application/json;q=0.5, text/plain', 'été'],
      ['text/plain;q=0', '"été"'],
    ] as const)
      expect((await to('/api/t', { headers: { accept } })).text).toBe(body);
    await put('/b', Uint8Array.of(1, 2, 3), 'application/octet-stream');
    const bytes = await to('/api/b', { headers: { accept: 'application/octet-stream' } });
    expect([bytes.headers['content-type'], bytes.text]).toEqual(['application/octet-stream', '\u0001\u0002\u0003']);
    expect((await to('/api/b', { headers: { accept: 'text/plain' } })).text).toBe('{"$bytes":"AQID"}');
    await put('/curl', '0.25', 'application/x-www-form-urlencoded');
    expect(router.get('/curl' as Address)).toEqual(f64(0.25));
    await put('/none', '', 'text/plain');
    expect(router.get('/none' as Address)).toEqual(text(''));
  });

  it('[HR3] POST has an event happen, or sends a value of a stream', async () => {
    const { to, heard, router } = await open();
    const post = (path: string, body?: string) => to(path, { method: 'POST', ...(body !== undefined && { body }) });
    expect((await post('/api/signals/go', '{"value":1}')).status).toBe(204);
    expect((await post('/api/go')).status).toBe(204);
    expect((await post('/api/fader?kind=stream', '0.5')).status).toBe(202);
    await until('the stream', () => heard.length === 3);
    expect(heard).toMatchObject([
      { kind: 'event', address: '/go', value: f64(1) },
      { kind: 'event', address: '/go', value: nullValue },
      { kind: 'stream', address: '/fader', value: f64(0.5) },
    ]);
    expect(router.get('/go' as Address)).toBeUndefined();
    expect(problemIn(await post('/api/x?kind=param', '1'))).toBe('400 bad-arguments');
  });

  it('[HR4] DELETE clears a param: null for who listens, 404 for who asks', async () => {
    const { to, put, heard, router } = await open();
    await put('/lamp/1', '1');
    expect((await to('/api/signals/lamp/1', { method: 'DELETE' })).status).toBe(204);
    expect(problemIn(await to('/api/signals/lamp/1'))).toBe('404 unknown-address');
    expect(heard.at(-1)).toMatchObject({ kind: 'param', address: '/lamp/1', value: nullValue });
    expect((await to('/api/lamp/1', { method: 'DELETE' })).status).toBe(404);
    expect((await to('/api/never', { method: 'DELETE' })).status).toBe(404);
    expect(router.get('/never' as Address)).toBeUndefined();
  });

  it('[HR5] ETag is the revision: nothing comes twice, and nobody overwrites what they have not seen', async () => {
    const { to, put, local, gateway } = await open();
    const first = await put('/a', '1');
    const { etag = '' } = first.headers;
    const got = await to('/api/a');
    expect(got.headers.etag).toBe(etag);
    expect(Date.parse(got.headers['last-modified'] ?? '')).toBeGreaterThan(0);
    const again = await to('/api/a', { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([again.status, again.text]).toEqual([304, '']);
    const head = await to('/api/a', { method: 'HEAD' });
    expect([head.status, head.text, head.headers.etag, head.headers['content-length']]).toEqual([200, '', etag, '1']);
    local.publish([param('/a', 2)]);
    expect((await to('/api/a', { headers: { 'if-none-match': etag } })).status).toBe(200);
    expect(problemIn(await put('/a', '3', undefined, { 'if-match': etag }))).toBe('412 changed-meanwhile');
    expect((await to('/api/a', { method: 'DELETE', headers: { 'if-match': etag } })).status).toBe(412);
    const now = (await to('/api/a')).headers.etag ?? '';
    expect((await put('/a', '3', undefined, { 'if-match': now })).status).toBe(204);
    expect((await put('/a', '4', undefined, { 'if-none-match': '*' })).status).toBe(412);
    expect((await put('/new', '4', undefined, { 'if-none-match': '*' })).status).toBe(204);
    expect((await put('/newer', '4', undefined, { 'if-match': '*' })).status).toBe(412);
    expect(gateway.refused()).toEqual({});
  });

  it('[HR5] of many that write at once under a condition one does, and whoever is content with anything does too', async () => {
    const { put, to, gateway } = await open();
    const line = new RawLine(gateway.url);
    ends.push(() => line.socket.destroy());
    let asked = 0;
    const putAtOnce = async (condition: string): Promise<string> => {
      const many = Array.from({ length: 5 }, (_, i) => requestLine('PUT /api/a', [condition], `${i}`));
      line.say(many.join(''));
      asked += many.length;
      return (await line.answers(asked)).slice(-many.length).join(' ');
    };
    expect(await putAtOnce('If-None-Match: *')).toBe('204 412 412 412 412');
    await to('/api/a', { method: 'DELETE' });
    expect(await putAtOnce('If-None-Match: *')).toBe('204 412 412 412 412');
    const { etag = '' } = (await put('/a', '7')).headers;
    expect(await putAtOnce(`If-Match: ${etag}`)).toBe('204 412 412 412 412');
    expect(await putAtOnce('If-Match: *')).toBe('204 204 204 204 204');
    expect(await putAtOnce('If-None-Match: "0"')).toBe('204 204 204 204 204');
  });

  it('[HR6] lists the params under a pattern, part by part, in order, with what is known of each', async () => {
    const { to, local } = await open();
    local.publish(Array.from({ length: 25 }, (_, i) => param(`/lamp/${String(i).padStart(2, '0')}`, i)));
    local.publish([param('/lamp/03', null), param('/other', 'x')]);
    const first = await to('/api/signals?pattern=/lamp/**&limit=10');
    const { signals, next } = JSON.parse(first.text) as { signals: { address: string }[]; next: string };
    expect(signals).toHaveLength(10);
    expect(signals[3]).toMatchObject({ address: '/lamp/04', kind: 'param', type: 'f64', value: 4 });
    expect(first.headers['link']).toContain('rel="next"');
    const all = [...signals];
    for (let cursor: string | null = next; cursor !== null;) {
      const { text: body } = await to(`/api/signals/lamp/*?limit=10&cursor=${cursor}`);
      const part = JSON.parse(body) as { signals: { address: string }[]; next: string | null };
      all.push(...part.signals);
      cursor = part.next;
    }
    expect(all.map(({ address }) => address)).toEqual(all.map(({ address }) => address).toSorted());
    expect(all).toHaveLength(24);
    const { etag = '' } = first.headers;
    expect((await to('/api/signals?pattern=/lamp/**&limit=10', { headers: { 'if-none-match': etag } })).status).toBe(
      304,
    );
    local.publish([param('/lamp/20', 0)]);
    expect((await to('/api/signals?pattern=/lamp/**&limit=10', { headers: { 'if-none-match': etag } })).status).toBe(
      200,
    );
    expect((JSON.parse((await to('/api/signals')).text) as { signals: unknown[] }).signals).toHaveLength(25);
    const full = JSON.parse((await to('/api/lamp/20?full')).text) as Record<string, unknown>;
    expect(full).toMatchObject({ address: '/lamp/20', kind: 'param', type: 'f64', value: 0 });
    expect(Date.parse(String(full['setAt']))).toBeGreaterThan(0);
  });

  it.each(['zzz', '%20', 'L2E', 'L2Eq', 'L2E='])('[HR21] says that it never gave the cursor %s', async (cursor) => {
    const { to, local } = await open();
    local.publish([param('/lamp/1', 1)]);
    const { status, text: body } = await to(`/api/signals?cursor=${cursor}`);
    if (cursor === 'L2E') return expect([status, JSON.parse(body)]).toMatchObject([200, { signals: [{ value: 1 }] }]);
    expect([status, body]).toEqual([400, expect.stringContaining('cursor: expected one, as the last answer gave it.')]);
  });

  it('[HR6] a part of a list is bounded in bytes too, and lists of one client are made one after the other', async () => {
    const { to, local } = await open();
    local.publish(
      Array.from({ length: 50 }, (_, i) => param(`/big/${String(i).padStart(2, '0')}`, 'x'.repeat(55_000))),
    );
    const answers = await Promise.all(Array.from({ length: 4 }, () => to('/api/signals?pattern=/big/**')));
    for (const { text: body, headers } of answers) {
      expect(body.length).toBeLessThan(partBytesMax + 120_000);
      expect(headers['etag']).toBe(answers[0]?.headers.etag);
    }
    const { signals, next } = JSON.parse(answers[0]?.text ?? '') as { signals: unknown[]; next: string };
    const rest = JSON.parse((await to(`/api/signals?pattern=/big/**&cursor=${next}`)).text) as { signals: unknown[] };
    expect(signals.length + rest.signals.length).toBe(50);
  });

  it('[HR7] an address in a URL is percent-encoded where it has to be', async () => {
    const { to, router } = await open();
    for (const [path, address] of [
      ['/api/signals/b%C3%BChne/%20x', '/bühne/ x'],
      ['/api/desk%2Ffader', '/desk/fader'],
      ['/api/signals/signals/a', '/signals/a'],
      ['/api/signals/100%25', '/100%'],
    ] as const) {
      expect((await to(path, { method: 'PUT', body: '1' })).status).toBe(204);
      expect(router.get(address as Address), path).toEqual(f64(1));
      expect((await to(path)).text).toBe('1');
    }
  });

  it.each<[why: string, request: string, body: string | undefined, type: string, problem: string]>([
    ['a % that stands for nothing', 'GET /api/signals/%zz', undefined, '', '400 bad-arguments'],
    ['a % that is no UTF-8', 'GET /api/signals/%ff', undefined, '', '400 bad-arguments'],
    ['a star in what is written', 'PUT /api/signals/a*', '1', 'application/json', '400 bad-address'],
    ['no address', 'PUT /api/signals/', '1', 'application/json', '400 bad-address'],
    ['no JSON', 'PUT /api/a', '{a}', 'application/json', '400 bad-value'],
    ['no body', 'PUT /api/a', undefined, 'application/json', '400 bad-value'],
    ['a number too large', 'PUT /api/a', '1e999', 'application/json', '400 bad-value'],
    ['text that is no UTF-8', 'PUT /api/a', '\u00ff', 'text/plain; latin', '400 bad-text'],
    ['a type nobody reads', 'PUT /api/a', '<a/>', 'application/xml', '415 bad-type'],
    ['a type that is none', 'PUT /api/a', '1', 'garbage', '415 bad-type'],
    ['a body too long', 'PUT /api/a', `"${'x'.repeat(61_000)}"`, 'application/json', '413 frame-too-large'],
    ['a body far too long', 'PUT /api/a', 'x'.repeat(100_000), 'text/plain', '413 frame-too-large'],
    ['a bad pattern', 'GET /api/signals?pattern=lamp', undefined, '', '400 bad-pattern'],
    ['two patterns', 'GET /api/signals?pattern=/a&pattern=/b', undefined, '', '400 bad-pattern'],
    ['a bad limit', 'GET /api/signals?limit=0', undefined, '', '400 bad-arguments'],
    ['nothing there', 'GET /api/signals/a', undefined, '', '404 unknown-address'],
    ['a method nobody knows', 'PATCH /api/a', '1', 'application/json', '405 unknown-command'],
    ['a path of the door’s own', 'PUT /api/health', '1', 'application/json', '405 unknown-command'],
    ['below a path of the door’s own', 'GET /api/events/x', undefined, '', '404 unknown-address'],
  ])('[HR8] refuses %s', async (_why, request, body, type, problem) => {
    const [method = '', path = ''] = request.split(' ');
    const { to, heard } = await open();
    const bytes = body === undefined ? {} : { body: Buffer.from(body, 'latin1') };
    const headers = type === '' ? {} : { 'content-type': type };
    const answer = await to(path, { method, headers, ...bytes });
    expect(problemIn(answer)).toBe(problem);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(heard).toEqual([]);
  });

  it('[HR8] says which methods and types there are, and when to come again', async () => {
    const { to, put } = await open();
    for (const [path, methods] of [
      ['/api/a', 'GET, HEAD, PUT, POST, DELETE, OPTIONS'],
      ['/api/signals/signals', 'GET, HEAD, PUT, POST, DELETE, OPTIONS'],
      ['/api/signals/lamp/*?limit=2', 'GET, HEAD, OPTIONS'],
      ['/api/signals?pattern=/a', 'GET, HEAD, OPTIONS'],
      ['/api/health', 'GET, HEAD, OPTIONS'],
      ['/api/events?pattern=/a', 'GET, OPTIONS'],
    ] as const) {
      const options = await to(path, { method: 'OPTIONS' });
      expect([path, options.status, options.headers.allow]).toEqual([path, 204, methods]);
      const patch = await to(path, { method: 'PATCH', body: '1' });
      expect([path, patch.status, patch.headers.allow]).toEqual([path, 405, methods]);
    }
    expect((await to('/api/health', { method: 'PUT', body: '1' })).headers.allow).toBe('GET, HEAD, OPTIONS');
    const head = await to('/api/events', { method: 'HEAD' });
    expect([head.status, head.headers.allow]).toEqual([405, 'GET, OPTIONS']);
    expect((await to('/api/events/x', { method: 'OPTIONS' })).status).toBe(404);
    expect((await put('/a', 'x', 'application/xml')).headers.accept).toContain('application/json');
    const zipped = await put('/a', '1', 'application/json', { 'content-encoding': 'gzip' });
    expect(problemIn(zipped)).toBe('415 bad-type');
  });

  it('[HR8] a value that may not stand there is 422, a rate 429 with Retry-After', async () => {
    const router = newRouter();
    router.judgeOwn('/flyrail/', () => 'Expected 0 to 1.');
    router.guard.limitRates({ session: { rate: hertz(1), burst: 5 }, patterns: [] });
    const { put } = await open({}, router);
    expect(problemIn(await put('/flyrail/x', '7'))).toBe('422 bad-value');

    const answers = await Promise.all(Array.from({ length: 10 }, () => put('/a', '1')));
    const limited = answers.find(({ status }) => status === 429);
    expect(limited && problemIn(limited)).toBe('429 rate-exceeded');
    expect(limited?.headers['retry-after']).toBe('1');
  });

  it('[HR9] a token is asked for where tokens are, and its scopes hold', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    const [desk, writer] = [randomUUID(), randomUUID()];
    tokens.give(desk, 'read:/lamp/**,write:/lamp/**');
    tokens.give(writer, 'write:/lamp/**');
    router.guard.askForTokens(tokens);
    const { to, put, local } = await open({}, router);
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    for (const path of ['/api/lamp/1', '/api/signals', '/api/events']) {
      expect(problemIn(await to(path))).toBe('401 access-refused');
      expect((await to(path, { headers: as('wrong') })).status).toBe(401);
    }
    expect((await to(`/api/lamp/1?token=${desk}`)).status).toBe(401);
    expect((await put('/lamp/1', '1', undefined, as(desk))).status).toBe(204);
    expect((await to('/api/lamp/1', { headers: as(desk) })).text).toBe('1');
    for (const [path, method] of [
      ['/api/x', 'GET'],
      ['/api/x', 'PUT'],
      ['/api/x', 'POST'],
      ['/api/x', 'DELETE'],
      ['/api/signals', 'GET'],
      ['/api/events', 'GET'],
    ] as const)
      expect(problemIn(await to(path, { method, headers: as(desk), ...(method === 'PUT' && { body: '1' }) }))).toBe(
        '403 access-refused',
      );
    expect((await to('/api/lamp/*', { headers: as(desk) })).status).toBe(200);
    expect((await put('/lamp/2', '1', undefined, as(writer))).status).toBe(204);
    expect((await put('/x', '1', undefined, as(writer))).status).toBe(403);
    expect((await to('/api/lamp/2', { method: 'DELETE', headers: as(writer) })).status).toBe(204);
    local.publish([param('/lamp/3', 1)]);
    tokens.revoke(desk);
    await until('its session to end', () => [...router.sessions()].length === 1);
    expect((await to('/api/lamp/1', { headers: as(desk) })).status).toBe(401);
    expect((await to('/api/health')).status).toBe(200);
  });

  it('[HR10] requests of one token share a session, which ends a minute after the last', async () => {
    const router = newRouter();
    const clock = new SimulatedClock();
    const { to, put, gateway } = await open({ clock }, router);
    await Promise.all(Array.from({ length: 20 }, (_, i) => put(`/a/${i}`, '1')));
    await to('/api/a/1', { headers: { authorization: 'Bearer any' } });
    const names = [...router.sessions()].map(({ peer }) => peer);
    expect(names).toEqual(['http 127.0.0.1', 'http 127.0.0.1']);
    clock.advance(sessionIdle);
    await until('both to end', () => [...router.sessions()].length === 0);
    expect((await to('/api/a/1')).status).toBe(200);
    expect([...router.sessions()]).toHaveLength(1);
    await gateway.stop();
    await until('the last to end', () => [...router.sessions()].length === 0);
  });
});
