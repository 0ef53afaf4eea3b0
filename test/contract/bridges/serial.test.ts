import { describe, expect, it } from 'vitest';
import { fixedMessageFault } from '../../../src-main/contract/bridges/serial-send.ts';
import { hexField } from '../../../src-main/contract/bridges/serial-framing.ts';
import { serialBridgeSchema } from '../../../src-main/contract/bridges/serial.ts';
import { bridgeForm } from '../../../src-main/contract/bridges/bridge-form.ts';

const head = { id: 's', number: 1, name: 'Board', kind: 'serial' };

function faultsOf(settings: Record<string, unknown>): [string, string][] {
  const { error } = serialBridgeSchema.safeParse({ ...head, settings: { port: 'COM3', ...settings } });
  return (error?.issues ?? []).map(({ path, message }) => [path.slice(1).join('.'), message]);
}

describe('settings of a serial bridge', () => {
  it('[SL26] need nothing but the port', () => {
    expect(serialBridgeSchema.parse({ ...head, settings: { port: 'COM3' } }).settings).toMatchObject({
      ...{ baud: 9600, dataBits: 8, parity: 'none', stopBits: 1, framing: 'delimiter', sentDelimiter: '\\n' },
      ...{ content: 'text', receives: [], sends: [], unmatched: 'event', checksum: null, answer: null },
    });
    expect(faultsOf({ port: '' })).toHaveLength(1);
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ receives: [{ pattern: '' }] }, 'receives.0.pattern', /expected a message/],
    [{ sends: [{ message: '{value:zz}' }] }, 'sends.0.message', /no such form/],
    [{ sends: [{ message: '{2}', from: '/a/*' }] }, 'sends.0.message', /one for each \*/],
    [{ sends: [{ message: '{1}', from: '/a' }] }, 'sends.0.message', /there is no \*/],
    [{ sends: [{ message: 'xx' }], content: 'bytes' }, 'sends.0.message', /hexadecimal/],
    [{ polls: [{ message: '{value}' }] }, 'polls.0.message', /has no value/],
    [{ onAttach: ['\\q'] }, 'onAttach.0', /stands for nothing/],
    [{ port: 'usb=zz:1' }, 'port', /four hexadecimal digits/],
    [{ port: 'USB=2341:43' }, 'port', /four hexadecimal digits/],
    [{ delimiter: '\\q' }, 'delimiter', /such as/],
    [{ framing: 'gap', gapMs: 0 }, 'gapMs', /silence is what ends/],
    [{ framing: 'fixed', size: 2, startBytes: '01 02' }, 'startBytes', /fewer bytes/],
    [{ answer: { reply: '{a}{a}' } }, 'answer.reply', /such as/],
  ])('[SL26] say what to repair: %j', (settings, path, words) => {
    expect(faultsOf(settings)).toEqual([[path, expect.stringMatching(words)]]);
  });

  it('[SL37] name a USB device by its numbers, or a path', () => {
    const names = ['usb=2341:0043', 'usb=2341:0043:75 73:1', 'USB=0403:6001:A', '/dev/ttyUSB0', 'usb0', '/dev/usb=1'];
    for (const port of names) expect(faultsOf({ port })).toEqual([]);
    for (const port of ['usb=zz:1', 'USB=2341:43', 'usb=', 'usb=2341:0043:'])
      expect(faultsOf({ port })).toEqual([['port', expect.stringMatching(/four hexadecimal digits/)]]);
  });

  it('[SL26] of messages that are sent by themselves have no value in them', () => {
    expect([fixedMessageFault('A\\r', 'text'), fixedMessageFault('02 03', 'bytes')]).toEqual([undefined, undefined]);
    expect(fixedMessageFault('{value}', 'text')).toMatch(/has no value/);
    expect(hexField(2).safeParse('010203').success).toBe(false);
  });

  it('[SL26] show a newcomer eleven fields at the most', () => {
    const { settings } = bridgeForm('serial');
    const shown = settings.filter(
      ({ words }) => !words.advanced && (words.when?.['framing']?.includes('delimiter') ?? true),
    );
    expect(shown.map(({ name }) => name)).toEqual([
      ...['port', 'baud', 'prefix', 'framing', 'sentDelimiter', 'content', 'receives', 'unmatched', 'sends', 'pauseMs'],
    ]);
  });
});
