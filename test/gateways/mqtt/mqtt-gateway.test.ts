import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { connect, connectAsync, type IClientOptions } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePattern, type Address, type Pattern } from '../../../src-main/contract/address.ts';
import { f64, nullValue, text, type Signal } from '../../../src-main/contract/signal.ts';
import { patternOfFilter } from '../../../src-main/gateways/mqtt/filter-pattern.ts';
import { connectionLimits, type MqttGateway } from '../../../src-main/gateways/mqtt/mqtt-gateway.ts';
import { packetBytesMax } from '../../../src-main/gateways/mqtt/mqtt-broker.ts';
import { filtersMax } from '../../../src-main/gateways/mqtt/mqtt-guest.ts';
import { describeGateway } from '../../conformance/gateway.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { param } from '../../json-signals.ts';
import { until } from '../../until.ts';
import { RawMqtt } from './raw-mqtt.ts';
import { joinDoor, newRouter, openAt, world } from './door-hall.ts';

describeGateway('MQTT', {
  open: (port) => openAt(newRouter(), { port }),
  answers: async (url) => {
    const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000 });
    await client.endAsync(true);
    return true;
  },
});

/** Why the door does not let it in: CONNACK's return code. */
async function refusalOf(gateway: MqttGateway, options: IClientOptions = {}): Promise<unknown> {
  const client = connect(gateway.url, { reconnectPeriod: 0, ...options });
  const error = await new Promise<Error>((resolve) => client.on('error', resolve));
  client.end(true);
  return (error as { readonly code?: unknown }).code;
}

describe('MQTT clients in the router', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function open(some: Parameters<typeof openAt>[1] = {}, router = newRouter()) {
    const gateway = await openAt(router, some);
    ends.push(() => gateway.stop());
    const heard: Signal[] = [];
    router
      .openLocal('test')
      .subscribe(parsePattern('/**'), (deliveries) => heard.push(...deliveries.map(({ signal }) => signal)));
    const local = router.openLocal('desk');
    return { gateway, router, heard, local };
  }

  async function join(gateway: MqttGateway, options: IClientOptions = {}) {
    const joined = await joinDoor(gateway.url, options);
    ends.push(() => joined.client.endAsync(true));
    return joined;
  }

  it.each<[string, string, string]>([
    ['', 'a/b', '/a/b'],
    ['', '+/x/#', '/*/x/**'],
    ['', '#', '/**'],
    ['/mqtt', 'a/#', '/mqtt/a/**'],
    ['', '/a*', '/%00/a%2A'],
  ])('[MQ18] the filter %j %j is the pattern %j', (prefix, filter, pattern) => {
    expect(patternOfFilter(prefix, filter)).toBe(pattern as Pattern);
  });

  it.each([0, 1, 2] as const)(
    '[MQ19] a PUBLISH of QoS %d sets the param, and is answered when the router has it',
    async (qos) => {
      const { gateway, router, heard } = await open();
      const { client } = await join(gateway);
      await client.publishAsync('lamp/1', '0.5', { qos });
      await until('the param', () => router.get('/lamp/1' as Address) !== undefined);
      expect(router.get('/lamp/1' as Address)).toEqual(f64(0.5));
      await client.publishAsync('lamp/1', '', { qos: 1, retain: true });
      expect(router.get('/lamp/1' as Address)).toEqual(nullValue);
      expect(heard[0]).toMatchObject({ kind: 'param', address: '/lamp/1' });
    },
  );

  it('[MQ20] what stands comes as retained messages, then what changes, until UNSUBSCRIBE', async () => {
    const { gateway, local } = await open();
    local.publish([param('/lamp/1', 1), param('/lamp/2', 'ON'), param('/other', 1), param('/$x', 1)]);
    const { client, got } = await join(gateway);
    await client.subscribeAsync('lamp/+', { qos: 1 });
    await until('what stands', () => got.length === 2);
    expect(got.toSorted()).toEqual([
      ['lamp/1', '1', true, 1],
      ['lamp/2', 'ON', true, 1],
    ]);
    local.publish([param('/lamp/1', { x: [2] }), { kind: 'event', address: '/lamp/go' as Address, value: text('!') }]);
    await until('changes', () => got.length === 4);
    expect(got.slice(2)).toEqual([
      ['lamp/1', '{"x":[2]}', false, 1],
      ['lamp/go', '!', false, 1],
    ]);
    await client.unsubscribeAsync('lamp/+');
    await client.subscribeAsync('other');
    await until('the other', () => got.length === 5);
    local.publish([param('/lamp/1', 3), param('/other', 2)]);
    await until('its change', () => got.length === 6);
    expect(got.slice(4).map(([topic]) => topic)).toEqual(['other', 'other']);
    await client.subscribeAsync('#');
    await until('all', () => got.length >= 9);
    expect(got.some(([topic]) => topic.startsWith('$'))).toBe(false);
  });

  it('[MQ21] messages that are not retained happen once where the way in says so, and its prefix holds', async () => {
    const { gateway, heard, router } = await open({ prefix: '/mqtt', plain: 'event' });
    const { client } = await join(gateway);
    await client.publishAsync('go', '1', { qos: 1 });
    await client.publishAsync('stay', '1', { qos: 1, retain: true });
    await until('both', () => heard.length === 2);
    expect(heard).toMatchObject([
      { kind: 'event', address: '/mqtt/go' },
      { kind: 'param', address: '/mqtt/stay' },
    ]);
    expect(router.get('/mqtt/go' as Address)).toBeUndefined();
  });

  it('[MQ22] a token is the password; scopes, refusals and its end hold as for CLASP sessions', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('desk', 'write:/lamp/**,read:/lamp/**');
    router.guard.askForTokens(tokens);
    const { gateway } = await open({}, router);
    expect(await refusalOf(gateway, { username: 'x', password: 'wrong' })).toBe(4);
    expect(await refusalOf(gateway)).toBe(5);
    const { client } = await join(gateway, { username: 'anyone', password: 'desk' });
    await client.publishAsync('lamp/1', '1', { qos: 1 });
    await client.publishAsync('secret', '1', { qos: 1 });
    expect(router.get('/lamp/1' as Address)).toEqual(f64(1));
    expect(router.get('/secret' as Address)).toBeUndefined();
    expect(gateway.refused()).toMatchObject({ messages: 1 });
    await expect(client.subscribeAsync('secret')).rejects.toThrow();
    expect(gateway.refused()).toMatchObject({ messages: 1, subscriptions: 1 });
    const closed = new Promise<void>((resolve) => client.on('close', resolve));
    tokens.revoke('desk');
    await closed;
    await until('the session to end', () => [...router.sessions()].length === 0);
  });

  it('[MQ23] a will is published when a client goes without a word, and not when it says goodbye', async () => {
    const { gateway, router } = await open();
    const will = { topic: 'gone', payload: Buffer.from('yes'), qos: 1, retain: true } as const;
    const polite = await join(gateway, { will });
    await polite.client.endAsync();
    const rude = await join(gateway, { will: { ...will, topic: 'rude' } });
    rude.client.stream.destroy();
    await until('the will', () => router.get('/rude' as Address) !== undefined);
    expect(router.get('/rude' as Address)).toEqual(text('yes'));
    expect(router.get('/gone' as Address)).toBeUndefined();
    await until('both to be gone', () => [...router.sessions()].length === 0);
  });

  it('[MQ24] filters, packets and names of others are bounded', async () => {
    const { gateway, router } = await open();
    const { client } = await join(gateway, { clientId: 'same' });
    const filters = Object.fromEntries(Array.from({ length: filtersMax + 1 }, (_, i) => [`f/${i}`, { qos: 0 }]));
    const granted = await client.subscribeAsync(filters as never).catch((error: unknown) => error);
    expect(JSON.stringify(granted)).toContain('128');
    const tokenOfOther = await join(gateway, { clientId: 'same', username: 'x', password: 'another' });
    expect([client.connected, tokenOfOther.client.connected]).toEqual([true, true]);
    const { port } = new URL(gateway.url);
    const hostile = connectSocket(Number(port), '127.0.0.1');
    hostile.on('error', () => undefined);
    hostile.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
    const flood = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent <= packetBytesMax * 2; sent += flood.length) hostile.write(flood);
    await until('the flood to be cut', () => hostile.destroyed || hostile.readableEnded || hostile.closed);
    expect(gateway.refused()).toMatchObject({
      packets: expect.any(Number) as number,
      subscriptions: expect.any(Number) as number,
    });
    await client.publishAsync('still', '1', { qos: 1 });
    expect(router.get('/still' as Address)).toEqual(f64(1));
  });

  it('[MQ47] nobody takes the places of all: so many connections of one machine, whatever they say', async () => {
    const { gateway } = await open();
    const { port } = new URL(gateway.url);
    const { connectionsPerSource } = connectionLimits;
    const silent = Array.from({ length: connectionsPerSource + 5 }, () => connectSocket(Number(port), '127.0.0.1'));
    ends.push(() => silent.forEach((socket) => socket.destroy()));
    for (const socket of silent) socket.on('error', () => undefined).resume();
    await until('those that are too many to be cut', () => gateway.refused()['connections'] === 5);
    const other = connectSocket({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.2' });
    ends.push(() => other.destroy());
    other.write(Buffer.from([0x10, 13, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 60, 0, 1, 97]));
    const [answer] = (await once(other, 'data')) as [Buffer];
    expect([...answer]).toEqual([0x20, 2, 0, 0]);
  });

  it('[MQ32] a client of MQTT 5 is told that 3.1.1 is spoken', async () => {
    const { gateway } = await open();
    expect(await refusalOf(gateway, { protocolVersion: 5 })).toBe(1);
    const raw = await RawMqtt.dial(gateway.url);
    // [MQTT 3.1.1, 3.1.2-2] in the form of 3.1.1, without properties
    expect(await raw.greet('five', { level: 5 })).toEqual({ isResumed: false, code: 1, length: 2 });
    await until('it to be closed', () => raw.socket.destroyed);
    expect(gateway.refused()).toEqual({ version: 2 });
  });

  it('[MQ25] random frames harm nobody', async () => {
    const { gateway, router } = await open();
    const { client } = await join(gateway);
    const seed = world.random.fraction();
    let state = seed * 2 ** 31;
    const byte = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % 256;
    const { port } = new URL(gateway.url);
    const connectPacket = Buffer.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 0]);
    for (let i = 0; i < 200; i++) {
      const socket = connectSocket(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      if (i % 2 === 0) socket.write(connectPacket);
      socket.end(Buffer.from(Array.from({ length: 40 }, byte)));
      socket.resume();
      if (i % 20 === 0) await once(socket, 'close');
    }
    await client.publishAsync('after', '1', { qos: 1 });
    expect(router.get('/after' as Address), `seed ${seed}`).toEqual(f64(1));
  });
});
