import { describe, expect, it } from 'vitest';
import {
  decodePayload,
  encodeMessage,
  encodePayload,
  type PayloadCodec,
} from '../../../src-main/platform/payload-codec.ts';
import { GivenSignals } from '../../../src-main/bridges/mqtt/given-signals.ts';
import { TakenTopics } from '../../../src-main/bridges/mqtt/taken-topics.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { mqttPublicationSchema, mqttSubscriptionSchema } from '../../../src-main/contract/bridges/mqtt-fields.ts';
import { fromJson, nullValue, text, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { bridgeSchema } from '../../../src-main/contract/show.ts';
import { mqttSettings } from '../bridge-settings.ts';

const codec = (payload: PayloadCodec['payload'], numbers: PayloadCodec['numbers'] = 'float'): PayloadCodec => ({
  payload,
  numbers,
});
const bytes = (...value: number[]): Value => ({ type: 'bytes', value: Uint8Array.of(...value) });
const i64: Value = { type: 'i64', value: 2n ** 60n };

describe('payloads of MQTT', () => {
  it.each<[PayloadCodec['payload'], Buffer | string, Value]>([
    ['auto', '0.5', fromJson(0.5)],
    ['auto', 'true', fromJson(true)],
    ['auto', 'ON', text('ON')],
    ['auto', '007', text('007')],
    ['auto', '[1,{"a":null}]', fromJson([1, { a: null }])],
    ['auto', '1152921504606846976', i64],
    ['auto', '', nullValue],
    ['auto', Buffer.of(0xff), bytes(0xff)],
    ['json', '"x"', text('x')],
    ['json', '', nullValue],
    ['text', '5', text('5')],
    ['text', '', text('')],
    ['number', ' 007 ', fromJson(7)],
    ['number', '+1.5e2', fromJson(150)],
    ['number', '1152921504606846976', i64],
    ['bytes', 'ab', bytes(97, 98)],
  ])('[MQ6] %s: %j is read', (payload, from, value) => {
    expect(decodePayload(Buffer.from(from), codec(payload))).toEqual(value);
  });

  it.each<[PayloadCodec['payload'], Buffer | string, string]>([
    ['json', 'ON', 'it is no JSON'],
    ['json', '1e999', 'Expected a number up to'],
    ['text', Buffer.of(0xff), 'it is no text in UTF-8'],
    ['number', 'ON', 'it is no number'],
    ['number', 'Infinity', 'it is no number'],
    ['auto', Buffer.alloc(60_001), 'it is longer than 60000 bytes'],
  ])('[MQ6] %s: what it is not is refused with the reason', (payload, from, why) => {
    expect(() => decodePayload(Buffer.from(from), codec(payload))).toThrow(why);
  });

  it('[MQ6] are written as they are read', () => {
    const written = (value: Value, payload: PayloadCodec['payload'] = 'auto', numbers?: 'written'): string =>
      encodePayload(value, codec(payload, numbers)).toString('latin1');
    const plain = [nullValue, fromJson(true), fromJson(0.5), i64, text('ON'), bytes(0xff), fromJson({ a: [1] })];
    expect(plain.map((value) => written(value))).toEqual([
      '',
      'true',
      '0.5',
      '1152921504606846976',
      'ON',
      '\xff',
      '{"a":[1]}',
    ]);
    expect([written(text('5'), 'json'), written(nullValue, 'json'), written(bytes(1), 'json')]).toEqual([
      '"5"',
      'null',
      '{"$bytes":"AQ=="}',
    ]);
    expect([written(fromJson(true), 'number'), written(fromJson(1), 'number', 'written')]).toEqual(['1', '1.0']);
    expect(() => written(text('x'), 'number')).toThrow('the value is no number');
    expect(() => written(fromJson(1), 'bytes')).toThrow('the value is no bytes');
    expect(() => written(text('x'.repeat(60_001)))).toThrow('longer than 60000 bytes');
  });

  it('[MQ45] by themselves are never empty but for null, and come back as they were', () => {
    for (const value of [text(''), bytes(), nullValue, text(' ')]) {
      const written = encodeMessage(value, codec('auto'));
      expect(written.length > 0 || value.type === 'null').toBe(true);
      expect(decodePayload(written, codec('auto'))).toEqual(value);
    }
    expect(encodeMessage(text(''), codec('text'))).toHaveLength(0);
  });
});

describe('subscriptions', () => {
  const taken = (...rules: object[]): TakenTopics =>
    new TakenTopics(
      '/mqtt',
      rules.map((rule) => mqttSubscriptionSchema.parse(rule)),
    );
  const message = (topic: string, payload: string, retained = false) => ({
    topic,
    payload: Buffer.from(payload),
    retained,
  });
  const placed = (found: readonly Signal[] | string): unknown =>
    typeof found === 'string'
      ? found
      : found.map(({ kind, address, value }) => [kind, address, 'value' in value ? value.value : null]);

  it('[MQ7] put what wildcards stood for into addresses', () => {
    const rules = taken(
      { topic: 'zigbee2mqtt/+/set', to: '/lamp/{1}' },
      { topic: 'home/+/#', to: '/{1}/of/{2}' },
      { topic: '$share/g/x/#' },
    );
    expect(placed(rules.take(message('zigbee2mqtt/kitchen/set', '1')))).toEqual([['param', '/mqtt/lamp/kitchen', 1]]);
    expect(placed(rules.take(message('home/up/a/b', '1')))).toEqual([['param', '/mqtt/up/of/a/b', 1]]);
    expect(placed(rules.take(message('home/up', '1')))).toEqual([['param', '/mqtt/up/of', 1]]);
    expect(placed(rules.take(message('home/a*/x', '1')))).toEqual([['param', '/mqtt/a%2A/of/x', 1]]);
    expect(placed(rules.take(message('x/y', '1')))).toEqual([['param', '/mqtt/x/y', 1]]);
    expect(rules.take(message('other', '1'))).toBe('no subscription names its topic');
    expect(rules.take(message(`x/${'y'.repeat(1100)}`, '1'))).toBe('its topic makes no address here');
  });

  it('[MQ7] take several values out of one JSON', () => {
    const values = [
      { path: '$.state.brightness', to: '/lamp/{1}/level' },
      { path: "$['on off']", to: '/lamp/{1}/on' },
    ];
    const rules = taken({ topic: 'z/+', values });
    expect(placed(rules.take(message('z/a', '{"state":{"brightness":7},"on off":true}')))).toEqual([
      ['param', '/mqtt/lamp/a/level', 7],
      ['param', '/mqtt/lamp/a/on', true],
    ]);
    expect(placed(rules.take(message('z/a', '{"on off":false}')))).toEqual([['param', '/mqtt/lamp/a/on', false]]);
    expect(rules.take(message('z/a', '5'))).toBe("it has no $.state.brightness, $['on off']");
  });

  it('[MQ9] set values or happen', () => {
    const rules = taken({ topic: 'e/#', plain: 'event' }, { topic: '#' });
    expect(placed(rules.take(message('e/a', '1')))).toEqual([['event', '/mqtt/e/a', 1]]);
    expect(placed(rules.take(message('e/a', '1', true)))).toEqual([['param', '/mqtt/e/a', 1]]);
    expect(placed(rules.take(message('p', '1')))).toEqual([['param', '/mqtt/p', 1]]);
  });

  it('[MQ10] hold in their order, and name captures that are there', () => {
    const rules = taken({ topic: 'a/b', to: '/first' }, { topic: 'a/+', to: '/second' });
    expect(placed(rules.take(message('a/b', '1')))).toEqual([['param', '/mqtt/first', 1]]);
    expect([rules.covering('a/b'), rules.covering('a/c'), rules.covering('b')]).toEqual([2, 1, 0]);
    const faults = (rule: object): unknown =>
      mqttSubscriptionSchema.safeParse(rule).error?.issues.map(({ message: words }) => words);
    expect(faults({ topic: 'a/+', to: '/{2}' })).toEqual(['expected {1} to {1}, one for each wildcard']);
    expect(faults({ topic: 'a', values: [{ path: '$', to: '/{1}' }] })).toEqual([
      'expected no {1}: there is no wildcard',
    ]);
    expect(faults({ topic: 'a+' })).toEqual([
      'expected a filter such as lamps/+/state: a + stands alone between slashes',
    ]);
    expect(faults({ topic: 'a', to: 'b' })).toEqual(['expected an address such as /lamp/{1}']);
  });
});

describe('publications', () => {
  const given = (...rules: object[]): GivenSignals =>
    new GivenSignals(
      '/mqtt',
      rules.map((rule) => mqttPublicationSchema.parse(rule)),
    );
  const signal = (address: string, value: Value, kind: 'param' | 'event' = 'param'): Signal => ({
    kind,
    address: address as Address,
    value,
  });
  const said = (rules: GivenSignals, address: string, value: Value): unknown => {
    const found = rules.give(signal(address, value));
    return typeof found === 'string' ? found : [found.topic, found.payload.toString()];
  };

  it('[MQ8] put what wildcards stood for, the address and the value where their templates say', () => {
    const rules = given(
      {
        from: '/lamp/*/level',
        to: 'zigbee2mqtt/{1}/set',
        body: '{"brightness": {value}, "who": "{1}", "from": "{address}", "text": "is {value}"}',
      },
      { from: '/say/**', to: 'say/{1}', payload: 'text', body: 'v={value};' },
      { from: '/raw/*', body: '{value}' },
    );
    expect(said(rules, '/mqtt/lamp/a"b/level', fromJson(0.5))).toEqual([
      'zigbee2mqtt/a"b/set',
      '{"brightness": 0.5, "who": "a\\"b", "from": "/lamp/a\\"b/level", "text": "is 0.5"}',
    ]);
    const [, body] = said(rules, '/mqtt/lamp/x/level', text('a"b')) as [string, string];
    expect(JSON.parse(body)).toEqual({ brightness: 'a"b', who: 'x', from: '/lamp/x/level', text: 'is a"b' });
    expect(said(rules, '/mqtt/say/a/b', fromJson([1]))).toEqual(['say/a/b', 'v=[1];']);
    expect(said(rules, '/mqtt/raw/x', text('ON'))).toEqual(['raw/x', 'ON']);
  });

  it('[MQ8] say why there is nothing to publish', () => {
    const rules = given({ from: '/a/*', payload: 'number' });
    expect(said(rules, '/mqtt/b', fromJson(1))).toBe('no publication covers it');
    expect(said(rules, '/mqtt', fromJson(1))).toBe('it is not under /mqtt');
    expect(said(rules, '/mqttx/a', fromJson(1))).toBe('it is not under /mqtt');
    expect(said(rules, '/mqtt/a/b', text('x'))).toBe('the value is no number');
    expect(rules.give({ ...signal('/mqtt/a/b', nullValue), kind: 'timeline' })).toMatch('timeline');
  });

  it('[MQ9] leave retained where they say so, events never, with what version 5 has to say', () => {
    const rules = given({
      retain: true,
      qos: 2,
      contentType: 'a/b',
      expirySeconds: 5,
      userProperties: { who: 'desk' },
    });
    const properties = { contentType: 'a/b', messageExpiryInterval: 5, userProperties: { who: 'desk' } };
    expect(rules.give(signal('/mqtt/a', fromJson(1)))).toEqual({
      topic: 'a',
      payload: Buffer.from('1'),
      qos: 2,
      retain: true,
      properties,
    });
    expect(rules.give(signal('/mqtt/a', fromJson(1), 'event'))).toMatchObject({ retain: false });
    const samples: Signal = { kind: 'stream', address: '/mqtt/s' as Address, value: nullValue, samples: [1, 0.5] };
    expect(rules.give(samples)).toMatchObject({ payload: Buffer.from('[1,0.5]'), retain: false });
  });

  it('[MQ45] that would clear what is retained, though nobody set null, are refused with words', () => {
    const why = 'an empty message would clear what the broker keeps; set null for that, or send it as JSON';
    const published = (payload: string, value: Value, some: object = { retain: true }) =>
      given({ payload, ...some }).give(signal('/mqtt/a', value));
    expect(['text', 'bytes'].map((payload) => published(payload, text('')))).toEqual([why, why]);
    expect(published('text', text(''), { retain: true, body: '{value}' })).toBe(why);
    const empty = { payload: Buffer.of() };
    expect(published('text', nullValue)).toMatchObject({ ...empty, retain: true });
    expect(published('text', text(''), {})).toMatchObject({ ...empty, retain: false });
    expect(published('auto', text(''))).toMatchObject({ payload: Buffer.from('""'), retain: true });
    expect(published('json', text(''))).toMatchObject({ payload: Buffer.from('""'), retain: true });
  });

  it('[MQ10] are refused where a template cannot be filled', () => {
    const faults = (rule: object): unknown =>
      mqttPublicationSchema.safeParse(rule).error?.issues.map(({ message }) => message);
    expect(faults({ from: '/a/*', to: 'x/{2}' })).toEqual(['expected {1} to {1}, one for each wildcard']);
    expect(faults({ to: 'x/#' })).toEqual(['expected a topic: a topic to publish to holds no + and no #']);
    expect(faults({ from: 'a' })).toEqual(['expected a pattern such as /lamp/*']);
  });
});

describe('settings of an MQTT bridge', () => {
  it('[MQ10] want no more than a broker', () => {
    const { settings } = mqttSettings({ url: 'mqtts://broker:8883' });
    expect(settings).toMatchObject({
      version: '3.1.1',
      prefix: '/mqtt',
      keepAliveSeconds: 10,
      subscriptions: [{ topic: '#', qos: 0 }],
      publications: [{ from: '/**', retain: false }],
    });
    const faults = (some: object): unknown =>
      bridgeSchema
        .safeParse({ id: 'm', number: 1, name: 'M', kind: 'mqtt', settings: some })
        .error?.issues.map(({ message }) => message);
    expect(faults({ url: 'mqtt://user:pass@host' })).toEqual(['expected a URL such as mqtt://10.0.0.5']);
    expect(faults({ url: 'mqtts://h', certFile: 'a.pem' })).toEqual(['expected a certificate and its key together']);
    expect(faults({ url: 'mqtt://h', will: { topic: 'a/#' } })).toEqual([
      'expected a topic such as show/status: a topic to publish to holds no + and no #',
    ]);
  });
});
