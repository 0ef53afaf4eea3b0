import { describe, expect, it } from 'vitest';
import { encodeMidi } from '../../../src-main/bridges/midi/midi-messages.ts';
import type { MidiForm } from '../../../src-main/bridges/midi/midi-form.ts';
import { messagesOf } from '../../../src-main/bridges/midi/midi-output.ts';
import { bool, f64, fromJson, integer, nullValue, text, type Value } from '../../../src-main/contract/signal.ts';

const plain: MidiForm = { base: '/midi/keys', firstChannel: 0, isUnit: false };

/** The bytes that leave, or the clause that says why none. */
function sent(path: string, value: Value, form: Partial<MidiForm> = {}): number[][] | string {
  const sending = messagesOf(path, { value }, { ...plain, ...form });
  return typeof sending === 'string' ? sending : sending.map((message) => [...encodeMidi(message)]);
}

const note = (map: object): Value => fromJson(map);

describe('what goes out to MIDI', () => {
  it('[MI5] takes what names no channel for the first one, and counts channels as it is told', () => {
    const form = { firstChannel: 1 } as const;
    expect(sent('cc/7', integer(1), form)).toEqual([[0xb0, 7, 1]]);
    expect(sent('note', note({ note: 60, channel: 16 }), form)).toEqual([[0x9f, 60, 100]]);
    expect(sent('cc/0/7', integer(1), form)).toBe('there is no channel 0');
    expect(sent('note', note({ note: 60, channel: -1 }))).toBe('there is nothing of that address');
    expect(sent('cc/1/2/3', integer(1))).toBe('there is nothing of that address');
    expect(sent('cc/loud', integer(1))).toBe('there is nothing of that address');
    expect(sent('constructor', integer(1))).toBe('there is nothing of that address');
  });

  it.each<readonly [string, Value, number[][]]>([
    ['ch/0/note', note({ note: 60, velocity: 100, on: true }), [[0x90, 60, 100]]],
    ['0/note', note({ note: 60, velocity: 100, on: false }), [[0x80, 60, 100]]],
    ['ch/15/note', note({ payload: { note: 60, velocity: 1 } }), [[0x9f, 60, 1]]],
    ['ch/0/note', note({ note: 60, velocity: 0, on: true }), [[0x80, 60, 0]]],
    ['ch/0/note', note({ note: 60 }), [[0x90, 60, 100]]],
    ['ch/0/note', fromJson([60, 64]), [[0x90, 60, 64]]],
    ['ch/3/note/61', integer(90), [[0x93, 61, 90]]],
    ['ch/3/note/61', integer(0), [[0x83, 61, 0]]],
    ['ch/3/note/61', bool(true), [[0x93, 61, 127]]],
    ['1/cc/7', integer(100), [[0xb1, 7, 100]]],
    ['ch/1/cc/7', f64(99.6), [[0xb1, 7, 100]]],
    ['ch/1/cc/64', bool(false), [[0xb1, 64, 0]]],
    [
      'ch/0/cc14/7',
      integer(16_383),
      [
        [0xb0, 7, 127],
        [0xb0, 39, 127],
      ],
    ],
    [
      'ch/0/nrpn/130',
      integer(388),
      [
        [0xb0, 99, 1],
        [0xb0, 98, 2],
        [0xb0, 6, 3],
        [0xb0, 38, 4],
      ],
    ],
    [
      'ch/0/rpn/0',
      integer(256),
      [
        [0xb0, 101, 0],
        [0xb0, 100, 0],
        [0xb0, 6, 2],
        [0xb0, 38, 0],
      ],
    ],
    ['ch/2/bend', integer(0), [[0xe2, 0, 64]]],
    ['2/bend', integer(-8192), [[0xe2, 0, 0]]],
    ['ch/2/pressure', integer(5), [[0xd2, 5]]],
    ['ch/2/pressure/60', integer(6), [[0xa2, 60, 6]]],
    ['ch/2/program', integer(7), [[0xc2, 7]]],
    ['sysex', { type: 'bytes', value: Uint8Array.of(0xf0, 0x7e, 1, 0xf7) }, [[0xf0, 0x7e, 1, 0xf7]]],
    ['sysex', fromJson([0x7e, 1]), [[0xf0, 0x7e, 1, 0xf7]]],
    ['transport', text('start'), [[0xfa]]],
    ['transport', text('continue'), [[0xfb]]],
    ['transport', text('stop'), [[0xfc]]],
    ['song/position', integer(136), [[0xf2, 8, 1]]],
    ['song/select', integer(2), [[0xf3, 2]]],
    ['tune', nullValue, [[0xf6]]],
    ['reset', nullValue, [[0xff]]],
    ['note', note({ note: 60, velocity: 9, channel: 3 }), [[0x93, 60, 9]]],
    ['note', note({ note: 60, velocity: 0 }), [[0x80, 60, 0]]],
    ['note/2', note({ note: 60, velocity: 9 }), [[0x92, 60, 9]]],
    ['note/2/60', integer(9), [[0x92, 60, 9]]],
    ['cc/7', integer(9), [[0xb0, 7, 9]]],
    ['cc/3/7', integer(9), [[0xb3, 7, 9]]],
    ['bend', integer(0), [[0xe0, 0, 64]]],
    ['bend/15', integer(0), [[0xef, 0, 64]]],
    ['pb/1', integer(0), [[0xe1, 0, 64]]],
    ['program', note({ program: 5, channel: 4 }), [[0xc4, 5]]],
    ['pc/1', integer(5), [[0xc1, 5]]],
    ['pressure', integer(5), [[0xd0, 5]]],
    ['poly/1/60', integer(5), [[0xa1, 60, 5]]],
    ['transport', note({ state: 'continue' }), [[0xfb]]],
  ])('[MI5] %s takes %j', (path, value, bytes) => {
    expect(sent(path, value)).toEqual(bytes);
  });

  it('[MI6] counts channels from 1, and takes 0 to 1 for all that is no name', () => {
    expect(sent('ch/1/cc/7', integer(1), { firstChannel: 1 })).toEqual([[0xb0, 7, 1]]);
    expect(sent('ch/16/cc/7', integer(1), { firstChannel: 1 })).toEqual([[0xbf, 7, 1]]);
    expect(sent('ch/0/cc/7', integer(1), { firstChannel: 1 })).toBe('there is no channel 0');
    expect(sent('ch/0/cc/7', f64(0.5), { isUnit: true })).toEqual([[0xb0, 7, 64]]);
    expect(sent('ch/0/bend', f64(-1), { isUnit: true })).toEqual([[0xe0, 0, 0]]);
    expect(sent('ch/0/bend', f64(1), { isUnit: true })).toEqual([[0xe0, 127, 127]]);
    expect(sent('ch/0/note', note({ note: 60, velocity: 1 }), { isUnit: true })).toEqual([[0x90, 60, 127]]);
    expect(sent('ch/0/program', integer(9), { isUnit: true })).toEqual([[0xc0, 9]]);
  });

  it.each<readonly [string, Value, string]>([
    ['ch/16/cc/7', integer(1), 'there is no channel 16'],
    ['ch/0/cc/128', integer(1), 'expected a number from 0 to 127 in the address'],
    ['ch/0/cc/x', integer(1), 'expected a number from 0 to 127 in the address'],
    ['ch/0/cc/7', integer(128), 'expected a number from 0 to 127, not 128'],
    ['ch/0/cc/7', integer(-1), 'expected a number from 0 to 127, not -1'],
    ['ch/0/cc/7', f64(NaN), 'expected a number from 0 to 127, and no f64'],
    ['ch/0/cc/7', text('7'), 'expected a number from 0 to 127, and no string'],
    ['ch/0/cc14/32', integer(1), 'controllers with a fine part are 0 to 31'],
    ['ch/0/cc', integer(1), 'there is nothing of that address'],
    ['ch/0/cc/7/8', integer(1), 'there is nothing of that address'],
    ['ch/0/bend/1', integer(1), 'there is nothing of that address'],
    ['ch', integer(1), 'there is nothing of that address'],
    ['', integer(1), 'there is nothing of that address'],
    ['clock/bpm', f64(120), 'there is nothing of that address'],
    ['ch/0/note', integer(60), 'expected a map of note, velocity and on'],
    ['ch/0/note', note({ velocity: 1 }), 'expected a note from 0 to 127'],
    ['ch/0/note', note({ note: 128, velocity: 1 }), 'expected a note from 0 to 127'],
    ['ch/0/note', note({ note: 1, velocity: 200 }), 'expected a number from 0 to 127, not 200'],
    ['ch/0/program', f64(1.5), 'expected a whole number from 0 to 127'],
    ['transport', text('go'), 'transport takes start, continue or stop'],
    ['sysex', text('f0'), 'expected bytes, or an array of numbers from 0 to 255'],
    ['sysex', fromJson([0xf0, 0x80, 0xf7]), 'inside a sysex every byte is below 128'],
    ['sysex', fromJson([0xf0, 0xf7]), 'inside a sysex every byte is below 128'],
  ])('[MI5] %s with %j is refused in words', (path, value, why) => {
    expect(sent(path, value)).toBe(why);
  });
});
