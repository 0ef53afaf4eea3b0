import { encode } from '@msgpack/msgpack';
import { encodeMessage } from '@clasp-to/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GivenMessages, packedText } from '../../../src-main/bridges/websocket/given-messages.ts';
import { TakenMessages } from '../../../src-main/bridges/websocket/taken-messages.ts';
import { endOf, faultOf } from '../../../src-main/bridges/websocket/websocket-faults.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { websocketTakeSchema } from '../../../src-main/contract/bridges/websocket-fields.ts';
import { bridgeSchema } from '../../../src-main/contract/show.ts';
import {
  carriedValue,
  fromJson,
  nullValue,
  text,
  type Signal,
  type SignalKind,
  type Value,
} from '../../../src-main/contract/signal.ts';
import { formatJson } from '../../../src-main/platform/json-value.ts';
import { arbitrarySignal } from '../../arbitrary-signal.ts';
import { websocketSettings } from '../bridge-settings.ts';

const settingsOf = (some: object) => websocketSettings({ ...some }).settings;
const taken = (some: object, data: string | Uint8Array): unknown => {
  const found = new TakenMessages(settingsOf(some)).take(Buffer.from(data as string), typeof data !== 'string');
  return typeof found === 'string' ? found : found.map(({ kind, address, value }) => [kind, address, value]);
};
const json = (some: object, data: unknown): unknown => taken(some, JSON.stringify(data));
const is = (address: string, value: unknown, kind: SignalKind = 'param'): unknown => [kind, address, fromJson(value)];

describe('messages of a WebSocket server', () => {
  it('[WJ5] are read as the reference reads them', () => {
    expect(json({}, { address: '/lamp', value: 0.5 })).toEqual([is('/ws/lamp', 0.5)]);
    expect(json({}, { address: 'lamp', data: { x: 1 } })).toEqual([is('/ws/lamp', { x: 1 })]);
    expect(json({}, { address: '/ws/lamp', value: null })).toEqual([is('/ws/lamp', null)]);
    expect(json({}, { address: '/go', value: 1, kind: 'event' })).toEqual([is('/ws/go', 1, 'event')]);
    expect(json({}, { address: '/go', value: 1, kind: 'gesture' })).toEqual([is('/ws/go', 1)]);
    expect(json({}, { type: 'state' })).toEqual([is('/ws/message', { type: 'state' })]);
    expect(json({}, [1])).toEqual([is('/ws/message', [1])]);
    expect(taken({}, 'GO')).toEqual([is('/ws/text', 'GO')]);
    expect(taken({ messages: 'event' }, 'GO')).toEqual([is('/ws/text', 'GO', 'event')]);
    expect(taken({}, Uint8Array.of(1, 2))).toEqual([is('/ws/binary', Uint8Array.of(1, 2))]);
    expect(json({}, { address: '/a*', value: 1 })).toBe('its address is none here, or its value too long');
  });

  it('[WJ5] are text or bytes where the setting says so', () => {
    expect(taken({ format: 'text' }, '{"address":"/a","value":1}')).toEqual([
      is('/ws/text', '{"address":"/a","value":1}'),
    ]);
    expect(taken({ format: 'text' }, Uint8Array.of(1))).toEqual([is('/ws/binary', Uint8Array.of(1))]);
    expect(taken({ format: 'binary' }, 'x')).toEqual([is('/ws/text', 'x')]);
  });

  it('[WJ5] are MessagePack or CLASP frames, whichever comes', () => {
    const format = 'msgpack';
    const message = encode({ address: '/a', value: [1, Uint8Array.of(9)] });
    expect(taken({ format }, message)).toEqual([is('/ws/a', [1, Uint8Array.of(9)])]);
    expect(taken({ format, numbers: 'written' }, encode(83))).toEqual([
      ['param', '/ws/message', { type: 'i32', value: 83 }],
    ]);
    const frame = encodeMessage({ type: 'SET', address: '/x', value: 2 });
    expect(taken({ format }, frame)).toEqual([is('/ws/x', 2)]);
    expect(taken({ format }, encodeMessage({ type: 'PING' }))).toBe('it is a CLASP frame that sets nothing here');
    expect(taken({ format }, '{"address":"/a","value":1}')).toEqual([is('/ws/a', 1)]);
    expect(taken({ format }, Uint8Array.of(0xc1))).toMatch('extension type');
  });

  it('[WJ6] of any device are read by rules: which messages, which member is the address, which the value', () => {
    const takes = [
      {
        where: { '$.type': 'meter', '$.on': 'true' },
        to: '/meter/{address}',
        address: '$.ch',
        value: '$.db',
        as: 'stream',
      },
      { where: { '$.type': 'cue' }, to: '/cue', value: '$.cue.number', as: 'event' },
      { where: { '$.type': 'name' }, address: '$.path' },
      {
        values: [
          { path: '$.state.level', to: '/level' },
          { path: '$.state.on', to: '/on' },
          { path: '$.no', to: '/no' },
        ],
      },
    ];
    expect(json({ takes }, { type: 'meter', on: true, ch: 3, db: -6.5 })).toEqual([is('/ws/meter/3', -6.5, 'stream')]);
    expect(json({ takes }, { type: 'cue', cue: { number: '12' } })).toEqual([is('/ws/cue', '12', 'event')]);
    expect(json({ takes }, { type: 'name', path: '/a/b' })).toEqual([is('/ws/a/b', { type: 'name', path: '/a/b' })]);
    expect(json({ takes }, { state: { level: 1, on: false } })).toEqual([is('/ws/level', 1), is('/ws/on', false)]);
    expect(json({ takes }, { type: 'meter', on: false, ch: 3, db: 1 })).toMatchObject([['param', '/ws/message', {}]]);
    expect(json({ takes }, { address: '/x', value: 1 })).toEqual([is('/ws/x', 1)]);
    expect(taken({ takes, format: 'msgpack' }, encode({ type: 'cue', cue: { number: 3 } }))).toEqual([
      is('/ws/cue', 3, 'event'),
    ]);
  });

  it('[WJ6] are bounded', () => {
    expect(taken({}, 'x'.repeat(60_000))).toBe('its value is too long');
    expect(json({}, { address: '/a', value: 'x'.repeat(60_000) })).toBe(
      'its address is none here, or its value too long',
    );
    const takes = [{ values: [{ path: '$.a', to: '/a' }] }];
    expect(json({ takes }, { a: 1, b: 'x'.repeat(200_000) })).toEqual([is('/ws/a', 1)]);
    expect(taken({}, 'x'.repeat(262_145))).toBe('it is longer than 262144 bytes');
  });

  it.each(['json', 'msgpack', 'text', 'binary'] as const)(
    '[WJ7] never harm anyone, whatever they are: %s',
    (format) => {
      const messages = new TakenMessages(settingsOf({ format, takes: [{ address: '$.a', value: '$.b' }] }));
      fc.assert(
        fc.property(
          fc.oneof(
            fc.uint8Array(),
            fc.json().map((each) => Buffer.from(each)),
          ),
          fc.boolean(),
          (bytes, isBinary) => {
            const found = messages.take(Buffer.from(bytes), isBinary);
            if (typeof found === 'string') expect(found).not.toBe('');
            else for (const { address } of found) expect(address.startsWith('/ws/')).toBe(true);
          },
        ),
        { numRuns: 1000 },
      );
    },
  );
});

describe('messages to a WebSocket server', () => {
  const given = (some: object, address: string, value: Value, kind: 'param' | 'event' = 'param'): unknown => {
    const found = new GivenMessages(settingsOf(some)).give({ kind, address: address as Address, value });
    return typeof found === 'string' ? found : found.data;
  };

  it('[WJ8] are address and value, or the value alone, as the format has it', () => {
    expect(given({}, '/ws/a"b', fromJson([1, 'x']))).toBe('{"address":"/a\\"b","value":[1,"x"]}');
    expect(given({ numbers: 'written' }, '/ws/a', fromJson(5))).toBe('{"address":"/a","value":5.0}');
    expect(given({ format: 'text' }, '/ws/a', fromJson(0.5))).toBe('0.5');
    expect(given({ format: 'text' }, '/ws/a', text('GO'))).toBe('GO');
    expect(given({ format: 'text' }, '/ws/a', { type: 'bytes', value: Uint8Array.of(1) })).toMatch('bytes');
    expect(given({ format: 'binary' }, '/ws/a', { type: 'bytes', value: Uint8Array.of(1) })).toEqual(Buffer.of(1));
    expect(given({ format: 'binary' }, '/ws/a', text('GO'))).toEqual(Buffer.from('GO'));
    expect(given({ format: 'binary' }, '/ws/a', fromJson(1))).toBe('its value is no bytes');
    const packed = given({ format: 'msgpack' }, '/ws/a', { type: 'i64', value: 5n }) as Buffer;
    expect(packed).toEqual(Buffer.from(encode({ address: '/a', value: 5 })));
  });

  it('[WJ8] are what a template makes of them, by the first rule that covers address and kind', () => {
    const gives = [
      { from: '/lamp/*', kind: 'event', body: '{"flash":"{1}"}' },
      { from: '/lamp/*', body: '{"set":"{1}","to":{value},"at":"{address}","words":"is {value}"}' },
      { from: '/say', body: 'SAY {value}' },
    ];
    expect(given({ gives }, '/ws/lamp/a"', text('x"'))).toBe(
      '{"set":"a\\"","to":"x\\"","at":"/lamp/a\\"","words":"is x\\""}',
    );
    expect(given({ gives }, '/ws/lamp/a', nullValue, 'event')).toBe('{"flash":"a"}');
    expect(given({ gives }, '/ws/say', text('hi'))).toBe('SAY hi');
    expect(given({ gives }, '/ws/other', nullValue)).toBe('no rule covers it');
    expect(given({ gives }, '/other', nullValue)).toBe('it is not under /ws');
    const packed = given({ gives: [{ body: '{"v":{value}}' }], format: 'msgpack' }, '/ws/a', fromJson(2)) as Buffer;
    expect(packed.toString('hex')).toBe('81a176cb4000000000000000');
    expect(given({ gives: [{ body: '{"v":' }], format: 'msgpack' }, '/ws/a', fromJson(2))).toBe('Expected JSON');
    expect(given({ gives: [{ body: 'GO {value}' }], format: 'binary' }, '/ws/a', fromJson(2))).toEqual(
      Buffer.from('GO 2'),
    );
    expect(packedText('x', 'text')).toBe('x');
  });

  it.each(['json', 'msgpack', 'text', 'binary'] as const)(
    '[WJ7] come back as they left, where values can: %s',
    (format) => {
      const settings = settingsOf({ format, numbers: 'written' });
      const [outward, inward] = [new GivenMessages(settings), new TakenMessages(settings)];
      fc.assert(
        fc.property(arbitrarySignal(['/ws']), (signal: Signal) => {
          const found = outward.give(signal);
          if (typeof found === 'string' || format === 'text' || format === 'binary') return;
          const bytes = typeof found.data === 'string' ? Buffer.from(found.data) : found.data;
          const back = inward.take(bytes, typeof found.data !== 'string');
          if (typeof back === 'string') return expect(back).toMatch(/nests|too long/);
          // The prefix within an address is taken for the prefix.
          if (signal.address.startsWith('/ws/ws/')) return;
          expect(back.map(({ address }) => address)).toEqual([signal.address]);
          const written = (value: Value): string => formatJson(value, { numbers: 'written' });
          if (format === 'msgpack')
            expect(back.map(({ value }) => written(value))).toEqual([written(carriedValue(signal))]);
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('settings of a WebSocket bridge', () => {
  const faults = (some: object): unknown =>
    bridgeSchema
      .safeParse({ id: 'w', number: 1, name: 'W', kind: 'websocket', settings: { url: 'ws://h', ...some } })
      .error?.issues.map(({ message }) => message);

  it('[WJ9] want no more than a URL, and say what to repair', () => {
    expect(settingsOf({ url: 'wss://h:1/a?b=c' })).toMatchObject({ prefix: '/ws', format: 'json', echo: 'values' });
    expect(faults({ url: 'http://h' })).toEqual(['expected a URL such as ws://10.0.0.5:8080/api']);
    expect(faults({ url: 'ws://user:pass@h' })).toEqual(['expected a URL such as ws://10.0.0.5:8080/api']);
    expect(faults({ url: 'ws://h/{secret}' })).toEqual(['expected the name of the secret that {secret} stands for']);
    expect(faults({ url: 'ws://{secret}.h', secretName: 'a' })).toEqual(['expected {secret} behind the host']);
    expect(faults({ certFile: 'a.pem' })).toEqual(['expected a certificate and its key together']);
    expect(faults({ headers: { Host: 'x' } })).toBeDefined();
    expect(faults({ headers: { 'X-A': 'x\r\ny' } })).toEqual(['expected letters that a header can hold']);
    expect(faults({ subprotocols: ['a', 'a'] })).toEqual(['expected each one once']);
    expect(websocketTakeSchema.parse({ to: '/a' })).toMatchObject({ value: '$', as: 'param', address: '' });
    expect(faults({ takes: [{ address: 'x' }] })).toEqual(['expected a path such as $.name']);
    expect(faults({ takes: [{}] })).toEqual(['expected an address such as /lamp/1']);
    expect(faults({ takes: [{ to: '/a/{address}' }] })).toEqual(['expected {address} alone, with a path to it']);
    expect(faults({ takes: [{ to: '/a/{1}', address: '$.a' }] })).toEqual([
      'expected {address} alone, with a path to it',
    ]);
    expect(faults({ takes: [{ to: '/a', value: 'x' }] })).toEqual(['expected a path such as $.state.level']);
    expect(faults({ gives: [{ from: '/a', body: '{1}' }] })).toEqual(['expected no {1}: there is no wildcard']);
  });
});

describe('faults of a WebSocket server', () => {
  it('[WJ16] are told in words', () => {
    const coded = (code: string): Error => Object.assign(new Error('x'), { code });
    expect(faultOf(coded('ECONNREFUSED'))).toEqual({ words: 'No server listens there.', isRefusal: false });
    expect(faultOf(coded('CERT_HAS_EXPIRED'))).toEqual({
      words: 'The certificate of the server has expired.',
      isRefusal: true,
    });
    expect(faultOf(new Error('Unexpected server response: 503'))).toEqual({
      words: 'The server is not ready.',
      isRefusal: false,
    });
    expect(faultOf(new Error('Unexpected server response: 200')).words).toMatch('speaks no WebSocket there');
    expect(faultOf(new Error('Opening handshake has timed out')).words).toBe('The server does not answer.');
    expect(faultOf(coded('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')).words).toMatch('too long');
    expect(faultOf(new Error('Server sent no subprotocol')).words).toBe('The server does not keep to WebSocket.');
    expect(faultOf(new Error('odd.')).words).toBe('The connection failed: odd.');
    expect(endOf(1001, '')).toEqual({ words: 'The server goes away.', isRefusal: false });
    expect(endOf(4999, 'x'.repeat(200)).words).toMatch(
      /^The server ended the connection \(code 4999\)\. It says: x{119}…\.$/,
    );
  });
});
