import { duplexPair, type Duplex } from 'node:stream';
import { MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { GivenSignals } from '../../../src-main/bridges/mqtt/given-signals.ts';
import { TakenTopics } from '../../../src-main/bridges/mqtt/taken-topics.ts';
import { parsePattern, type Address } from '../../../src-main/contract/address.ts';
import { f64, fromJson, text, toJson, type Value } from '../../../src-main/contract/signal.ts';
import { createAdmit } from '../../../src-main/engine/foreign-clients.ts';
import { MqttBroker } from '../../../src-main/gateways/mqtt/mqtt-broker.ts';
import captured from '../../fixtures/captures/mqtt.json' with { type: 'json' };
import { newRouter, param, world } from '../../gateways/mqtt/door-hall.ts';
import { until } from '../../until.ts';
import { mqttSettings } from '../bridge-settings.ts';

type Name = keyof typeof captured;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** What is said on one end of a stream, in hexadecimal. */
function listen(stream: Duplex): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('hex');
}

/** The library's client on a stream, with a broker that says what was recorded. */
async function joinRecorded(version: 4 | 5, greeting: string) {
  const [near, far] = duplexPair();
  const said = listen(far);
  const client = new MqttClient(() => near, {
    protocolVersion: version,
    reconnectPeriod: 0,
    keepalive: 60,
    clientId: 'desk',
  });
  closers.push(() => client.endAsync(true));
  await until('CONNECT', () => said() !== '');
  far.write(Buffer.from(greeting, 'hex'));
  await until('the connection', () => client.connected);
  return { client, far, said };
}

describe('messages of mosquitto', () => {
  const { settings } = mqttSettings({ subscriptions: [{ topic: '#', numbers: 'written' }] });
  const zoe: Value = {
    type: 'map',
    value: [
      ['r', { type: 'i32', value: 255 }] as const,
      ['on', fromJson(true)] as const,
      ['name', text('Zoë')] as const,
    ],
  };

  it.each<[name: Name, at: number, topic: string, value: Value, kind: string]>([
    ['mosquitto-publish', 1, 'stage/lamp/1', f64(0.75), 'event'],
    ['mosquitto-publish-retained', 1, 'stage/Zoë/colour', zoe, 'param'],
    ['mosquitto-publish-bytes', 1, 'stage/raw', { type: 'bytes', value: Uint8Array.of(0, 255, 16) }, 'event'],
    ['mosquitto-publish-5', 1, 'stage/cue', text('GO'), 'event'],
    ['mosquitto-subscribe-answers', 2, 'stage/Zoë/colour', zoe, 'param'],
    ['mosquitto-subscribe-5-answers', 2, 'stage/Zoë/colour', zoe, 'param'],
  ])('[MQ48] are read as what was published: %s', async (name, at, topic, value, kind) => {
    const isFive = name.includes('-5');
    const greeting = captured[isFive ? 'mosquitto-publish-5-answers' : 'mosquitto-publish-answers'][0] ?? '';
    const { client, far } = await joinRecorded(isFive ? 5 : 4, greeting);
    const rules = new TakenTopics(
      settings.prefix,
      settings.subscriptions.map((each) => ({ ...each, plain: 'event' })),
    );
    const taken: unknown[] = [];
    client.on('message', (heard, payload, { retain }) => {
      taken.push(heard, rules.take({ topic: heard, payload, retained: retain }));
    });
    far.write(Buffer.from(captured[name][at] ?? '', 'hex'));
    // [MQTT 3.1.1, 4.3.3] What is of QoS 2 is told once it is released.
    const released = captured[name].find((packet) => packet.startsWith('62'));
    if (released) far.write(Buffer.from(released, 'hex'));
    await until('the message', () => taken.length > 0);
    expect(taken).toEqual([topic, [{ kind, address: `/mqtt/${topic}`, value }]]);
  });

  it('[MQ48] leave here with the same bytes', async () => {
    const publications = [
      { from: '/stage/*/colour', qos: 1, retain: true },
      { from: '/**', qos: 0, retain: false },
    ];
    const given = new GivenSignals('/mqtt', mqttSettings({ publications }).settings.publications);
    const { client, said } = await joinRecorded(4, captured['mosquitto-publish-answers'][0] ?? '');
    const before = said().length;
    const raw: Value = { type: 'bytes', value: Uint8Array.of(0, 255, 16) };
    const values = { '/stage/lamp/1': f64(0.75), '/stage/Zoë/colour': zoe, '/stage/raw': raw };
    for (const [path, value] of Object.entries(values)) {
      const message = given.give({ kind: 'param', address: `/mqtt${path}` as Address, value });
      if (typeof message === 'string') return expect.fail(message);
      const { topic, payload, qos, retain } = message;
      client.publish(topic, payload, { qos, retain });
    }
    const [lamp, colour, bytes] = ['publish', 'publish-retained', 'publish-bytes'].map(
      (name) => captured[`mosquitto-${name}` as Name][1] ?? '',
    );
    await until('all of it', () => said().length >= before + `${lamp}${colour}${bytes}`.length);
    // The id is the library's to choose.
    expect(said().slice(before)).toMatch(new RegExp(`^${lamp}${colour?.replace('7200017b', '72....7b')}${bytes}$`));
  });
});

describe('the MQTT door', () => {
  async function openDoor() {
    const router = newRouter();
    const broker = new MqttBroker({ ...world, prefix: '', plain: 'event', version: '1.2.3' });
    closers.push(() => broker.stop());
    await broker.open();
    const admit = createAdmit((connection) => router.accept(connection), world);
    const session = await admit({ from: 'test', name: 'test', token: undefined });
    const heard: unknown[] = [];
    await session.subscribe(parsePattern('/**'), ({ kind, address, value }) =>
      heard.push([kind, address, toJson(value)]),
    );
    const [near, far] = duplexPair();
    broker.handle(near, (who) => admit({ from: 'test', ...who }));
    return { session, heard, far, said: listen(far) };
  }

  /** Says what a program said, each packet once those before it were answered. */
  async function replay(far: Duplex, said: () => string, name: Name): Promise<void> {
    const answers = captured[`${name}-answers` as Name].filter((packet) => !packet.startsWith('3'));
    let expected = '';
    for (const packet of captured[name]) {
      far.write(Buffer.from(packet, 'hex'));
      if (!/^(10|32|82)/.test(packet)) continue;
      expected += answers.shift() ?? '';
      await until(`the answer to ${packet.slice(0, 4)}`, () => said().length >= expected.length);
      expect(said()).toBe(expected);
    }
  }

  it.each<[Name, unknown]>([
    ['mosquitto-publish', ['event', '/stage/lamp/1', 0.75]],
    ['mosquitto-publish-retained', ['param', '/stage/Zoë/colour', { r: 255, on: true, name: 'Zoë' }]],
    ['mosquitto-publish-bytes', ['event', '/stage/raw', [0, 255, 16]]],
    ['mosquitto-will', ['event', '/box/state', 'here']],
  ])('[MQ48] answers mosquitto_pub as mosquitto did, and has what it published: %s', async (name, signal) => {
    const { heard, far, said } = await openDoor();
    await replay(far, said, name);
    await until('the message', () => heard.length > 0);
    expect(heard).toEqual([signal]);
  });

  it('[MQ48] answers mosquitto_sub as mosquitto did, and gives what stands by the same packet', async () => {
    const { session, far, said } = await openDoor();
    const colour = param('/stage/Zoë/colour', { r: 255, on: true, name: 'Zoë' });
    if (colour.kind === 'param') await session.publish(colour);
    const [connect = '', subscribe = ''] = captured['mosquitto-subscribe'];
    for (const packet of [connect, subscribe]) {
      far.write(Buffer.from(packet, 'hex'));
      await until('an answer', () => said().length > (packet === connect ? 0 : 8));
    }
    const [greeting = '', granted = '', message = ''] = captured['mosquitto-subscribe-answers'];
    await until('what stands', () => said().length >= `${greeting}${granted}${message}`.length);
    // [MQTT 3.1.1, 3.8.4] What stands may come before SUBACK.
    expect([`${greeting}${granted}${message}`, `${greeting}${message}${granted}`]).toContain(said());
  });

  it.each(['mosquitto-publish-5', 'mosquitto-subscribe-5'] as const)(
    '[MQ32] tells a program of version 5 that 3.1.1 is spoken: %s',
    async (name) => {
      const { heard, far, said } = await openDoor();
      far.write(Buffer.from(captured[name].join(''), 'hex'));
      await until('an answer', () => said() !== '');
      expect([said(), heard]).toEqual(['20020001', []]);
    },
  );
});
