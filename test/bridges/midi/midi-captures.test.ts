import { describe, expect, it } from 'vitest';
import { FineControls, type FineValue } from '../../../src-main/bridges/midi/fine-controls.ts';
import { midiForm } from '../../../src-main/bridges/midi/midi-form.ts';
import { encodeMidi, type MidiMessage } from '../../../src-main/bridges/midi/midi-messages.ts';
import { messagesOf } from '../../../src-main/bridges/midi/midi-output.ts';
import { MidiParser } from '../../../src-main/bridges/midi/midi-parser.ts';
import { integer } from '../../../src-main/contract/signal.ts';
import { timecodeRates } from '../../../src-main/contract/timecode.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { MidiClockMeter } from '../../../src-main/core/timecode/midi-clock-meter.ts';
import { fullFrame, MtcReader, quarterFrame, tryFullFrame } from '../../../src-main/core/timecode/mtc.ts';
import captured from '../../fixtures/captures/midi.json' with { type: 'json' };
import { SimulatedClock } from '../../simulated-clock.ts';
import { midiSettings } from '../bridge-settings.ts';

type Name = Exclude<keyof typeof captured, 'jack-clock-132'>;
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const written = (messages: readonly MidiMessage[]): string => messages.map((each) => hexOf(encodeMidi(each))).join('');

function read(name: Name): MidiMessage[] {
  const messages: MidiMessage[] = [];
  const parser = new MidiParser((message) => messages.push(message));
  parser.feed(Buffer.from(captured[name], 'hex'));
  expect(parser.droppedTotal).toBe(0);
  return messages;
}

/** What each program was told to send. */
const told: readonly (readonly [Name, readonly MidiMessage[]])[] = [
  [
    'mido-note',
    [
      { type: 'note', channel: 2, note: 60, velocity: 100, on: true },
      { type: 'note', channel: 2, note: 60, velocity: 64, on: false },
    ],
  ],
  [
    'mido-touch',
    [
      { type: 'note-pressure', channel: 0, note: 69, pressure: 16 },
      { type: 'pressure', channel: 4, pressure: 85 },
    ],
  ],
  ['mido-control', [{ type: 'control', channel: 15, controller: 7, value: 101 }]],
  ['mido-program', [{ type: 'program', channel: 3, program: 5 }]],
  ['mido-bend', [-8192, -1, 0, 1, 8191].map((value) => ({ type: 'bend', channel: 0, value }))],
  // MIDI Show Control: GO of lighting cue 12.5 in list 1, to device 5.
  ['mido-sysex', [{ type: 'sysex', bytes: Buffer.from('f07f0502010131322e350031f7', 'hex') }]],
  ['mido-identity', [{ type: 'sysex', bytes: Uint8Array.of(0xf0, 0x7e, 0x7f, 6, 1, 0xf7) }]],
  [
    'mido-clock',
    [
      { type: 'start' },
      ...Array.from({ length: 24 }, () => ({ type: 'clock' }) as const),
      ...([{ type: 'stop' }, { type: 'song-position', sixteenths: 136 }, { type: 'continue' }] as const),
    ],
  ],
  [
    'mido-system',
    [{ type: 'song-select', song: 2 }, { type: 'tune-request' }, { type: 'active-sensing' }, { type: 'reset' }],
  ],
  ['jzz-bend', [{ type: 'bend', channel: 3, value: 12_345 - 8192 }]],
  ['jzz-master-volume', [{ type: 'sysex', bytes: Uint8Array.of(0xf0, 0x7f, 0x7f, 4, 1, 0, 0x40, 0xf7) }]],
];

describe('MIDI of other programs', () => {
  it.each(told)('[MI36] is read as what was meant, and written with the same bytes: %s', (name, messages) => {
    expect(read(name)).toEqual(
      messages.map((each) => ('bytes' in each ? { ...each, bytes: Uint8Array.from(each.bytes) } : each)),
    );
    expect(written(messages)).toBe(captured[name]);
  });

  it.each<[Name, string, FineValue]>([
    ['jzz-volume14', 'ch/0/cc14/7', { kind: 'cc14', channel: 0, number: 7, value: 12_345 }],
    ['jzz-nrpn', 'ch/0/nrpn/136', { kind: 'nrpn', channel: 0, number: 136, value: 12_807 }],
    ['jzz-rpn', 'ch/0/rpn/0', { kind: 'rpn', channel: 0, number: 0, value: 1586 }],
  ])('[MI36] is read as what was meant, in 14 bits, and written with the same bytes: %s', (name, path, value) => {
    const clock = new SimulatedClock();
    const heard: FineValue[] = [];
    const controls = new FineControls({ clock, fine: [7], numbered: true, onValue: (each) => heard.push(each) });
    for (const each of read(name))
      if (each.type === 'control') controls.take(each.channel, each.controller, each.value);
    clock.advance(20);
    expect(heard.at(-1)).toEqual(value);
    const sent = messagesOf(path, { value: integer(value.value) }, midiForm(midiSettings().settings));
    expect(typeof sent === 'string' ? sent : written(sent)).toBe(captured[name]);
  });
});

describe('the clock of jack_midi_clock', () => {
  it('[MI36] is read as the 132 beats a minute that it was told, with no jitter but that of its samples', () => {
    const meter = new MidiClockMeter();
    const types: string[] = [];
    let now = micros(0);
    const parser = new MidiParser(({ type }) => {
      types.push(type);
      if (type === 'clock') meter.tick(now);
    });
    for (const hex of captured['jack-clock-132'].slice(0, -1)) {
      const record = Buffer.from(hex, 'hex');
      now = micros(Math.round((record.readUInt32BE() * 1_000_000) / 48_000));
      parser.feed(record.subarray(4));
    }
    expect([types[0], new Set(types.slice(1))]).toEqual(['start', new Set(['clock'])]);
    expect(meter.bpm(now)).toBeCloseTo(132, 1);
    expect(meter.jitter()?.max).toBeLessThan(0.03);
    parser.feed(Buffer.from(captured['jack-clock-132'].at(-1) ?? '', 'hex').subarray(4));
    expect(types.at(-1)).toBe('stop');
  });
});

describe('MTC of other programs', () => {
  const timecode = { hours: 10, minutes: 20, seconds: 40, frames: 12 };
  const names = { '24': '24', '25': '25', '29.97df': '2997df', '30': '30' } as const;

  it.each(timecodeRates)('[MI37] is read and written quarter by quarter, and whole, at %s', (rate) => {
    const reader = new MtcReader();
    const quarters = read(`jzz-mtc-${names[rate]}`).map((each) => (each.type === 'quarter-frame' ? each.data : -1));
    const positions = quarters.map((data) => reader.quarterFrame(data));
    expect(positions.at(-1)).toEqual({ time: { timecode, rate }, pastFrames: 1.75, backwards: false });
    expect(quarters.map((_, piece) => quarterFrame({ timecode, rate }, piece))).toEqual(quarters);
    const [full] = read(`jzz-mtc-full-${names[rate]}`);
    expect(full?.type === 'sysex' && tryFullFrame(full.bytes)).toEqual({ timecode, rate });
    expect(hexOf(fullFrame({ timecode, rate }))).toBe(captured[`jzz-mtc-full-${names[rate]}`]);
  });

  it('[MI37] is read backwards, two frames for every eight quarters', () => {
    const reader = new MtcReader();
    const places = read('jzz-mtc-back').flatMap((each) => {
      const place = each.type === 'quarter-frame' ? reader.quarterFrame(each.data) : undefined;
      return place ? [[place.time.timecode.frames, place.backwards]] : [];
    });
    expect(places).toEqual([
      [11, true],
      [9, true],
    ]);
  });

  it('[MI37] is read from quarters in messages of their own', () => {
    const reader = new MtcReader();
    const positions = read('mido-quarter').map((each) =>
      each.type === 'quarter-frame' ? reader.quarterFrame(each.data) : undefined,
    );
    const expected = { hours: 1, minutes: 56, seconds: 34, frames: 12 };
    expect(positions.at(-1)?.time).toEqual({ timecode: expected, rate: '25' });
  });
});
