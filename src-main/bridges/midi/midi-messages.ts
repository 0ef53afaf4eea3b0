/** One MIDI message. Channels count from 0 here.
 *  @see MIDI 1.0 Detailed Specification, tables I to VI */
export type MidiMessage =
  | {
      readonly type: 'note';
      readonly channel: number;
      readonly note: number;
      readonly velocity: number;
      readonly on: boolean;
    }
  | { readonly type: 'note-pressure'; readonly channel: number; readonly note: number; readonly pressure: number }
  | { readonly type: 'control'; readonly channel: number; readonly controller: number; readonly value: number }
  | { readonly type: 'program'; readonly channel: number; readonly program: number }
  | { readonly type: 'pressure'; readonly channel: number; readonly pressure: number }
  /** -8192..8191 */
  | { readonly type: 'bend'; readonly channel: number; readonly value: number }
  /** from F0 to F7 */
  | { readonly type: 'sysex'; readonly bytes: Uint8Array }
  | { readonly type: 'quarter-frame'; readonly data: number }
  /** 0..16383 */
  | { readonly type: 'song-position'; readonly sixteenths: number }
  | { readonly type: 'song-select'; readonly song: number }
  | { readonly type: 'tune-request' }
  | { readonly type: RealtimeType };

/** In one byte each, between the bytes of any other message. */
export const realtimeBytes = {
  clock: 0xf8,
  start: 0xfa,
  continue: 0xfb,
  stop: 0xfc,
  'active-sensing': 0xfe,
  reset: 0xff,
} as const;
export type RealtimeType = keyof typeof realtimeBytes;
export type ChannelMessage = Extract<MidiMessage, { channel: number }>;

/** A message as bytes, with its status byte. Numbers are cut to the bits they have. */
export function encodeMidi(message: MidiMessage): Uint8Array {
  switch (message.type) {
    case 'note':
      return channelBytes(message.on ? 0x90 : 0x80, message.channel, message.note, message.velocity);
    case 'note-pressure':
      return channelBytes(0xa0, message.channel, message.note, message.pressure);
    case 'control':
      return channelBytes(0xb0, message.channel, message.controller, message.value);
    case 'program':
      return channelBytes(0xc0, message.channel, message.program);
    case 'pressure':
      return channelBytes(0xd0, message.channel, message.pressure);
    case 'bend': {
      const value = message.value + 8192;
      return channelBytes(0xe0, message.channel, value, value >> 7);
    }
    case 'sysex':
      return message.bytes;
    case 'quarter-frame':
      return Uint8Array.of(0xf1, message.data & 0x7f);
    case 'song-position':
      return Uint8Array.of(0xf2, message.sixteenths & 0x7f, (message.sixteenths >> 7) & 0x7f);
    case 'song-select':
      return Uint8Array.of(0xf3, message.song & 0x7f);
    case 'tune-request':
      return Uint8Array.of(0xf6);
    default:
      return Uint8Array.of(realtimeBytes[message.type]);
  }
}

/** The message of a status byte 80..EF with its data bytes. A note on with velocity 0 is a note off. */
export function channelMessage(status: number, first: number, second: number): ChannelMessage {
  const channel = status & 0x0f;
  switch (status & 0xf0) {
    case 0x80:
      return { type: 'note', channel, note: first, velocity: second, on: false };
    case 0x90:
      return { type: 'note', channel, note: first, velocity: second, on: second > 0 };
    case 0xa0:
      return { type: 'note-pressure', channel, note: first, pressure: second };
    case 0xb0:
      return { type: 'control', channel, controller: first, value: second };
    case 0xc0:
      return { type: 'program', channel, program: first };
    case 0xd0:
      return { type: 'pressure', channel, pressure: first };
    default:
      return { type: 'bend', channel, value: (first | (second << 7)) - 8192 };
  }
}

function channelBytes(status: number, channel: number, ...data: readonly number[]): Uint8Array {
  return Uint8Array.from([status | (channel & 0x0f), ...data.map((byte) => byte & 0x7f)]);
}
