import { decode } from '@msgpack/msgpack';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketBridge } from '../../../src-main/bridges/websocket/websocket-bridge.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { nullValue } from '../../../src-main/contract/signal.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { perTurnMax } from '../../../src-main/platform/turn-pace.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { dialledDevice } from '../../conformance/dialled-device.ts';
import { event, param, stream } from '../../json-signals.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { websocketSettings } from '../bridge-settings.ts';
import { InProcessServer } from './in-process-server.ts';

describeDeviceBridge('WebSocket', {
  prefix: '/ws',
  sends: param('/ws/lamp/1', 0.5),
  refuses: { kind: 'timeline', address: '/ws/lamp/1' as Address, value: nullValue },
  make: (isThere) => {
    const server = new InProcessServer();
    const needs = { random: createSystemRandom(), log: silentLog, networkCards: () => [] };
    return dialledDevice(isThere, {
      server,
      dial: (clock) => new WebSocketBridge(websocketSettings({ url: server.url }), { ...needs, clock }),
      connections: () => server.clients.size,
    });
  },
});

describe('a client of a WebSocket server', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function makeWorld(some: Record<string, unknown> = {}, server = new InProcessServer()) {
    if (server.port === 0) {
      await server.listen();
      ends.push(() => server.kill());
    }
    const bridge = new WebSocketBridge(websocketSettings({ url: server.url, ...some }), {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
      secret: (name) => Promise.resolve(name === 'desk' ? 'ge"heim&' : undefined),
    });
    const host = new RecordingHost();
    await bridge.start(host);
    ends.push(() => bridge.stop());
    return { server, bridge, host };
  }
  const standing = { state: 'connected' };

  it('[WJ10] takes and gives addresses and values as JSON', async () => {
    const { server, bridge, host } = await makeWorld();
    server.say('{"address":"/lamp/1","value":0.5}');
    server.say('{"address":"/lamp/2","data":[1,"x"]}');
    await until('two signals', () => host.published.length === 2);
    expect(host.published).toEqual([param('/ws/lamp/1', 0.5), param('/ws/lamp/2', [1, 'x'])]);
    bridge.apply([param('/ws/lamp/3', true), event('/ws/go', null)]);
    await until('two messages', () => server.heard.length === 2);
    expect(server.heard.map(({ data }) => data)).toEqual([
      '{"address":"/lamp/3","value":true}',
      '{"address":"/go","value":null}',
    ]);
    expect(bridge.status()).toMatchObject({ ...standing, inTotal: 2, outTotal: 2, refusedTotal: 0, url: server.url });
  });

  it('[WJ10] gives MessagePack that the library reads', async () => {
    const { server, bridge } = await makeWorld({ format: 'msgpack' });
    bridge.apply([param('/ws/a', { big: 2n ** 60n, bytes: Uint8Array.of(1, 2), list: [1, 0.5, 'é'] })]);
    await until('it', () => server.heard.length === 1);
    expect(server.heard[0]?.isBinary).toBe(true);
    expect(decode(Uint8Array.from(server.heard[0]?.bytes ?? []), { useBigInt64: true })).toEqual({
      address: '/a',
      value: { big: 2n ** 60n, bytes: Uint8Array.of(1, 2), list: [1, 0.5, 'é'] },
    });
  });

  it('[WJ13] drops values that come back, and takes what somebody else says, also when it is what was said before', async () => {
    const { server, bridge, host } = await makeWorld();
    server.echoes = true;
    bridge.apply([1, 2, 3].map((value) => param('/ws/a', value)));
    await until('the echoes', () => server.heard.length === 3);
    server.say('{"address":"/a","value":7}');
    await until('it', () => host.published.length === 1);
    server.echoes = false;
    bridge.apply([param('/ws/a', 8)]);
    await until('it', () => server.heard.length === 4);
    for (const value of [9, 8]) server.say(`{"address":"/a","value":${value}}`);
    await until('the others', () => host.published.length === 3);
    expect(host.published).toEqual([param('/ws/a', 7), param('/ws/a', 9), param('/ws/a', 8)]);
  });

  it.each([
    ['values', ['/ws/end', '/ws/go', '/ws/message']],
    ['all', ['/ws/end', '/ws/message']],
    ['none', ['/ws/a', '/ws/end', '/ws/go', '/ws/message', '/ws/message']],
  ])('[WJ13] drops of its own words what the setting says: %s', async (echo, heard) => {
    const gives = [{ from: '/set/*', body: '{"set":{value}}' }, {}];
    const { server, bridge, host } = await makeWorld({ echo, gives });
    server.echoes = true;
    bridge.apply([param('/ws/a', 1), event('/ws/go', 2), param('/ws/set/x', 5)]);
    await until('them', () => server.heard.length === 3);
    server.say('{"set":6}');
    server.say('{"address":"/end","value":0}');
    await until('the end', () => host.published.some(({ address }) => address === '/ws/end'));
    expect(host.published.map(({ address }) => address).sort()).toEqual(heard);
  });

  it('[WJ14] says what it has to say first each time, then what stands, and its heartbeat', async () => {
    const hello = ['{"login":"{secret}"}', 'plain'];
    const heartbeat = { message: '{"type":"ping"}', seconds: 1 };
    const { server, bridge, host } = await makeWorld({ secretName: 'desk', hello, heartbeat });
    host.returned = (how) => {
      bridge.apply([param('/ws/a', 1)]);
      how?.whole?.();
    };
    const words = ['{"login":"ge\\"heim&"}', 'plain'];
    await until('the heartbeat', () => server.heard.length >= 3);
    expect(server.heard.map(({ data }) => data)).toEqual([...words, '{"type":"ping"}']);
    server.kill();
    await until('it to go', () => bridge.status().state === 'broken');
    bridge.apply([param('/ws/a', 0.3), event('/ws/go', 1), stream('/ws/flow', 1)]);
    expect(bridge.status().reason).toBe(
      'The server ended the connection. Flyrail keeps trying. 2 messages wait for it.',
    );
    server.heard.length = 0;
    await server.listen();
    await until('what waited', () => server.heard.length >= 4);
    expect(server.heard.slice(0, 4).map(({ data }) => data)).toEqual([
      ...words,
      '{"address":"/go","value":1}',
      '{"address":"/a","value":1}',
    ]);
  });

  it('[WJ32] is handed 64 messages in a turn, however much stands, and all of it, each once, when it is whole', async () => {
    const { server, bridge, host } = await makeWorld();
    const many = Array.from({ length: 20_000 }, (_, i) => param(`/ws/t/${i}`, i));
    server.kill();
    await until('it to go', () => bridge.status().state === 'broken');
    // Some of it waits already.
    bridge.apply([...many.slice(0, 9000), event('/ws/go', 1)]);
    let whole: (() => void) | undefined;
    host.returned = (how) => {
      whole = how?.whole;
      bridge.apply(many.slice(0, 10_000));
    };
    await server.listen();
    await until('it to be back', () => whole !== undefined);
    bridge.apply([...many.slice(10_000), param('/ws/t/0', 'newer')]);
    expect(bridge.status().outTotal).toBe(0);
    whole?.();
    await new Promise((resolve) => process.nextTick(resolve));
    expect(bridge.status().outTotal).toBeLessThanOrEqual(perTurnMax);
    await until('all of it', () => server.heard.length > many.length);
    const said = server.said as { readonly address: string; readonly value: unknown }[];
    expect([said.length, new Set(said.map(({ address }) => address)).size]).toEqual([20_001, 20_001]);
    expect([said[0], said.at(-1)]).toEqual([
      { address: '/go', value: 1 },
      { address: '/t/0', value: 'newer' },
    ]);
    expect(bridge.status()).toMatchObject({ outTotal: 20_001, refusedTotal: 0 });
  });

  it('[WJ33] takes one message in each turn of the event loop, in order, however many come at once', async () => {
    const { server, host } = await makeWorld();
    let [turn, isOver] = [0, false];
    const turns = new Set<number>();
    const count = (): void => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    count();
    const { published } = host;
    host.publish = (batch) => {
      turns.add(turn);
      published.push(...batch);
    };
    for (let i = 0; i < 500; i++) server.say(`{"address":"/x","value":${i}}`);
    await until('all of it', () => published.length === 500);
    isOver = true;
    expect(published).toEqual(Array.from({ length: 500 }, (_, i) => param('/ws/x', i)));
    expect(turns.size).toBeGreaterThan(450);
  });

  it('[WJ14] packs what it says first where messages are MessagePack', async () => {
    const { server } = await makeWorld({ format: 'msgpack', hello: ['{"op":1}', 'plain'] });
    await until('both', () => server.heard.length === 2);
    expect([decode(server.heard[0]?.bytes ?? Buffer.of()), server.heard[1]?.data]).toEqual([{ op: 1 }, 'plain']);
  });

  it('[WJ15] shows its secret as a bearer token, or where it is written, and never in its status', async () => {
    const { server, bridge } = await makeWorld({ secretName: 'desk' });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer ge"heim&');
    const url = `${server.url}/api?key={secret}`;
    const headers = { 'X-Key': 'k={secret}', 'X-Other': 'a' };
    const second = await makeWorld({ secretName: 'desk', url, headers, subprotocols: ['a.json', 'b'] }, server);
    const { headers: said, url: asked } = server.requests[1] ?? {};
    expect(asked).toBe('/api?key=ge%22heim%26');
    expect([said?.['x-key'], said?.['x-other'], said?.authorization]).toEqual(['k=ge"heim&', 'a', undefined]);
    expect(said?.['sec-websocket-protocol']).toBe('a.json,b');
    for (const { url: shown, reason } of [bridge.status(), second.bridge.status()])
      expect(shown + reason).not.toContain('heim');
    const odd = await makeWorld({ secretName: 'desk', url: 'ws://[::/?key={secret}' }, server);
    expect(odd.bridge.status().reason).toMatch('It cannot be dialled like this');
    expect(odd.bridge.status().reason).not.toContain('heim');
    const none = new WebSocketBridge(websocketSettings({ secretName: 'none' }), {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
    });
    await expect(none.start(new RecordingHost())).rejects.toMatchObject({ code: 'unknown-id' });
    await none.stop();
  });

  it('[WJ16] tells in words why a server refuses it, and asks on', async () => {
    const server = new InProcessServer();
    server.refuses = 401;
    const { bridge } = await makeWorld({}, server);
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: 'The server does not take this secret, or asks for one. Flyrail keeps trying.',
    });
    server.refuses = 0;
    await until('it to be let in', () => bridge.status().state === 'connected', 8000);
    for (const client of server.clients) client.close(4403, 'no\u0007 scope');
    await until('it to be sent away', () => bridge.status().state === 'broken');
    expect(bridge.status().reason).toBe(
      'The server lets us do nothing there. It says: no\\x07 scope. Flyrail keeps trying.',
    );
  });

  it('[WJ17] finds a server that fell silent without a word', async () => {
    const { server, bridge } = await makeWorld({ pingSeconds: 1 });
    for (const client of server.clients) {
      const { _socket: socket } = client as unknown as { readonly _socket: { pause(): void } };
      socket.pause();
    }
    let reason = '';
    await until('it to be found', () => {
      const status = bridge.status();
      if (status.state === 'broken') reason = status.reason;
      return reason !== '';
    });
    expect(reason).toBe('The server went silent. Flyrail keeps trying.');
    await until('it to be back', () => bridge.status().state === 'connected');
  });

  it('[WJ18] holds events in their order, bounded, and of values the newest; what flows is not held', async () => {
    const { server, bridge } = await makeWorld({ queueMax: 2 });
    server.kill();
    await until('it to go', () => bridge.status().state === 'broken');
    bridge.apply([1, 2, 3].map((value) => event('/ws/go', value)));
    bridge.apply([1, 2, 3].map((value) => param('/ws/a', value)));
    bridge.apply([stream('/ws/flow', 1)]);
    expect(bridge.status().refusedTotal).toBe(2);
    expect(bridge.status().reason).toContain('Refused: /ws/go: too many events wait for the server.');
    await server.listen();
    await until('what was held', () => server.heard.length === 3);
    expect(server.said).toEqual([
      { address: '/go', value: 2 },
      { address: '/go', value: 3 },
      { address: '/a', value: 3 },
    ]);
  });

  it('[WJ18] loses nothing but older values of an address to a server that reads slowly', async () => {
    const { server, bridge } = await makeWorld();
    for (const client of server.clients) client.pause();
    const long = 'x'.repeat(10_000);
    for (let i = 0; i < 500; i++) bridge.apply([param(`/ws/p${i % 10}`, `${i} ${long}`), event('/ws/e', i)]);
    for (const client of server.clients) client.resume();
    await until('all of it', () => {
      const said = server.said as { address: string; value: unknown }[];
      const newest = said.findLast(({ address }) => address === '/p9')?.value;
      return said.filter(({ address }) => address === '/e').length === 500 && newest === `499 ${long}`;
    });
    const events = (server.said as { address: string; value: unknown }[]).filter(({ address }) => address === '/e');
    expect(events.map(({ value }) => value)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(bridge.status().refusedTotal).toBe(0);
  });

  it('[WJ19] outlives whatever a server sends', async () => {
    const { server, bridge, host } = await makeWorld({ format: 'msgpack' });
    server.say(Buffer.of(0xd4, 1, 2));
    server.say(Buffer.of(0xc1));
    server.say(Buffer.alloc(300_000));
    await until('three refusals', () => bridge.status().refusedTotal === 3);
    expect(bridge.status().reason).toBe('Connected to the server. Refused: a message: it is longer than 262144 bytes.');
    server.say(Buffer.of(0x05));
    await until('a number', () => host.published.length === 1);
    expect(host.published).toEqual([param('/ws/message', 5)]);
  });
});
