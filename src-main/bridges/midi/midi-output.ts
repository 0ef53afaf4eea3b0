import { tryNumber, type Signal, type Value } from '../../contract/signal.ts';
import { numberIn, type MidiForm } from './midi-form.ts';
import type { MidiMessage } from './midi-messages.ts';
import { sysexBytesMax } from './midi-parser.ts';
import { ownPartsOf } from './spec-paths.ts';

/** What a signal becomes: messages, or a clause that says why none. */
export type MidiSending = readonly MidiMessage[] | string;

/** The messages of a signal to this device.
 *  @param path behind the device's address, without a slash at its begin: `ch/0/cc/7`, or as the reference and the specification have it
 *  @see docs/bridges/midi.md */
export function messagesOf(path: string, { value }: Pick<Signal, 'value'>, form: MidiForm): MidiSending {
  const given = path.split('/');
  if (given[0] === 'ch') given.shift();
  const parts = ownPartsOf(given, value, form.firstChannel) ?? given;
  const [first = '', ...rest] = parts;
  if (/^\d{1,2}$/.test(first)) {
    const channel = Number(first) - form.firstChannel;
    if (channel < 0 || channel > 15) return `there is no channel ${first}`;
    // What the device said last is told there, and it is sent it when it returns.
    const isCurrent = rest.join('/') === 'program/current';
    return channelMessages(channel, isCurrent ? ['program'] : rest, value, form);
  }
  return systemMessages(parts.join('/'), value);
}

/** Whether a param of this path is how the device stands, and no command of its moment, and nothing that is only told.
 *  @param path as of `messagesOf` */
export function isStatePath(path: string): boolean {
  return !noState.test(path);
}

const noState = new RegExp(
  [
    'timecode(/|$)',
    'clock/',
    '(song/position|transport|tune|reset)$',
    'note(/\\d{1,2})?$',
    '(ch/)?\\d{1,2}/note$',
    // All sound off, reset of controllers, all notes off; steps of a parameter.
    '((ch/)?\\d{1,2}/)?cc/(\\d{1,2}/)?(96|97|120|121|123)$',
  ]
    .map((each) => `^${each}`)
    .join('|'),
);

function channelMessages(
  channel: number,
  [what, detail, more]: readonly string[],
  value: Value,
  form: MidiForm,
): MidiSending {
  if (more !== undefined) return 'there is nothing of that address';
  const number = detail === undefined ? undefined : wholeIn(detail, what === 'nrpn' || what === 'rpn' ? 16_383 : 127);
  if (typeof number === 'string') return number;
  const level = (max: number, make: (level: number) => readonly MidiMessage[], min = 0): MidiSending => {
    const found = numberIn(value, { min, max }, form);
    return typeof found === 'string' ? found : make(found);
  };
  if (number === undefined) {
    switch (what) {
      case 'note':
        return noteMessage(channel, value, form);
      case 'bend':
        return level(8191, (bend) => [{ type: 'bend', channel, value: bend }], -8192);
      case 'pressure':
        return level(127, (pressure) => [{ type: 'pressure', channel, pressure }]);
      case 'program':
        return numbered(inMap(value, 'program'), 127, (program) => [{ type: 'program', channel, program }]);
      default:
        return 'there is nothing of that address';
    }
  }
  switch (what) {
    case 'note':
      return level(127, (velocity) => [{ type: 'note', channel, note: number, velocity, on: velocity > 0 }]);
    case 'cc':
      return level(127, (control) => [{ type: 'control', channel, controller: number, value: control }]);
    case 'cc14':
      if (number > 31) return 'controllers with a fine part are 0 to 31';
      return level(16_383, (fine) => pair(channel, number, number + 32, fine));
    case 'nrpn':
    case 'rpn': {
      const [high, low] = what === 'nrpn' ? [99, 98] : [101, 100];
      return level(16_383, (fine) => [...pair(channel, high, low, number), ...pair(channel, 6, 38, fine)]);
    }
    case 'pressure':
      return level(127, (pressure) => [{ type: 'note-pressure', channel, note: number, pressure }]);
    default:
      return 'there is nothing of that address';
  }
}

/** `{note, velocity, on}`, inside `payload` too, as the reference wants it; or `[note, velocity]`. */
function noteMessage(channel: number, value: Value, form: MidiForm): MidiSending {
  if (value.type === 'array') return noteOf(channel, { note: value.value[0], velocity: value.value[1] }, form);
  if (value.type !== 'map') return 'expected a map of note, velocity and on';
  const { payload, ...parts } = Object.fromEntries(value.value);
  return payload ? noteMessage(channel, payload, form) : noteOf(channel, parts, form);
}

function noteOf(channel: number, parts: Readonly<Record<string, Value | undefined>>, form: MidiForm): MidiSending {
  const note = parts['note'] && tryNumber(parts['note']);
  if (note === undefined || !Number.isInteger(note) || note < 0 || note > 127) return 'expected a note from 0 to 127';
  const isOff = parts['on'] !== undefined && tryNumber(parts['on']) === 0;
  const given = parts['velocity'];
  const velocity = given ? numberIn(given, { min: 0, max: 127 }, form) : isOff ? 0 : 100;
  if (typeof velocity === 'string') return velocity;
  return [{ type: 'note', channel, note, velocity, on: !isOff && velocity > 0 }];
}

function systemMessages(path: string, value: Value): MidiSending {
  switch (path) {
    case 'sysex':
      return sysexMessage(value);
    case 'transport': {
      const given = inMap(value, 'state');
      const word = given.type === 'string' ? given.value : '';
      if (word === 'start' || word === 'continue' || word === 'stop') return [{ type: word }];
      return 'transport takes start, continue or stop';
    }
    case 'song/position':
      return numbered(value, 16_383, (sixteenths) => [{ type: 'song-position', sixteenths }]);
    case 'song/select':
      return numbered(value, 127, (song) => [{ type: 'song-select', song }]);
    case 'tune':
      return [{ type: 'tune-request' }];
    case 'reset':
      return [{ type: 'reset' }];
    default:
      return 'there is nothing of that address';
  }
}

function sysexMessage(value: Value): MidiSending {
  const bytes = bytesOf(value);
  if (!bytes) return 'expected bytes, or an array of numbers from 0 to 255';
  const inside = bytes[0] === 0xf0 ? bytes.subarray(1) : bytes;
  const data = inside.at(-1) === 0xf7 ? inside.subarray(0, -1) : inside;
  if (data.length === 0 || data.some((byte) => byte > 0x7f)) return 'inside a sysex every byte is below 128';
  if (data.length + 2 > sysexBytesMax) return `a sysex has at most ${sysexBytesMax} bytes`;
  return [{ type: 'sysex', bytes: Uint8Array.from([0xf0, ...data, 0xf7]) }];
}

function bytesOf(value: Value): Uint8Array | undefined {
  if (value.type === 'bytes') return value.value;
  if (value.type !== 'array' || value.value.length > sysexBytesMax) return undefined;
  const numbers = value.value.map((item) => tryNumber(item) ?? -1);
  return numbers.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)
    ? Uint8Array.from(numbers)
    : undefined;
}

/** What the specification puts into a map by a name. */
function inMap(value: Value, name: string): Value {
  return (value.type === 'map' && Object.fromEntries(value.value)[name]) || value;
}

/** Numbers that name something are never scaled. */
function numbered(value: Value, max: number, make: (number: number) => readonly MidiMessage[]): MidiSending {
  const number = tryNumber(value);
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > max)
    return `expected a whole number from 0 to ${max}`;
  return make(number);
}

function pair(channel: number, coarse: number, fine: number, value: number): MidiMessage[] {
  return [
    { type: 'control', channel, controller: coarse, value: value >> 7 },
    { type: 'control', channel, controller: fine, value: value & 0x7f },
  ];
}

function wholeIn(text: string, max: number): number | string {
  return /^\d{1,5}$/.test(text) && Number(text) <= max
    ? Number(text)
    : `expected a number from 0 to ${max} in the address`;
}
