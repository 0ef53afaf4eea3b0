import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import type { Router } from '../../../src-main/core/router/router.ts';
import { packetBytesMax } from '../../../src-main/gateways/mqtt/mqtt-broker.ts';
import { createMqttWebService } from '../../../src-main/gateways/mqtt/mqtt-web-service.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { event, param } from '../../json-signals.ts';
import { until } from '../../until.ts';
import { openWebDoor } from '../web/web-rig.ts';
import { joinDoor, newRouter } from './door-hall.ts';

describe('MQTT over WebSocket at a web door', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function open(some: Partial<Parameters<typeof openWebDoor>[1]> = {}, router: Router = newRouter()) {
    const gateway = await openWebDoor(router, { services: [createMqttWebService('1.2.3')], ...some });
    ends.push(() => gateway.stop());
    return { gateway, router, local: router.openLocal('desk'), url: `${gateway.url.replace('http', 'ws')}/mqtt` };
  }

  async function join(url: string, options: Parameters<typeof joinDoor>[1] = {}) {
    const joined = await joinDoor(url, options);
    ends.push(() => joined.client.endAsync(true));
    return joined;
  }

  it('[MQ33] carries every QoS, what stands, wills and kept sessions under the prefix of the door', async () => {
    const { url, router, local } = await open({ prefix: '/web' });
    local.publish([param('/web/lamp/1', 1)]);
    const kept = { clean: false, clientId: 'page' };
    const first = await join(url, {
      ...kept,
      will: { topic: 'gone', payload: Buffer.from('1'), qos: 1, retain: false },
    });
    await first.client.subscribeAsync('lamp/#', { qos: 2 });
    await until('what stands', () => first.got.length === 1);
    for (const qos of [0, 1, 2] as const) await first.client.publishAsync(`level/${qos}`, String(qos), { qos });
    await until('the levels', () => router.get('/web/level/0' as Address) !== undefined);
    expect([1, 2].map((qos) => router.get(`/web/level/${qos}` as Address))).toEqual([f64(1), f64(2)]);
    first.client.stream.destroy();
    await until('the will', () => router.get('/web/gone' as Address) !== undefined);
    local.publish([event('/web/lamp/go', 1), event('/web/lamp/go', 2)]);
    const again = await join(url, kept);
    await until('what it missed', () => again.got.length === 2);
    expect(again.got).toEqual([
      ['lamp/go', '1', false, 2],
      ['lamp/go', '2', false, 2],
    ]);
  });

  it('[MQ33] carries large messages to a client that reads slowly', async () => {
    const { url, local } = await open();
    const large = 'x'.repeat(50_000);
    for (let i = 0; i < 40; i++) local.publish([param(`/large/${i}`, large)]);
    const { client, got } = await join(url);
    await client.subscribeAsync('large/+', { qos: 1 });
    await until('all of them', () => got.length === 40);
    expect(got.every(([, payload]) => payload === large)).toBe(true);
  });

  it('[MQ33] the password is the token there too', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('desk', 'write:/lamp/**,read:/lamp/**');
    router.guard.askForTokens(tokens);
    const { url } = await open({}, router);
    // A token of the request is none of MQTT: a session is known by what CONNECT shows.
    const wsOptions = { headers: { authorization: 'Bearer desk' } };
    await expect(joinDoor(url, { wsOptions })).rejects.toMatchObject({ code: 5 });
    const { client } = await join(url, { username: 'x', password: 'desk' });
    await client.publishAsync('lamp/1', '1', { qos: 1 });
    expect(router.get('/lamp/1' as Address)).toEqual(f64(1));
    tokens.revoke('desk');
    await until('it to be sent away', () => !client.connected);
  });

  it('[MQ34] what speaks no MQTT there is refused, counted and closed', async () => {
    const { gateway, url } = await open();
    const refusal = async (dial: string, offered: string[]): Promise<string> => {
      const socket = new WebSocket(dial, offered);
      const [error] = (await once(socket, 'error')) as [Error];
      return error.message;
    };
    expect(await refusal(url, [])).toContain('400');
    expect(await refusal(url, ['chat'])).toContain('400');
    expect(await refusal(`${url}/x`, ['mqtt'])).toContain('404');
    expect(await closeCode(url, 'words')).toBe(1003);
    expect(await closeCode(url, Buffer.alloc(packetBytesMax + 1))).toBe(1009);
    const old = new WebSocket(url, ['mqttv3.1', 'other']);
    await once(old, 'open');
    expect(old.protocol).toBe('mqttv3.1');
    const from = performance.now();
    await gateway.stop();
    expect(performance.now() - from).toBeLessThan(1000);
    await until('it to be closed', () => old.readyState === WebSocket.CLOSED);
    expect(gateway.refused()).toMatchObject({ protocol: 2, path: 1 });
  });

  async function closeCode(url: string, data: string | Buffer): Promise<number> {
    const socket = new WebSocket(url, ['mqtt']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('mqtt');
    socket.send(data);
    const [code] = (await once(socket, 'close')) as [number];
    return code;
  }
});
