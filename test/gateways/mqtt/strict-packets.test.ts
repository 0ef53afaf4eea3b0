import { afterEach, describe, expect, it } from 'vitest';
import type { MqttGateway } from '../../../src-main/gateways/mqtt/mqtt-gateway.ts';
import { until } from '../../until.ts';
import { joinDoor, newRouter, openAt } from './door-hall.ts';
import { RawMqtt, u16 } from './raw-mqtt.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A text of MQTT, whatever its bytes are. */
const text = (...bytes: number[]): Buffer => Buffer.concat([u16(bytes.length), Buffer.from(bytes)]);
const topic = text(0x61);
const noTexts: readonly (readonly [string, Buffer])[] = [
  ['NUL', text(0x61, 0x00, 0x62)],
  ['a byte that begins nothing', text(0x61, 0xff)],
  ['half a letter', text(0xe2, 0x82)],
  ['a letter written too long', text(0xc0, 0xaf)],
  ['half of a surrogate pair', text(0xed, 0xa0, 0x80)],
];
const nothing = u16(0);

describe('what breaks MQTT 3.1.1 at the door', () => {
  async function open(): Promise<{ readonly gateway: MqttGateway; readonly addresses: () => number }> {
    const router = newRouter();
    const gateway = await openAt(router);
    ends.push(() => gateway.stop());
    let heard = 0;
    router.tap(() => heard++);
    return { gateway, addresses: () => heard };
  }

  async function greeted(gateway: MqttGateway): Promise<RawMqtt> {
    const raw = await RawMqtt.dial(gateway.url);
    ends.push(() => raw.cut());
    expect(await raw.greet('raw', { clean: true })).toMatchObject({ code: 0 });
    return raw;
  }

  it.each([
    ...noTexts.flatMap(([name, bytes]) => [
      [`a PUBLISH at ${name}`, 0x30, [bytes, Buffer.from('1')]] as const,
      [`a SUBSCRIBE to ${name}`, 0x82, [u16(7), bytes, Buffer.from([1])]] as const,
      [`an UNSUBSCRIBE from ${name}`, 0xa2, [u16(7), bytes]] as const,
    ]),
    ['a PUBLISH of QoS 1 with a packet id of 0', 0x32, [topic, u16(0), Buffer.from('1')]] as const,
    ['a PUBLISH of QoS 2 with a packet id of 0', 0x34, [topic, u16(0), Buffer.from('1')]] as const,
    ['a PUBLISH of QoS 1 without a packet id', 0x32, [topic]] as const,
    ['a SUBSCRIBE with a packet id of 0', 0x82, [u16(0), topic, Buffer.from([1])]] as const,
    ['an UNSUBSCRIBE with a packet id of 0', 0xa2, [u16(0), topic]] as const,
  ])('[MQ50] %s ends the connection, is counted once, and does nothing', async (_what, head, parts) => {
    const { gateway, addresses } = await open();
    const raw = await greeted(gateway);
    raw.say(head, ...parts);
    // What comes in the same breath counts no more.
    raw.publish(9, 'later', { payload: '1', qos: 1 });
    await until('the end', () => raw.socket.closed);
    await until('the count', () => gateway.refused()['packets'] === 1);
    expect([raw.got, addresses()]).toEqual([[], 0]);
  });

  it.each([
    ['client id', [text(0x61, 0x00)]],
    ['client id', [text(0xff)]],
  ])('[MQ50] a CONNECT whose %s is no text is not let in', async (_what, payload) => {
    const { gateway } = await open();
    const raw = await RawMqtt.dial(gateway.url);
    ends.push(() => raw.cut());
    raw.say(0x10, text(0x4d, 0x51, 0x54, 0x54), Buffer.from([4, 2]), nothing, ...payload);
    await until('the end', () => raw.socket.closed);
    expect([raw.got, gateway.refused()]).toEqual([[], { packets: 1 }]);
  });

  it('[MQ50] letters of all sorts are texts, what stands for an unknown one too', async () => {
    const { gateway } = await open();
    const { client, got } = await joinDoor(gateway.url);
    ends.push(() => client.endAsync(true));
    await client.subscribeAsync('#', { qos: 1 });
    const topics = ['Ärger/ß', '灯/🎚', 'what\ufffd', '\ufeffbom'];
    for (const each of topics) await client.publishAsync(each, '1', { qos: 1 });
    await until('all', () => got.length === topics.length);
    expect(got.map(([each]) => each)).toEqual(topics);
    expect(gateway.refused()).toEqual({});
  });
});
