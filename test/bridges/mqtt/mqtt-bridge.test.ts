import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { fromJson, type Signal } from '../../../src-main/contract/signal.ts';
import { MqttBridge } from '../../../src-main/bridges/mqtt/mqtt-bridge.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { CountingClock, RecordingHost } from '../../conformance/bridge.ts';
import { describeDeviceBridge, type DeviceWorld } from '../../conformance/device-bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { mqttSettings } from '../bridge-settings.ts';
import { InProcessBroker } from './in-process-broker.ts';

const param = (address: string, value: unknown): Signal => ({
  kind: 'param',
  address: address as Address,
  value: fromJson(value),
});
const event = (address: string, value: unknown): Signal => ({ ...param(address, value), kind: 'event' });

describeDeviceBridge('MQTT', {
  prefix: '/mqtt',
  sends: param('/mqtt/lamp/1', 0.5),
  refuses: param(`/mqtt/none/${'x'.repeat(300)}`, 'x'.repeat(60_001)),
  make: async (isThere): Promise<DeviceWorld> => {
    const broker = new InProcessBroker();
    await broker.listen();
    if (!isThere) broker.kill();
    const clock = new CountingClock();
    const settings = mqttSettings({ url: `mqtt://127.0.0.1:${broker.port}`, subscriptions: [{ topic: 'heard/#' }] });
    const bridge = new MqttBridge(settings, {
      clock,
      random: createSystemRandom(),
      log: silentLog,
      networkCards: () => [],
    });
    let coming = Promise.resolve();
    let there = isThere;
    return {
      bridge,
      plugIn: () => {
        there = true;
        broker.heard.length = 0;
        coming = broker.listen();
      },
      unplug: () => {
        there = false;
        broker.kill();
      },
      // As long as it takes, and a moment more; all of it only where nothing is to happen.
      pass: async (ms) => {
        await coming;
        const isSettled = (): boolean => (bridge.status().state === 'connected') === there;
        await until('it to settle', isSettled, ms).catch(() => undefined);
        await until('a moment', () => false, 150).catch(() => undefined);
      },
      open: () => broker.sockets.size + clock.waiting,
      received: () => broker.heard.length,
      close: async () => {
        await coming;
        broker.kill();
      },
    };
  },
});

describe('a client of an MQTT broker', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function makeWorld(some: Record<string, unknown> = {}, broker = new InProcessBroker()) {
    if (broker.port === 0) {
      await broker.listen();
      ends.push(() => broker.kill());
    }
    const needs = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] };
    const bridge = new MqttBridge(mqttSettings({ url: `mqtt://127.0.0.1:${broker.port}`, ...some }), {
      ...needs,
      secret: (name) => Promise.resolve(name === 'desk' ? 'geheim' : undefined),
      routerId: 'r1',
    });
    const host = new RecordingHost();
    await bridge.start(host);
    ends.push(() => bridge.stop());
    return { broker, bridge, host };
  }
  /** Its subscriptions are asked for while it starts, and granted soon after. */
  const subscribed = async ({ broker, host }: Awaited<ReturnType<typeof makeWorld>>): Promise<void> => {
    await until('the subscription', () => {
      void broker.say('warm/up', '');
      return host.published.length > 0;
    });
    await broker.say('warm/over', '');
    await until('the last of it', () => host.published.some(({ address }) => address === '/mqtt/warm/over'));
    host.published.length = 0;
  };

  it('[MQ5] takes every topic as an address, with its value, and publishes every address as a topic', async () => {
    const world = await makeWorld();
    const { broker, bridge, host } = world;
    await subscribed(world);
    for (const [topic, payload] of [
      ['lamp/1', '0.5'],
      ['/a//b', 'ON'],
      ['a*', '{"x":[1,true]}'],
    ] as const)
      await broker.say(topic, payload);
    await broker.say('raw', Buffer.of(0xff, 0));
    await until('four signals', () => host.published.length >= 4);
    expect(host.published).toEqual([
      param('/mqtt/lamp/1', 0.5),
      param('/mqtt/%00/a/%00/b', 'ON'),
      param('/mqtt/a%2A', { x: [1, true] }),
      param('/mqtt/raw', Uint8Array.of(0xff, 0)),
    ]);
    bridge.apply([param('/mqtt/lamp/2', 1), param('/mqtt/a+b', 'x'), event('/mqtt/go', null)]);
    await until('three messages', () => broker.heard.length === 3);
    expect(broker.heard).toEqual([
      { topic: 'lamp/2', payload: '1', retain: false, qos: 0 },
      { topic: 'a%2Bb', payload: 'x', retain: false, qos: 0 },
      { topic: 'go', payload: '', retain: false, qos: 0 },
    ]);
  });

  it('[MQ11] drops what it said itself and the broker sends back, and nothing else of that topic', async () => {
    const world = await makeWorld();
    const { broker, bridge, host } = world;
    await subscribed(world);
    bridge.apply([param('/mqtt/a', 1), param('/mqtt/a', 2)]);
    await broker.say('a', '3');
    await broker.say('end', '');
    await until('the end', () => host.published.some(({ address }) => address === '/mqtt/end'));
    const heard = host.published.filter(({ address }) => address === '/mqtt/a');
    expect(heard).toEqual([param('/mqtt/a', 3)]);
  });

  it('[MQ12] tells a missing secret, and tries on where a broker refuses it', async () => {
    const bridge = new MqttBridge(mqttSettings({ secretName: 'none' }), {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
      secret: () => Promise.resolve(undefined),
    });
    await expect(bridge.start(new RecordingHost())).rejects.toMatchObject({ code: 'unknown-id' });
    await bridge.stop();
    const broker = new InProcessBroker();
    await broker.listen();
    ends.push(() => broker.kill());
    const asked: string[] = [];
    broker.broker.authenticate = (_client, user, password, done) => {
      asked.push(`${user ?? ''}:${password?.toString() ?? ''}`);
      done(null, asked.length > 1);
    };
    const world = await makeWorld({ user: 'rig', secretName: 'desk' }, broker);
    expect(world.bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringMatching(/lets this user do nothing there\. Flyrail keeps trying\.$/) as string,
    });
    await until('the second try', () => world.bridge.status().state === 'connected');
    expect(asked).toEqual(['rig:geheim', 'rig:geheim']);
  });

  it('[MQ13] keeps QoS 1 and 2 in their order while the broker is away, and of QoS 0 the newest of each topic', async () => {
    const { broker, bridge } = await makeWorld({
      direction: 'out',
      queueMax: 3,
      publications: [{ from: '/sure/**', qos: 1 }, {}],
    });
    broker.kill();
    await until('the broker to go', () => bridge.status().state === 'broken');
    bridge.apply([1, 2, 3, 4, 5].map((value) => param('/mqtt/sure/a', value)));
    bridge.apply([1, 2, 3].map((value) => param('/mqtt/fast', value)));
    expect(bridge.status().reason).toBe(
      'The broker ended the connection. Flyrail keeps trying. 4 messages wait for it. Refused: sure/a: too many messages wait for the broker.',
    );
    expect(bridge.status().refusedTotal).toBe(2);
    await broker.listen();
    await until('what was kept', () => broker.heard.length >= 4);
    expect(broker.heard.filter(({ topic }) => topic === 'sure/a').map(({ payload }) => payload)).toEqual([
      '3',
      '4',
      '5',
    ]);
    expect(broker.heard.filter(({ topic }) => topic === 'fast').map(({ payload }) => payload)).toEqual(['3']);
  });

  it('[MQ15] says that it is there, and that it goes, also when it goes in order', async () => {
    const notice = (payload: string) => ({ topic: 'show/flyrail', payload, retain: true, qos: 1 });
    const { broker, bridge } = await makeWorld({ will: notice('gone'), birth: notice('here'), subscriptions: [] });
    await until('the birth message', () => broker.heard.length === 1);
    await bridge.stop();
    expect(broker.heard.map(({ payload, retain, qos }) => [payload, retain, qos])).toEqual([
      ['here', true, 1],
      ['gone', true, 1],
    ]);
    const { bridge: second } = await makeWorld({ will: notice('gone'), subscriptions: [] }, broker);
    expect(second.status().state).toBe('connected');
    for (const socket of broker.sockets) socket.destroy();
    await until('the will', () => broker.heard.filter(({ payload }) => payload === 'gone').length >= 1);
  });
});
