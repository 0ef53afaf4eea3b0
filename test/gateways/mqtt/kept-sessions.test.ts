import type { IClientOptions } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePattern, type Address } from '../../../src-main/contract/address.ts';
import { f64, text, type Signal } from '../../../src-main/contract/signal.ts';
import { awayFor, awayMax } from '../../../src-main/gateways/mqtt/kept-guests.ts';
import type { MqttGateway } from '../../../src-main/gateways/mqtt/mqtt-gateway.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { event, param } from '../../json-signals.ts';
import { until } from '../../until.ts';
import { joinDoor, newRouter, openAt } from './door-hall.ts';
import { RawMqtt, u16 } from './raw-mqtt.ts';

const packet = { puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7, suback: 9 } as const;

describe('sessions of MQTT clients that are kept', () => {
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
    const sessions = (): number => [...router.sessions()].length;
    return { gateway, router, heard, sessions, local: router.openLocal('desk') };
  }

  async function join(gateway: MqttGateway, options: IClientOptions = {}) {
    const joined = await joinDoor(gateway.url, { clean: false, clientId: 'kept', ...options });
    ends.push(() => joined.client.endAsync(true));
    return joined;
  }

  async function dial(gateway: MqttGateway): Promise<RawMqtt> {
    const raw = await RawMqtt.dial(gateway.url);
    ends.push(() => raw.cut());
    return raw;
  }

  it('[MQ27] brings all of QoS 1 and 2 that a client missed, in its order, and of QoS 0 the newest values', async () => {
    const { gateway, local, sessions } = await open();
    local.publish([param('/lamp/0', 0)]);
    const first = await join(gateway);
    expect(
      await first.client.subscribeAsync({ 'lamp/#': { qos: 1 }, 'cue/+': { qos: 2 }, 'low/#': { qos: 0 } }),
    ).toHaveLength(3);
    await until('what stands', () => first.got.length === 1);
    await first.client.endAsync();
    local.publish([
      param('/lamp/1', 1),
      event('/cue/go', 7),
      param('/lamp/1', 2),
      param('/low/a', 1),
      param('/low/a', 2),
    ]);
    local.publish([event('/low/gone', 1), event('/cue/go', 8), param('/lamp/2', 'x')]);
    expect(sessions()).toBe(1);
    const again = await join(gateway);
    await until('all of it', () => again.got.length === 6);
    // MQTT.js tells of QoS 2 when PUBREL is there.
    expect(again.got.filter(([, , , qos]) => qos === 1)).toEqual([
      ['lamp/1', '1', false, 1],
      ['lamp/1', '2', false, 1],
      ['lamp/2', 'x', false, 1],
    ]);
    expect(again.got.filter(([, , , qos]) => qos === 2)).toEqual([
      ['cue/go', '7', false, 2],
      ['cue/go', '8', false, 2],
    ]);
    expect(again.got.filter(([, , , qos]) => qos === 0)).toEqual([['low/a', '2', false, 0]]);
    local.publish([param('/lamp/1', 3)]);
    await until('what changes now', () => again.got.length === 7);
    expect(sessions()).toBe(1);
  });

  it('[MQ27] CONNACK says whether the session was there; one that begins anew leaves nothing of it', async () => {
    const { gateway, local } = await open();
    const greet = async (clean: boolean): Promise<boolean> => {
      const raw = await dial(gateway);
      const { isResumed } = await raw.greet('kept', { clean });
      if (!clean) raw.subscribe(1, 'lamp', 1);
      if (!clean) await raw.next(packet.suback);
      await raw.cut();
      return isResumed;
    };
    expect([await greet(false), await greet(false), await greet(true)]).toEqual([false, true, false]);
    local.publish([param('/lamp', 1)]);
    const raw = await dial(gateway);
    expect(await raw.greet('kept')).toMatchObject({ isResumed: false, code: 0 });
    raw.subscribe(1, 'other', 1);
    await raw.next(packet.suback);
    expect(raw.got).toEqual([]);
    // A session without a filter is one too.
    const empty = await dial(gateway);
    await empty.greet('empty');
    await empty.cut();
    expect((await (await dial(gateway)).greet('empty')).isResumed).toBe(true);
    expect(await (await dial(gateway)).greet('')).toMatchObject({ code: 2 });
  });

  it('[MQ28] what a client sends again in QoS 2, over the same connection or the next one, is taken once', async () => {
    const { gateway, heard } = await open({ plain: 'event' });
    const first = await dial(gateway);
    await first.greet('sender');
    first.publish(5, 'cue', { payload: '1' });
    await first.next(packet.pubrec);
    first.publish(5, 'cue', { payload: '1', dup: true });
    await first.next(packet.pubrec);
    await first.cut();
    const second = await dial(gateway);
    expect((await second.greet('sender')).isResumed).toBe(true);
    second.publish(5, 'cue', { payload: '1', dup: true });
    await second.next(packet.pubrec);
    second.say(0x62, u16(5));
    await second.next(packet.pubcomp);
    second.say(0x62, u16(5));
    await second.next(packet.pubcomp);
    expect(heard).toHaveLength(1);
    second.publish(5, 'cue', { payload: '2' });
    await second.next(packet.pubrec);
    expect(heard.map(({ value }) => value)).toEqual([f64(1), f64(2)]);
  });

  it('[MQ28] what a client has not answered comes again: PUBLISH marked as such, or PUBREL alone', async () => {
    const { gateway, local } = await open();
    const first = await dial(gateway);
    await first.greet('reader');
    first.subscribe(1, 'cue/#', 2);
    await first.next(packet.suback);
    local.publish([event('/cue/a', 1), event('/cue/b', 2), event('/cue/c', 3)]);
    const [a, b, c] = [await first.message(), await first.message(), await first.message()];
    expect(new Set([a.id, b.id, c.id]).size).toBe(3);
    first.say(0x50, u16(a.id));
    await first.next(packet.pubrel);
    first.say(0x50, u16(b.id));
    await first.next(packet.pubrel);
    first.say(0x70, u16(b.id));
    await first.cut();
    const second = await dial(gateway);
    await second.greet('reader');
    expect((await second.next(packet.pubrel)).body.readUInt16BE(0)).toBe(a.id);
    expect(await second.message()).toMatchObject({ topic: 'cue/c', id: c.id, qos: 2, isAgain: true });
    second.say(0x70, u16(a.id));
    second.say(0x50, u16(c.id));
    await second.next(packet.pubrel);
    second.say(0x70, u16(c.id));
    local.publish([event('/cue/d', 4)]);
    expect(await second.message()).toMatchObject({ topic: 'cue/d', payload: '4', isAgain: false });
    expect(second.got).toEqual([]);
  });

  it('[MQ28] a second connection with the same id takes over, and the first one is closed', async () => {
    const { gateway, local, sessions } = await open();
    const first = await dial(gateway);
    await first.greet('same');
    first.subscribe(1, 'cue/#', 1);
    await first.next(packet.suback);
    const second = await dial(gateway);
    expect((await second.greet('same')).isResumed).toBe(true);
    await until('the first to be closed', () => first.socket.destroyed);
    local.publish([event('/cue/go', 1)]);
    expect(await second.message()).toMatchObject({ topic: 'cue/go' });
    expect(sessions()).toBe(1);
    const third = await dial(gateway);
    expect((await third.greet('same', { clean: true })).isResumed).toBe(false);
    await until('the second to be closed', () => second.socket.destroyed);
    await until('its session to end', () => sessions() === 1);
  });

  it('[MQ29] a session that is kept ends when its token is revoked, and is for nobody with another token', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    for (const token of ['one', 'two']) tokens.give(token, 'write:/**,read:/**');
    router.guard.askForTokens(tokens);
    const { gateway, local, sessions } = await open({}, router);
    const login = (password: string): IClientOptions => ({ username: 'x', password });
    const first = await join(gateway, login('one'));
    await first.client.subscribeAsync('lamp', { qos: 1 });
    await first.client.endAsync();
    local.publish([param('/lamp', 1)]);
    const other = await join(gateway, login('two'));
    await other.client.subscribeAsync('none', { qos: 1 });
    await other.client.endAsync();
    expect([other.got, sessions()]).toEqual([[], 2]);
    tokens.revoke('one');
    await until('its session to end', () => sessions() === 1);
    tokens.give('one', 'write:/**,read:/**');
    const again = await join(gateway, login('one'));
    await again.client.subscribeAsync('none', { qos: 1 });
    expect(again.got).toEqual([]);
  });

  it('[MQ29] only so many sessions of clients that are away are kept', async () => {
    const { gateway, sessions } = await open();
    for (let i = 0; i <= awayMax; i++) {
      const raw = await dial(gateway);
      await raw.greet(`client ${i}`);
      await raw.cut();
    }
    await until('the first to be forgotten', () => sessions() === awayMax);
    expect((await (await dial(gateway)).greet('client 0')).isResumed).toBe(false);
    expect((await (await dial(gateway)).greet('client 9')).isResumed).toBe(true);
    expect(awayFor).toBe(24 * 3_600_000);
  });

  it('[MQ23] a will is published when a client falls silent or its network breaks, whatever it has subscribed to', async () => {
    const { gateway, router } = await open();
    const silent = await dial(gateway);
    await silent.greet('silent', { keepAlive: 1, will: 'silent', clean: true });
    silent.subscribe(1, 'a/#', 1);
    const broken = await dial(gateway);
    await broken.greet('broken', { will: 'broken', clean: true });
    broken.subscribe(1, 'a/#', 1);
    await broken.next(packet.suback);
    broken.socket.resetAndDestroy();
    for (const address of ['/broken', '/silent'] as Address[]) {
      await until(`the will at ${address}`, () => router.get(address) !== undefined);
      expect(router.get(address)).toEqual(text('gone'));
    }
  });
});
