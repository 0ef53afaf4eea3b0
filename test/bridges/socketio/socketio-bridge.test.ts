import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { fromJson } from '../../../src-main/contract/signal.ts';
import { SocketioBridge } from '../../../src-main/bridges/socketio/socketio-bridge.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { DeviceIsBack } from '../../../src-main/ports/bridge.ts';
import { perTurnMax } from '../../../src-main/platform/turn-pace.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { dialledDevice } from '../../conformance/dialled-device.ts';
import { event, param } from '../../json-signals.ts';
import { freePort } from '../../free-port.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { socketioSettings } from '../bridge-settings.ts';
import { InProcessServer } from './in-process-server.ts';

const needs = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] };

for (const transport of ['websocket', 'polling'] as const) {
  describeDeviceBridge(`Socket.IO by ${transport}`, {
    prefix: '/socketio',
    sends: param('/socketio/lamp/1', 0.5),
    refuses: param('/socketio/disconnect', 1),
    make: (isThere) => {
      const server = new InProcessServer();
      return dialledDevice(isThere, {
        server,
        dial: (clock) =>
          new SocketioBridge(socketioSettings({ url: server.url, transports: [transport] }), { ...needs, clock }),
        connections: () => server.sockets.size,
      });
    },
  });
}

describe('a client of a Socket.IO server', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function makeServer(some: ConstructorParameters<typeof InProcessServer>[0] = {}): Promise<InProcessServer> {
    const server = new InProcessServer(some);
    await server.listen();
    ends.push(() => server.kill());
    return server;
  }
  async function makeWorld(some: Record<string, unknown> = {}, given?: InProcessServer) {
    const server = given ?? (await makeServer());
    const bridge = new SocketioBridge(socketioSettings({ url: server.url, ...some }), {
      ...needs,
      secret: (name) => Promise.resolve(name === 'desk' ? 'geheim' : undefined),
    });
    const host = new RecordingHost();
    await bridge.start(host);
    ends.push(() => bridge.stop());
    return { server, bridge, host };
  }

  it.each(['websocket', 'polling'])(
    '[SO34] emits 64 events in a turn, however many, and all of them: %s',
    async (way) => {
      const { server, bridge } = await makeWorld({ transports: [way] });
      const many = Array.from({ length: 5000 }, (_, i) => param(`/socketio/t/${i}`, i));
      bridge.apply(many);
      expect(bridge.status().outTotal).toBe(perTurnMax);
      await until('all of them', () => server.heard.length === many.length);
      expect(new Set(server.heard.map(({ event: name }) => name)).size).toBe(many.length);
      expect(bridge.status()).toMatchObject({ outTotal: many.length, refusedTotal: 0 });
    },
  );

  it('[SO4] takes every event as an address with its arguments as value, and emits every address as an event', async () => {
    const { server, bridge, host } = await makeWorld();
    server.io.emit('lamp/1', 0.5);
    server.io.emit('chat message', 'a', { b: [true, null] });
    server.io.emit('none');
    server.io.emit('a*//', Buffer.of(1, 0xff), { deep: [{ bytes: Buffer.of(2) }] });
    await until('four signals', () => host.published.length === 4);
    expect(host.published).toEqual([
      param('/socketio/lamp/1', 0.5),
      param('/socketio/chat message', ['a', { b: [true, null] }]),
      param('/socketio/none', null),
      param('/socketio/a%2A/%00/', [Uint8Array.of(1, 0xff), { deep: [{ bytes: Uint8Array.of(2) }] }]),
    ]);
    bridge.apply([
      param('/socketio/lamp/2', 1),
      event('/socketio/a%2A', { x: [Uint8Array.of(7), 'y'] }),
      { kind: 'param', address: '/socketio/big' as Address, value: { type: 'i64', value: 2n ** 60n } },
      { kind: 'stream', address: '/socketio/level' as Address, value: fromJson(null), samples: [0, 1] },
    ]);
    await until('four events', () => server.heard.length === 4);
    expect(server.heard).toEqual([
      { namespace: '/', event: 'lamp/2', args: [1] },
      { namespace: '/', event: 'a*', args: [{ x: [Buffer.of(7), 'y'] }] },
      { namespace: '/', event: 'big', args: [String(2n ** 60n)] },
      { namespace: '/', event: 'level', args: [[0, 1]] },
    ]);
  });

  it('[SO5] namespaces each have a place of their own, and a token, an auth object and greetings go to each', async () => {
    const server = await makeServer();
    server.greet = (socket) => {
      socket.on('join', (room: string) => void socket.join(room));
    };
    const { bridge, host } = await makeWorld(
      {
        namespaces: [{ name: '/' }, { name: '/stage' }, { name: '/foyer', at: '/hall/left' }],
        secretName: 'desk',
        auth: { device: { id: 7 } },
        greetings: [{ event: 'join', args: '["foh", {"$bytes":"AQ=="}]', namespace: '/stage' }],
      },
      server,
    );
    expect(bridge.status().state).toBe('connected');
    expect(host.returns).toBe(1);
    expect(server.auths).toHaveLength(3);
    expect(new Set(server.auths.map((auth) => JSON.stringify(auth)))).toEqual(
      new Set([JSON.stringify({ device: { id: 7 }, token: 'geheim' })]),
    );
    await until('the greeting', () => server.heard.length === 1);
    expect(server.heard).toEqual([{ namespace: '/stage', event: 'join', args: ['foh', Buffer.of(1)] }]);
    server.io.of('/stage').to('foh').emit('cue', 3);
    server.io.of('/stage').to('nobody').emit('cue', 4);
    server.io.of('/foyer').emit('lux', 5);
    await until('both', () => host.published.length === 2);
    expect(host.published).toEqual([param('/socketio/stage/cue', 3), param('/socketio/hall/left/lux', 5)]);
    bridge.apply([param('/socketio/stage/go', 1), param('/socketio/hall/left/x', 2), param('/socketio/hall/y', 3)]);
    await until('three events', () => server.heard.length === 4);
    expect(server.heard.slice(1)).toEqual([
      { namespace: '/stage', event: 'go', args: [1] },
      { namespace: '/foyer', event: 'x', args: [2] },
      { namespace: '/', event: 'hall/y', args: [3] },
    ]);
  });

  it('[SO6] of several rules that cover an event or an address the first one holds, with templates and JSON paths', async () => {
    const { server, bridge, host } = await makeWorld({
      events: [
        { event: 'go', as: 'event' },
        { event: 'lamp/*', to: '/lamp-{1}', values: [{ path: '$.state.level', to: '/{1}/level' }] },
        { event: 'xy', values: [{ path: '$[1]', to: '/y' }] },
      ],
      emissions: [
        { from: '/lamp/*', event: 'setLamp', args: '["{1}", {value}, {"at": "{address}"}]' },
        { from: '/quiet/**', event: 'say {1}' },
      ],
    });
    for (const [name, ...args] of [
      ['other', 1],
      ['lamp/3', { state: {} }],
      ['lamp/3', { state: { level: 0.25 } }],
      ['xy', 1, 2],
      ['go', 'now'],
    ] as const)
      server.io.emit(name, ...args);
    await until('three signals', () => host.published.length === 3);
    expect(host.published).toEqual([
      param('/socketio/3/level', 0.25),
      param('/socketio/y', 2),
      event('/socketio/go', 'now'),
    ]);
    expect(bridge.status()).toMatchObject({
      refusedTotal: 1,
      reason: 'Connected to the server. Refused: lamp/3: it has no $.state.level.',
    });
    bridge.apply([param('/socketio/lamp/7', { b: Uint8Array.of(9) }), param('/socketio/quiet/a/b', 1)]);
    bridge.apply([param('/socketio/none', 1)]);
    await until('both', () => server.heard.length === 2);
    expect(server.heard.map(({ event: name, args }) => [name, args])).toEqual([
      ['setLamp', ['7', { b: Buffer.of(9) }, { at: '/lamp/7' }]],
      ['say a/b', [1]],
    ]);
    expect(bridge.status().refused?.why).toBe('no emission covers it');
  });

  it('[SO6] the last part of an address is the name of its event where that is set', async () => {
    const { server, bridge } = await makeWorld({ eventNames: 'last' });
    bridge.apply([param('/socketio/lamp/1/level', 1)]);
    await until('it', () => server.heard.length === 1);
    expect(server.heard[0]).toEqual({ namespace: '/', event: 'level', args: [1] });
  });

  it('[SO7] an emission that is acknowledged is sent again without an answer, then refused, and its answer sets a value', async () => {
    const server = await makeServer();
    let answers = 0;
    server.greet = (socket) => {
      socket.on('ask', (_value: unknown, done: (...said: unknown[]) => void) => {
        if (++answers === 3) done('taken', 3);
      });
    };
    const { bridge, host } = await makeWorld(
      {
        emissions: [
          { from: '/ask', ack: { timeoutMillis: 100, retries: 2, to: '/answer' } },
          { from: '/deaf', ack: { timeoutMillis: 50, retries: 1 } },
        ],
      },
      server,
    );
    bridge.apply([event('/socketio/ask', 1)]);
    await until('the answer', () => host.published.length === 1);
    expect(host.published).toEqual([param('/socketio/answer', ['taken', 3])]);
    expect([answers, bridge.status().outTotal, bridge.status().refusedTotal]).toEqual([3, 1, 0]);
    bridge.apply([event('/socketio/deaf', 1)]);
    await until('the end of it', () => bridge.status().refusedTotal === 1);
    expect(server.heard.filter(({ event: name }) => name === 'deaf')).toHaveLength(2);
    expect(bridge.status().refused).toEqual({ address: 'deaf', why: 'the server did not answer within 50 ms' });
  });

  it('[SO8] while the server is away acknowledged events wait in their order, of params the newest, and events and streams are past', async () => {
    const server = await makeServer();
    const { bridge } = await makeWorld(
      { direction: 'out', queueMax: 3, emissions: [{ from: '/sure/**', ack: {} }, {}] },
      Object.assign(server, { greet: answerAll }),
    );
    server.kill();
    await until('the server to go', () => bridge.status().state === 'broken');
    bridge.apply([1, 2, 3, 4, 5].map((value) => event('/socketio/sure/a', value)));
    bridge.apply([1, 2, 3].map((value) => param('/socketio/fast', value)));
    bridge.apply([event('/socketio/go', 1), { ...param('/socketio/level', 1), kind: 'stream' }]);
    expect(bridge.status().reason).toBe(
      'The server ended the connection. Flyrail keeps trying. 4 events wait for it. Refused: sure/a: too many events wait for the server.',
    );
    expect(bridge.status().refusedTotal).toBe(4);
    await server.listen();
    await until('what was kept', () => server.heard.length >= 4);
    expect(server.heard.map(({ event: name, args }) => [name, ...args])).toEqual([
      ['sure/a', 3],
      ['sure/a', 4],
      ['sure/a', 5],
      ['fast', 3],
    ]);
  });

  it('[SO37] says each param once to a server that is back: what stands takes the place of what waited', async () => {
    const server = await makeServer({});
    const { bridge, host } = await makeWorld(
      { direction: 'out', emissions: [{ from: '/sure/**', ack: {} }, {}] },
      Object.assign(server, { greet: answerAll }),
    );
    const standing = [param('/socketio/fast', 2), param('/socketio/other', 1), param('/socketio/last', 1)];
    host.returned = (how?: DeviceIsBack) => {
      bridge.apply(standing);
      how?.whole?.();
    };
    server.kill();
    await until('the server to go', () => bridge.status().state === 'broken');
    bridge.apply([event('/socketio/sure/a', 1), param('/socketio/fast', 1), param('/socketio/fast', 2)]);
    await server.listen();
    await until('all', () => server.heard.some(({ event: name }) => name === 'last'));
    expect(server.heard.map(({ event: name, args }) => [name, ...args])).toEqual([
      ['sure/a', 1],
      ['fast', 2],
      ['other', 1],
      ['last', 1],
    ]);
  });

  it('[SO8] an acknowledged event whose answer a cut took is sent again when the server is back', async () => {
    const server = await makeServer();
    const { bridge } = await makeWorld({ emissions: [{ ack: { timeoutMillis: 60_000, retries: 0 } }] }, server);
    bridge.apply([event('/socketio/go', 1)]);
    await until('it to arrive', () => server.heard.length === 1);
    server.kill();
    await until('the server to go', () => bridge.status().state === 'broken');
    server.greet = answerAll;
    await server.listen();
    await until('it to be answered', () => bridge.status().outTotal === 1);
    expect(server.heard.map(({ args }) => args)).toEqual([[1], [1]]);
  });

  it('[SO9] drops what the server sends back of what it said itself, unless that is to be taken', async () => {
    const server = await makeServer();
    server.greet = (socket) => socket.onAny((name: string, ...args: unknown[]) => server.io.emit(name, ...args));
    const { bridge, host } = await makeWorld({}, server);
    bridge.apply([param('/socketio/a', 1), param('/socketio/a', { b: Uint8Array.of(1) })]);
    await until('both to arrive', () => server.heard.length === 2);
    server.io.emit('a', 3);
    await until('the other', () => host.published.length > 0);
    expect(host.published).toEqual([param('/socketio/a', 3)]);
    const taking = await makeWorld({ echoes: 'take' }, server);
    taking.bridge.apply([param('/socketio/b', 1)]);
    await until('its own', () => taking.host.published.length > 0);
    expect(taking.host.published).toEqual([param('/socketio/b', 1)]);
  });

  it('[SO10] says in the words of the server why it is not let in, and asks again; what is refused in one namespace leaves the others', async () => {
    const server = await makeServer();
    server.refuse = (socket) => (socket.nsp.name === '/stage' ? 'token expired' : undefined);
    const { bridge, host } = await makeWorld({ namespaces: [{ name: '/' }, { name: '/stage' }] }, server);
    expect(bridge.status()).toMatchObject({
      state: 'trouble',
      reason: 'The server does not let us in /stage: token expired. Flyrail keeps trying.',
    });
    expect(host.returns).toBe(1);
    server.io.emit('here', 1);
    await until('the event', () => host.published.length === 1);
    server.refuse = () => undefined;
    await until('the other namespace', () => bridge.status().state === 'connected', 8000);
    expect(host.returns).toBe(2);
  });

  it.each([[['polling']], [['websocket']], [['polling', 'websocket']]] as const)(
    '[UI549] says in words that nobody listens there, by %s',
    async (transports) => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const bridge = new SocketioBridge(socketioSettings({ url, transports }), needs);
      try {
        await bridge.start(new RecordingHost());
        await until('the first try', () => bridge.status().state === 'broken');
        expect(bridge.status().reason).toBe('No server listens there. Flyrail keeps trying.');
      } finally {
        await bridge.stop();
      }
    },
  );

  it('[SO10] a missing secret is told, and a server that sends it away is asked again', async () => {
    const lost = new SocketioBridge(socketioSettings({ secretName: 'none' }), {
      ...needs,
      secret: () => Promise.resolve(undefined),
    });
    await expect(lost.start(new RecordingHost())).rejects.toMatchObject({ code: 'unknown-id' });
    await lost.stop();
    const { server, bridge, host } = await makeWorld();
    for (const client of server.clients) client.disconnect();
    await until('the end', () => bridge.status().state === 'broken');
    expect(bridge.status().reason).toBe('The server sent us away. Flyrail keeps trying.');
    await until('it to be back', () => bridge.status().state === 'connected', 8000);
    expect([host.returns, host.faults]).toEqual([2, []]);
  });

  it.each<['auth' | 'bearer' | 'query', (socket: { handshake: Record<string, unknown> }) => unknown]>([
    ['auth', ({ handshake }) => (handshake['auth'] as Record<string, unknown>)['token']],
    ['bearer', ({ handshake }) => (handshake['headers'] as Record<string, unknown>)['authorization']],
    ['query', ({ handshake }) => (handshake['query'] as Record<string, unknown>)['token']],
  ])('[SO5] the token goes where the server looks for it: %s', async (tokenAs, find) => {
    const server = await makeServer();
    let found: unknown;
    server.refuse = (socket) => void (found = find(socket as unknown as { handshake: Record<string, unknown> }));
    for (const transport of ['websocket', 'polling']) {
      found = undefined;
      await makeWorld({ secretName: 'desk', tokenAs, transports: [transport] }, server);
      expect(found).toBe(tokenAs === 'bearer' ? 'Bearer geheim' : 'geheim');
    }
  });

  it('[SO11] answers a server that wants to know, and refuses what its receiver would end the connection for', async () => {
    const { server, bridge } = await makeWorld({
      events: [{ event: 'x' }, { event: 'y', values: [{ path: '$.a', to: '/a' }] }],
    });
    const [client] = server.clients;
    expect(await client?.timeout(2000).emitWithAck('x', 1)).toEqual({ ok: true });
    expect(await client?.timeout(2000).emitWithAck('y', 1)).toEqual({ ok: false, message: 'it has no $.a' });
    const many = Array.from({ length: 11 }, () => Uint8Array.of(1));
    bridge.apply([param('/socketio/many', many)]);
    expect(bridge.status().refused?.why).toBe('it has more than 10 pieces of bytes');
    bridge.apply([param('/socketio/odd', { _placeholder: true, num: 0, x: Uint8Array.of(1) })]);
    expect(bridge.status().refused?.why).toBe('it has a name beside bytes that Socket.IO keeps for itself');
    bridge.apply([param('/socketio/long', 'x'.repeat(60_001))]);
    expect(bridge.status().refused?.why).toBe('it is longer than 60000 bytes');
    const small = await makeWorld({}, await makeServer({ maxHttpBufferSize: 1000 }));
    small.bridge.apply([param('/socketio/long', 'x'.repeat(2000))]);
    expect(small.bridge.status()).toMatchObject({
      state: 'connected',
      refused: { why: 'the server takes at most 1000 bytes' },
    });
  });
});

function answerAll(socket: { onAny(run: (...args: unknown[]) => void): unknown }): void {
  socket.onAny((...args) => {
    const last = args.at(-1);
    if (typeof last === 'function') (last as () => void)();
  });
}
