import { describe, expect, it } from 'vitest';
import { packNumber } from '../../../src-main/bridges/serial/byte-layout.ts';
import { GivenMessages } from '../../../src-main/bridges/serial/given-messages.ts';
import { regexPattern, templatePattern } from '../../../src-main/bridges/serial/line-pattern.ts';
import { TakenMessages } from '../../../src-main/bridges/serial/taken-messages.ts';
import { fromJson, toJson, type Value } from '../../../src-main/contract/signal.ts';
import { serialSettings } from '../bridge-settings.ts';
import { signalAt } from './serial-scene.ts';

/** What a message becomes, as `[address, value]`, or why it becomes nothing. */
function taken(
  receive: Record<string, unknown>,
  message: string | readonly number[],
  more: Record<string, unknown> = {},
) {
  const { settings } = serialSettings({ receives: [receive], unmatched: 'drop', ...more });
  const signals = new TakenMessages(settings).take(Buffer.from(message as string));
  return typeof signals === 'string' ? signals : signals.map(({ address, value }) => [address, toJson(value)]);
}

function given(
  send: Record<string, unknown>,
  value: unknown,
  more: Record<string, unknown> = {},
  address = '/board/a',
) {
  const { settings } = serialSettings({ sends: [send], ...more });
  const json = typeof value === 'object' && value !== null && 'type' in value ? (value as Value) : fromJson(value);
  const message = new GivenMessages(settings).give(signalAt(address, json));
  if (typeof message === 'string') return message;
  return Buffer.from(message.message).toString(more['content'] === 'bytes' ? 'hex' : 'latin1');
}

describe('messages that are taken', () => {
  it.each<[string, string, unknown]>([
    ['{v:int}', '-012', -12],
    ['{v:int}', '9007199254740993', '9007199254740993'],
    ['{v:int}', '1.5', undefined],
    ['{v:int}', '99999999999999999999', undefined],
    ['{v:float}', '+1.5e2', 150],
    ['{v:float}', '.5', 0.5],
    ['{v:hex}', 'fF', 255],
    ['{v:word}', 'a b', undefined],
    ['{v:text}', '', ''],
    ['{v:bool}', 'On', true],
    ['{v:bool}', '2', undefined],
    ['{v:OPEN|SHUT}', 'SHUT', false],
    ['{v:A|B|C}', 'C', 'C'],
    ['{v:json}', '{"a":[1,true]}', { a: [1, true] }],
    ['{v:json}', '{"a":', undefined],
    ['{v}', ' 7 ', 7],
    ['{v}', '9007199254740993', '9007199254740993'],
    ['{v}', '+1234567890123456', 1234567890123456],
    ['{v}', '99999999999999999999', '99999999999999999999'],
    ['{v}', '9'.repeat(41), '9'.repeat(41)],
    ['{v}', '7 m', '7 m'],
    ['{v}', '', undefined],
    ['a.c{v}', 'abc1', undefined],
    ['\\x02{v}\\x03', '\x021\x03', 1],
    ['%1POWR={v}', '%1POWR=1', 1],
    ['T{}:{v:int}C', 'Temp 3:21C', 21],
    ['T{:int}:{v:int}', 'T3:21', 21],
  ])('[SL7] by %s: "%s"', (pattern, message, value) => {
    const found = taken({ pattern }, message);
    const plain = JSON.parse(JSON.stringify(found)) as unknown;
    expect(plain).toEqual(
      value === undefined ? 'unmatched' : [['/board/v', typeof value === 'object' ? expect.anything() : value]],
    );
  });

  it('[SL8] by a regular expression, with its groups as values', () => {
    const rule = { how: 'regex', pattern: '(?i)vol(?:ume)?\\s*(?<db>-?\\d+)\\s*dB.*' };
    expect(taken({ ...rule, pattern: rule.pattern.replace('(?i)', '') }, 'volume -12 dB!')).toEqual([
      ['/board/db', -12],
    ]);
    expect(taken({ how: 'regex', pattern: '(?<n>\\d)=(?<value>.+)', to: '/x/{n}' }, '3=on')).toEqual([
      ['/board/x/3', 'on'],
    ]);
  });

  it('[SL8] in time in proportion to the message, whatever the pattern', () => {
    const find = regexPattern('(a+)+(b|c)', 20_000);
    const time = (size: number): number => {
      const from = performance.now();
      expect(find(`${'a'.repeat(size)}!`)).toBeUndefined();
      return performance.now() - from;
    };
    time(1000);
    // A matcher that goes back would not end before the sun does.
    expect(time(20_000)).toBeLessThan(2000);
    expect(() => regexPattern('(a{1,100}){1,9}', 60_000)).toThrow(/takes too long/);
    expect(() => regexPattern('a{5000}', 10)).toThrow(/cannot be read/);
    const { settings } = serialSettings({ receives: [{ how: 'regex', pattern: '(?<a>a{5000})' }, { pattern: '{b}' }] });
    const rules = new TakenMessages(settings);
    expect(rules.faults).toEqual([
      'Message 1 that is taken is not looked for: "(?<a>a{5000})" cannot be read as a pattern.',
    ]);
    expect(rules.take(Buffer.from('x'))).toHaveLength(1);
  });

  it('[SL7] has what stands for itself stand for itself', () => {
    for (const sign of '.*+?()[]|^$\\'.replace('\\', ''))
      expect([...(templatePattern(`${sign}{v}`, 100)(`${sign}5`) ?? [])].length).toBe(1);
    expect(templatePattern('.{v}', 100)('x5')).toBeUndefined();
  });

  it('[SL9] by the places of their bytes', () => {
    const fields = [
      { name: 'a', at: 1, type: 'i16be' },
      { name: 'b', at: 3, type: 'f32le' },
      { name: 'on', at: 7, type: 'bits', bit: 3 },
      { name: 'mode', at: 7, type: 'bits', bit: 0, bits: 3 },
      { name: 'name', at: 8, type: 'text', size: 4 },
      { name: 'rest', at: 12, type: 'bytes' },
    ];
    const rule = { how: 'layout', begins: '02', length: 14, fields };
    const message = Buffer.from('02fffe0000c03f0d4142000007', 'hex');
    const whole = Buffer.concat([message, Buffer.from([8])]);
    expect(taken(rule, [...whole], { content: 'bytes' })).toEqual([
      ['/board/a', -2],
      ['/board/b', 1.5],
      ['/board/on', true],
      ['/board/mode', 5],
      ['/board/name', 'AB'],
      ['/board/rest', [7, 8]],
    ]);
    expect(taken(rule, [...message], { content: 'bytes' })).toBe('unmatched');
    expect(taken({ ...rule, length: null, begins: '03' }, [...whole], { content: 'bytes' })).toBe('unmatched');
    const beyond = { how: 'layout', fields: [{ name: 'a', at: 2, type: 'u32le' }] };
    expect(taken(beyond, [1, 2, 3, 4, 5], { content: 'bytes' })).toBe('unmatched');
    expect(taken(beyond, [1, 2, 255, 255, 255, 255], { content: 'bytes' })).toEqual([['/board/a', 4_294_967_295]]);
  });

  it('[SL10] each value by its name, one as it is, several as a map, scaled, at an address of its own', () => {
    expect(taken({ pattern: 'X={x},Y={y}' }, 'X=1,Y=2')).toEqual([
      ['/board/x', 1],
      ['/board/y', 2],
    ]);
    expect(taken({ pattern: '{n}:{x},{y}', to: '/stick/{n}' }, '1:5,6')).toEqual([['/board/stick/1', { x: 5, y: 6 }]]);
    expect(taken({ pattern: '{n}:{x},{value}', to: '/stick/{n}/{field}' }, '1:5,6')).toEqual([
      ['/board/stick/1/x', 5],
      ['/board/stick/1/value', 6],
    ]);
    expect(taken({ pattern: 'POT{n}={value}', to: '/pot/{n}', scale: {} }, 'POT1=1023')).toEqual([['/board/pot/1', 1]]);
    expect(taken({ pattern: 'GO', to: '/go', kind: 'event' }, 'GO')).toEqual([['/board/go', null]]);
    const scale = { fromLow: 0, fromHigh: 10, toLow: 100, toHigh: 0, limit: false };
    expect(taken({ pattern: '{v}', scale }, '20')).toEqual([['/board/v', -100]]);
    expect(taken({ pattern: '{v}', scale: { ...scale, limit: true } }, '20')).toEqual([['/board/v', 0]]);
  });

  it('[SL10] of a device makes one part of an address, never more', () => {
    expect(taken({ pattern: '{n}={value}', to: '/{n}' }, 'a/../*\t=1')).toEqual(
      [['/board/a_.._', 1]].map(([a, v]) => [`${a}_`, v]),
    );
    expect(taken({ pattern: '{n}={value}', to: '/{n}' }, ' =1')).toEqual('address');
  });
});

describe('messages that are given', () => {
  it.each<[string, unknown, string]>([
    ['{value}', 5, '5'],
    ['{value}', 0.25, '0.25'],
    ['{value}', true, '1'],
    ['{value}', 'on', 'on'],
    ['{value}', null, ''],
    ['{value}', [1, 'a'], '[1,"a"]'],
    ['{value:d}', 1.6, '2'],
    ['{value:03d}', 7, '007'],
    ['{value:04d}', -7, '-007'],
    ['{value:+d}', 7, '+7'],
    ['{value:5d}|', 7, '    7|'],
    ['{value:.2f}', -0.001, '0.00'],
    ['{value:06.2f}', 3.14159, '003.14'],
    ['{value:02X}', 10, '0A'],
    ['{value:x}', 255, 'ff'],
    ['{value:08b}', 5, '00000101'],
    ['{value:ON|OFF}', 0, 'OFF'],
    ['{value:ON|OFF}', true, 'ON'],
    ['{value:quoted}', 'a"b', '"a\\"b"'],
    ['{value:json}', true, 'true'],
    ['{"v":{value}}', 2, '{"v":2}'],
    ['{value.pan},{value.1}', { pan: 3, 1: 4 }, '3,4'],
    ['{value.1}', [3, 4], '4'],
    ['\\x02{value}\\x03', 1, '\x021\x03'],
    ['{value:u8}', 200, '\xc8'],
    ['{address}', 1, 'a'],
  ])('[SL12] by %s: %j', (message, value, words) => {
    expect(given({ message }, value)).toBe(words);
  });

  it('[SL12] by bytes, wildcards and a scale', () => {
    expect(given({ message: '02 {value:u16be}{value:i8} 03' }, 100, { content: 'bytes' })).toBe('0200646403');
    expect(given({ message: '{value:f32le}' }, 1.5, { content: 'bytes' })).toBe('0000c03f');
    expect(
      given({ message: 'F0 {value} F7' }, { type: 'bytes', value: Uint8Array.of(1, 2) }, { content: 'bytes' }),
    ).toBe('f00102f7');
    expect(given({ from: '/out/*/**', message: '{1}*{2}!' }, 1, {}, '/board/out/3/a/b')).toBe('3*a/b!');
    const scale = { fromLow: 0, fromHigh: 1, toLow: 0, toHigh: 255 };
    expect(given({ message: '{value:d}', scale }, 0.5)).toBe('128');
    expect(given({ message: '{value:d}', scale }, 7)).toBe('255');
    expect(given({ message: '{value:d}' }, { type: 'i64', value: 2n ** 60n })).toBe(String(2n ** 60n));
  });

  it.each<[string, unknown, Record<string, unknown>, string]>([
    ['{value:d}', 'bright', {}, 'the value is no number'],
    ['{value:d}', Number.NaN, {}, 'the value is no number'],
    ['{value:ON|OFF}', 'x', {}, 'the value is neither on nor off'],
    ['{value:u8}', 256, {}, 'the value is not within 0 to 255'],
    ['{value:i16be}', -40_000, {}, 'the value is not within -32768 to 32767'],
    ['{value.x}', 5, {}, 'the value has no x'],
    ['{value}', 'a\nb', {}, 'the value holds a line end'],
    ['{value}', '✓', { encoding: 'latin1' }, 'Latin 1 has not all of its letters'],
  ])('[SL13] by %s refuses %j', (message, value, more, why) => {
    expect(given({ message }, value, more)).toBe(why);
  });

  it('[SL13] pack numbers only where they fit', () => {
    expect(packNumber('u16le', 65_535.4)).toEqual(Buffer.from([255, 255]));
    expect(packNumber('f32be', Number.NaN)).toBe('the value is no number');
  });
});
