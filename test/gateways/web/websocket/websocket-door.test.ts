import { once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Address } from '../../../../src-main/contract/address.ts';
import { f64, fromJson } from '../../../../src-main/contract/signal.ts';
import { millis } from '../../../../src-main/contract/units.ts';
import {
  createWebSocketService,
  type WebSocketServiceLimits,
} from '../../../../src-main/gateways/web/websocket/websocket-service.ts';
import type { WebGatewayOptions } from '../../../../src-main/gateways/web/web-gateway.ts';
import { describeGateway } from '../../../conformance/gateway.ts';
import { TokenDesk } from '../../../core/router/token-desk.ts';
import { event, param } from '../../../json-signals.ts';
import { until } from '../../../until.ts';
import { newRouter, openDesk, openWebDoor } from '../web-rig.ts';
import { JsonClient } from './json-client.ts';

describeGateway('the WebSocket of a web door', {
  open: (port) => openWebDoor(newRouter(), { port, services: [createWebSocketService()] }),
  answers: async (url) => {
    const client = await JsonClient.open(url);
    const { type } = await client.ask({ type: 'ping' });
    client.socket.terminate();
    return type === 'pong';
  },
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(
  some: Partial<WebGatewayOptions> & { readonly serviceLimits?: Partial<WebSocketServiceLimits> } = {},
  router = newRouter(),
) {
  const { serviceLimits, ...options } = some;
  const gateway = await openWebDoor(router, { services: [createWebSocketService(serviceLimits)], ...options });
  ends.push(() => gateway.stop());
  const join = async (...rest: [string[]?, object?]): Promise<JsonClient> => {
    const client = await JsonClient.open(gateway.url, ...rest);
    ends.push(() => client.socket.terminate());
    return client;
  };
  const at = `${gateway.url.replace(/^http/, 'ws')}/ws`;
  const joinAt = async (query: string, protocols?: string[]): Promise<JsonClient> => {
    const client = await JsonClient.open(at + query, protocols);
    ends.push(() => client.socket.terminate());
    return client;
  };
  return { gateway, router, join, joinAt, at, ...openDesk(router) };
}

function guarded() {
  const router = newRouter();
  const tokens = new TokenDesk();
  tokens.give('desk', 'write:/lamp/**');
  router.guard.askForTokens(tokens);
  return { router, tokens };
}

describe('a WebSocket client of the web door', () => {
  it('[WJ20] sets, has happen, streams, reads and is answered, with what it sent as id', async () => {
    const { join, router, heard } = await open();
    const client = await join();
    const set = await client.ask({ type: 'set', address: '/lamp/1', value: 0.5 });
    expect(set).toMatchObject({ type: 'ack', revision: expect.any(Number) as number });
    expect(router.get('/lamp/1' as Address)).toEqual(f64(0.5));
    expect(await client.ask({ type: 'get', address: '/lamp/1' })).toMatchObject({
      ...{ type: 'ack', address: '/lamp/1', value: 0.5, revision: set['revision'] },
    });
    expect(await client.ask({ type: 'emit', address: '/go', value: [1] })).toMatchObject({ type: 'ack' });
    expect(await client.ask({ type: 'stream', address: '/flow', value: 1 })).toMatchObject({ type: 'ack' });
    await until('all', () => heard.length === 3);
    expect(heard.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'param /lamp/1',
      'event /go',
      'stream /flow',
    ]);
    client.say({ type: 'get', id: { any: [7] }, address: '/lamp/1' });
    expect(await client.next(({ id }) => typeof id === 'object')).toMatchObject({ id: { any: [7] }, value: 0.5 });
    expect(await client.ask({ type: 'hello', name: 'page' })).toMatchObject({ type: 'welcome', server: 'Flyrail' });
  });

  it('[WJ20] takes the bare messages of the reference, and answers nothing that was not asked', async () => {
    const { join, router, heard } = await open();
    const client = await join();
    client.say({ address: '/a', value: 1 });
    client.say({ address: '/b', data: 'x' });
    client.say({ address: '/c', value: 2, kind: 'event' });
    client.say({ type: 'signal', address: '/d', value: 3, kind: 'stream' });
    client.say({ type: 'set', address: '/e', value: 4 });
    await until('all', () => heard.length === 5);
    expect(heard.map(({ kind }) => kind)).toEqual(['param', 'param', 'event', 'stream', 'param']);
    expect(router.get('/b' as Address)).toEqual(fromJson('x'));
    expect((await client.ask({ type: 'ping' }))['type']).toBe('pong');
    expect(client.heard).toHaveLength(1);
  });

  it('[WJ20] keeps the order in which it is told, from the first message on', async () => {
    const { join, heard } = await open();
    const client = await join();
    for (let i = 0; i < 2000; i++)
      client.say({ address: i % 2 ? '/odd' : '/even', value: i, kind: i % 3 ? 'param' : 'event' });
    await until('all', () => heard.length === 2000);
    expect(heard.map(({ value }) => value)).toEqual(Array.from({ length: 2000 }, (_, i) => f64(i)));
  });

  it('[WJ20] sets only from the revision that it has seen, where it says so', async () => {
    const { join } = await open();
    const client = await join();
    const { revision } = await client.ask({ type: 'set', address: '/a', value: 1, revision: 0 });
    const again = await client.ask({ type: 'set', address: '/a', value: 2, revision: 0 });
    expect(again).toMatchObject({ type: 'error', code: 'changed-meanwhile' });
    const below = await client.ask({ type: 'set', address: '/a', value: 2, revision: -1 });
    expect(below['type']).toBe('error');
    await client.ask({ type: 'set', address: '/a', value: 2 });
    expect(await client.ask({ type: 'set', address: '/a', value: 3, revision })).toMatchObject({
      ...{ type: 'error', code: 'changed-meanwhile' },
    });
    expect(await client.ask({ type: 'set', address: '/a', value: 3, revision: 0.5 })).toMatchObject({
      code: 'bad-message',
    });
  });

  it('[WJ21] is answered when what stands was sent, however much that is', async () => {
    const { join, local } = await open();
    local.publish(Array.from({ length: 60_000 }, (_, i) => param(`/big/${i}`, 'x'.repeat(100))));
    const [slow, other] = [await join(), await join()];
    slow.socket.pause();
    slow.say({ id: 1, type: 'subscribe', pattern: '/big/**' });
    // Asked later, it is answered later.
    await other.ask({ type: 'subscribe', pattern: '/big/**' });
    slow.socket.resume();
    await slow.next(({ type }) => type === 'ack');
    expect(slow.heard.findIndex(({ type }) => type === 'ack')).toBe(60_000);
  });

  it('[WJ21] hears what stands under a pattern, then what changes and happens, until it ends that', async () => {
    const { join, local } = await open();
    local.publish([param('/lamp/1', 0.25)]);
    const client = await join();
    expect(await client.ask({ type: 'subscribe', pattern: '/lamp/**' })).toMatchObject({ type: 'ack' });
    local.publish([param('/lamp/2', 'x'), event('/lamp/go', null)]);
    local.publish([{ kind: 'stream', address: '/lamp/s' as Address, value: f64(2), samples: [1, 2], rate: 50 }]);
    local.publish([{ kind: 'gesture', address: '/lamp/g' as Address, value: f64(3), gestureId: 9, phase: 'start' }]);
    await until('all', () => client.signals().length === 5);
    expect(client.signals()).toMatchObject([
      { address: '/lamp/1', value: 0.25, kind: 'param', standing: true, revision: expect.any(Number) as number },
      { address: '/lamp/2', value: 'x', kind: 'param' },
      { address: '/lamp/go', value: null, kind: 'event' },
      { address: '/lamp/s', kind: 'stream', samples: [1, 2], rate: 50 },
      { address: '/lamp/g', value: 3, kind: 'gesture', gesture: 9, phase: 'start' },
    ]);
    expect(client.signals()[1]).not.toHaveProperty('standing');
    expect(await client.ask({ type: 'unsubscribe', pattern: '/lamp/**' })).toMatchObject({ type: 'ack', found: true });
    expect(await client.ask({ type: 'unsubscribe', pattern: '/lamp/**' })).toMatchObject({ found: false });
    local.publish([param('/lamp/1', 1)]);
    await client.ask({ type: 'ping' });
    expect(client.signals()).toHaveLength(5);
  });

  it('[WJ21] writes addresses without the prefix of the door', async () => {
    const { join, router, local } = await open({ prefix: '/web' });
    const client = await join();
    await client.ask({ type: 'subscribe', pattern: '/**' });
    await client.ask({ type: 'set', address: '/a', value: 1 });
    expect(router.get('/web/a' as Address)).toEqual(f64(1));
    local.publish([param('/web/b', 2), param('/other', 3)]);
    await until('both', () => client.signals().length === 2);
    expect(client.signals().map(({ address }) => address)).toEqual(['/a', '/b']);
  });

  it.each([
    ['{', 'bad-value', 'Expected JSON.'],
    ['[1]', 'bad-message', 'Expected an object'],
    ['{}', 'bad-message', 'Expected a type: set'],
    ['{"type":"sett"}', 'bad-message', 'There is no type "sett"'],
    ['{"type":5}', 'bad-message', 'Expected type as text.'],
    ['{"type":"set","address":"/a"}', 'bad-message', 'Expected a value.'],
    ['{"type":"set","value":1}', 'bad-message', 'Expected an address, as text.'],
    ['{"type":"subscribe"}', 'bad-message', 'Expected a pattern, as text.'],
    ['{"address":"/a","value":1,"kind":"odd"}', 'bad-message', 'There is no kind "odd"'],
    ['{"type":"set","address":"a","value":1}', 'bad-address', 'Begin it with a slash'],
    ['{"type":"subscribe","pattern":"a"}', 'bad-pattern', 'Begin it with a slash'],
    ['{"type":"get","address":"/nothing"}', 'unknown-address', 'Nothing stands at this address.'],
  ])('[WJ22] is told what is wrong with %s', async (message, code, words) => {
    const { join, gateway } = await open();
    const client = await join();
    client.say(message);
    const error = await client.next(({ type }) => type === 'error');
    expect(error).toMatchObject({ code });
    expect(error['message']).toMatch(words);
    expect(gateway.refused()).toEqual({ messages: 1 });
    expect((await client.ask({ type: 'ping' }))['type']).toBe('pong');
  });

  it('[WJ22] is told which message it was, also where that makes no sense', async () => {
    const client = await (await open()).join();
    expect(await client.ask({ type: 'odd' })).toMatchObject({ type: 'error', code: 'bad-message' });
    const text = JSON.stringify({ id: 'late', type: 'set', address: '/a*', value: 1 });
    client.say(text);
    expect(await client.next(({ id }) => id === 'late')).toMatchObject({ code: 'bad-address' });
  });

  it('[WJ22] is sent away after a hundred messages without sense', async () => {
    const client = await (await open()).join();
    for (let i = 0; i < 100; i++) client.say('nonsense');
    expect(await client.end()).toEqual({ code: 4400, reason: '100 messages made no sense.' });
    expect(client.heard).toHaveLength(100);
  });

  it.each([
    ['a subprotocol', '', ['flyrail.msgpack']],
    ['the query', '?format=msgpack', []],
    ['its first message', '', []],
  ])(
    '[WJ23] speaks MessagePack where %s says so, with bytes, whole numbers and floats apart',
    async (_by, query, protocols) => {
      const { joinAt, router } = await open();
      const client = await joinAt(query, protocols);
      expect(client.socket.protocol).toBe(protocols[0] ?? '');
      client.pack({ type: 'subscribe', id: 1, pattern: '/**' });
      await client.next(({ id }) => id === 1);
      for (const [address, value] of Object.entries({ '/i': 5, '/f': 0.5, '/l': 2n ** 60n, '/b': Uint8Array.of(7) }))
        client.pack({ type: 'set', address, value });
      await until('all', () => client.signals().length === 4);
      expect(client.signals().map(({ value }) => value)).toEqual([5, 0.5, 2n ** 60n, Uint8Array.of(7)]);
      expect(router.get('/i' as Address)).toEqual({ type: 'i32', value: 5 });
      expect(router.get('/l' as Address)).toEqual({ type: 'i64', value: 2n ** 60n });
      client.socket.send(Buffer.of(0xd4, 1, 1));
      expect(await client.next(({ type }) => type === 'error')).toMatchObject({ code: 'bad-value' });
    },
  );

  it('[WJ23] speaks JSON else, chooses of several subprotocols the first it knows, and keeps types where it is asked to', async () => {
    const { join, joinAt, router } = await open();
    expect((await join(['other', 'flyrail.json', 'flyrail.msgpack'])).socket.protocol).toBe('flyrail.json');
    const client = await joinAt('?numbers=written');
    await client.ask({ type: 'set', address: '/a', value: 5 });
    expect(router.get('/a' as Address)).toEqual({ type: 'i32', value: 5 });
    client.say('{"type":"set","address":"/a","value":5.0,"id":"x"}');
    await client.next(({ id }) => id === 'x');
    expect(router.get('/a' as Address)).toEqual(f64(5));
  });
});

describe('who comes by the WebSocket of a web door', () => {
  it('[WJ24] shows a token in the header, in the URL or in its first message, and may what that allows', async () => {
    const { router } = guarded();
    const { join, joinAt } = await open({}, router);
    const byHeader = await join([], { headers: { authorization: 'Bearer desk' } });
    const byUrl = await joinAt('?token=desk');
    const byHello = await join();
    expect(await byHello.ask({ type: 'hello', token: 'desk', name: 'page' })).toMatchObject({ type: 'welcome' });
    for (const client of [byHeader, byUrl, byHello]) {
      expect(await client.ask({ type: 'set', address: '/lamp/1', value: 1 })).toMatchObject({ type: 'ack' });
      expect(await client.ask({ type: 'set', address: '/other', value: 1 })).toMatchObject({ code: 'access-refused' });
    }
    expect(await byHeader.ask({ type: 'hello', token: 'desk' })).toMatchObject({ type: 'error', code: 'bad-message' });
  });

  it('[WJ24] is sent away with a code that says why: no token, a wrong one, nothing said, or its token is over', async () => {
    const { router, tokens } = guarded();
    const { join, joinAt, gateway } = await open({ serviceLimits: { helloTimeout: millis(200) } }, router);
    const none = await join();
    none.say({ address: '/lamp/1', value: 1 });
    expect((await none.end()).code).toBe(4401);
    expect(await (await joinAt('?token=wrong')).end()).toMatchObject({
      code: 4401,
      reason: expect.stringMatching(/./) as string,
    });
    const wrong = await join();
    wrong.say({ type: 'hello', token: 'wrong' });
    expect((await wrong.end()).code).toBe(4401);
    expect((await (await join()).end()).code).toBe(4408);
    const over = await joinAt('?token=desk');
    await over.ask({ type: 'ping' });
    tokens.revoke('desk');
    expect((await over.end()).code).toBe(4401);
    expect(gateway.refused()['clients']).toBe(4);
  });

  it('[WJ24] comes in unasked where nobody needs a token, and stays silent as long as it likes', async () => {
    const { join, router } = await open({ serviceLimits: { helloTimeout: millis(50) } });
    const client = await join();
    await until('it to be in', () => router.stats().sessions >= 1);
    expect((await client.ask({ type: 'ping' }))['type']).toBe('pong');
  });

  it('[WJ24] is no page that nobody allowed', async () => {
    const { at, gateway } = await open({ origins: ['https://show.example.org'] });
    const refused = new WebSocket(at, { origin: 'https://evil.example.org' });
    const [error] = (await once(refused, 'error')) as [Error];
    expect(error.message).toBe('Unexpected server response: 403');
    const allowed = await JsonClient.open(at, [], { origin: 'https://show.example.org' });
    expect((await allowed.ask({ type: 'ping' }))['type']).toBe('pong');
    allowed.socket.terminate();
    expect(gateway.refused()).toEqual({ origin: 1 });
  });

  it('[WJ25] is bounded in what it sends: a message too long ends it with 1009', async () => {
    const { join } = await open();
    const client = await join();
    client.say({ type: 'set', address: '/a', value: 'x'.repeat(70_000) });
    expect((await client.end()).code).toBe(1009);
    const next = await join();
    expect(await next.ask({ type: 'set', address: '/a', value: 'x'.repeat(60_000) })).toMatchObject({ type: 'ack' });
  });

  it('[WJ25] is gone when it answers no ping for two intervals', async () => {
    const { join, router, gateway } = await open({ serviceLimits: { pingInterval: millis(100) } });
    const [dead, alive] = [await join(), await join()];
    await dead.ask({ type: 'ping' });
    await alive.ask({ type: 'ping' });
    dead.socket.pause();
    await until('it to be found', () => gateway.refused()['silent'] === 1);
    expect(alive.closed).toBeUndefined();
    await until('its session to end', () => router.stats().sessions === 1);
  });

  it('[WJ25] reads slowly at its own cost: the newest of each address, and no more memory than that', async () => {
    const { join, local, gateway } = await open();
    const slow = await join();
    await slow.ask({ type: 'subscribe', pattern: '/**' });
    slow.socket.pause();
    const long = 'x'.repeat(5000);
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 50; i++) local.publish([param(`/p/${i}`, `${round} ${long}`), event('/e', long)]);
      await new Promise(setImmediate);
    }
    await until('some of it to be left out', () => (gateway.refused()['slow'] ?? 0) > 100);
    slow.socket.resume();
    const newest = (i: number) => slow.signals().findLast(({ address }) => address === `/p/${i}`)?.['value'];
    await until('the newest of all', () =>
      Array.from({ length: 50 }, (_, i) => newest(i)).every((value) => value === `39 ${long}`),
    );
  });

  it('[WJ25] that asks and never reads is not read either', async () => {
    const { join, router } = await open();
    const greedy = await join();
    await greedy.ask({ type: 'set', address: '/big', value: 'x'.repeat(50_000) });
    greedy.socket.pause();
    for (let i = 0; i < 500; i++) greedy.say({ type: 'get', id: i, address: '/big' });
    const other = await join();
    for (let i = 0; i < 20; i++) expect((await other.ask({ type: 'get', address: '/big' }))['type']).toBe('ack');
    greedy.socket.resume();
    await until('all answers', () => greedy.heard.length === 501, 20_000);
    expect(router.stats().sessions).toBeGreaterThan(0);
  });

  it('[WJ26] is told that the door is shut', async () => {
    const { join, gateway } = await open();
    const client = await join();
    await client.ask({ type: 'ping' });
    await gateway.stop();
    expect(await client.end()).toEqual({ code: 1001, reason: 'This way in is shut.' });
  });

  it('[WJ26] sends what it likes, and harms nobody', { timeout: 60_000 }, async () => {
    const { join, at } = await open();
    const watch = await join();
    const { hostname, port } = new URL(at);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.uint8Array({ maxLength: 200 }), fc.string()), { maxLength: 12 }),
        async (messages) => {
          const client = await JsonClient.open(at);
          for (const message of messages) client.socket.send(message);
          client.socket.close();
          await client.end();
        },
      ),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.on('error', () => undefined);
        const key = Buffer.from(bytes).subarray(0, 16).toString('base64');
        socket.write(
          `GET /ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
        );
        socket.end(bytes);
        socket.resume();
        await until('it to end', () => socket.destroyed || socket.closed);
      }),
      { numRuns: 60 },
    );
    expect((await watch.ask({ type: 'ping' }))['type']).toBe('pong');
  });
});
