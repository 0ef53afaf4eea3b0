import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMidi, type MidiMessage } from '../../../src-main/bridges/midi/midi-messages.ts';
import { MidiParser, sysexBytesMax } from '../../../src-main/bridges/midi/midi-parser.ts';
import { seededChance, wholeNumber } from '../../seeded-chance.ts';

function read(...pieces: readonly (readonly number[])[]): { messages: MidiMessage[]; dropped: number } {
  const messages: MidiMessage[] = [];
  const parser = new MidiParser((message) => messages.push(message));
  for (const piece of pieces) parser.feed(Uint8Array.from(piece));
  return { messages, dropped: parser.droppedTotal };
}

/** From the tables of the MIDI 1.0 Detailed Specification. */
const golden: readonly (readonly [readonly number[], MidiMessage])[] = [
  [[0x82, 0x3c, 0x40], { type: 'note', channel: 2, note: 60, velocity: 64, on: false }],
  [[0x9f, 0x3c, 0x7f], { type: 'note', channel: 15, note: 60, velocity: 127, on: true }],
  [[0xa1, 0x45, 0x10], { type: 'note-pressure', channel: 1, note: 69, pressure: 16 }],
  [[0xb0, 0x07, 0x64], { type: 'control', channel: 0, controller: 7, value: 100 }],
  [[0xc3, 0x05], { type: 'program', channel: 3, program: 5 }],
  [[0xd4, 0x55], { type: 'pressure', channel: 4, pressure: 85 }],
  [[0xe0, 0x00, 0x40], { type: 'bend', channel: 0, value: 0 }],
  [[0xe0, 0x00, 0x00], { type: 'bend', channel: 0, value: -8192 }],
  [[0xe5, 0x7f, 0x7f], { type: 'bend', channel: 5, value: 8191 }],
  [[0xf1, 0x35], { type: 'quarter-frame', data: 0x35 }],
  [[0xf2, 0x08, 0x01], { type: 'song-position', sixteenths: 136 }],
  [[0xf3, 0x02], { type: 'song-select', song: 2 }],
  [[0xf6], { type: 'tune-request' }],
  [[0xf8], { type: 'clock' }],
  [[0xfa], { type: 'start' }],
  [[0xfb], { type: 'continue' }],
  [[0xfc], { type: 'stop' }],
  [[0xfe], { type: 'active-sensing' }],
  [[0xff], { type: 'reset' }],
  // an identity request to all devices
  [[0xf0, 0x7e, 0x7f, 0x06, 0x01, 0xf7], { type: 'sysex', bytes: Uint8Array.of(0xf0, 0x7e, 0x7f, 0x06, 0x01, 0xf7) }],
];

describe('MIDI messages', () => {
  it.each(golden)('[MI1] %j is read and written as the specification has it', (bytes, message) => {
    expect(read(bytes)).toEqual({ messages: [message], dropped: 0 });
    expect([...encodeMidi(message)]).toEqual(bytes);
  });

  it('[MI1] takes a note on with velocity 0 for a note off', () => {
    expect(read([0x90, 60, 0]).messages).toEqual([{ type: 'note', channel: 0, note: 60, velocity: 0, on: false }]);
  });

  it('[MI2] are read from pieces of any size', () => {
    const all = golden.flatMap(([bytes]) => bytes);
    const messages = golden.map(([, message]) => message);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: all.length }), (sizes) => {
        let at = 0;
        const pieces = sizes.map((size) => all.slice(at, (at += size)));
        expect(read(...pieces)).toEqual({ messages, dropped: 0 });
      }),
    );
  });

  it('[MI2] are read with running status, which system messages end and realtime ones do not', () => {
    const note = (pitch: number) => ({ type: 'note', channel: 0, note: pitch, velocity: 1, on: true }) as const;
    expect(read([0x90, 60, 1, 61, 1, 0xf8, 62, 0xfe, 1]).messages).toEqual([
      note(60),
      note(61),
      { type: 'clock' },
      { type: 'active-sensing' },
      note(62),
    ]);
    expect(read([0xc1, 5, 6]).messages).toHaveLength(2);
    expect(read([0x90, 60, 1, 0xf6, 61, 1])).toMatchObject({
      messages: [note(60), { type: 'tune-request' }],
      dropped: 2,
    });
    expect(read([0x90, 60, 1, 0xf1, 3, 4])).toMatchObject({
      messages: [note(60), { type: 'quarter-frame' }],
      dropped: 1,
    });
  });

  it('[MI2] come out between the bytes of a sysex where they are realtime, and cut one off where they are not', () => {
    expect(read([0xf0, 1, 0xf8, 2, 0xfa, 3, 0xf7]).messages).toEqual([
      { type: 'clock' },
      { type: 'start' },
      { type: 'sysex', bytes: Uint8Array.of(0xf0, 1, 2, 3, 0xf7) },
    ]);
    expect(read([0xf0, 1, 2], [0x90, 60, 1])).toMatchObject({ messages: [{ type: 'note' }], dropped: 1 });
    expect(read([0xf0, 1], [0xf0, 2, 0xf7])).toEqual({
      messages: [{ type: 'sysex', bytes: Uint8Array.of(0xf0, 2, 0xf7) }],
      dropped: 1,
    });
    expect(read([0xf7, 0x90, 60, 1])).toMatchObject({ messages: [{ type: 'note' }], dropped: 1 });
  });

  it('[MI2] are whole again after bytes that belong to nothing', () => {
    expect(read([60, 1, 0xf4, 0xf5, 0xf9, 0xfd, 0x90, 60, 1])).toMatchObject({
      messages: [{ type: 'note' }],
      dropped: 6,
    });
    const parser = new MidiParser(() => undefined);
    parser.feed(Uint8Array.of(0x90, 60));
    parser.reset();
    parser.feed(Uint8Array.of(1));
    expect(parser.droppedTotal).toBe(2);
  });

  it('[MI3] keep to their bounds: a sysex that is too long is left out, and nothing throws', () => {
    const data = Array.from({ length: sysexBytesMax - 1 }, () => 1);
    expect(read([0xf0], data, [1, 0xf7])).toEqual({ messages: [], dropped: 1 });
    expect(read([0xf0], data.slice(1), [0xf7]).messages).toHaveLength(1);
    for (let seed = 1; seed <= 200; seed++) {
      const chance = seededChance(seed);
      const bytes = Array.from({ length: 300 }, () => wholeNumber(chance, 0, 255));
      for (const message of read(bytes).messages) {
        const again = read([...encodeMidi(message)]);
        expect(again, `seed ${seed}`).toEqual({ messages: [message], dropped: 0 });
      }
    }
  });
});
