import { describe, expect, it } from 'vitest';
import {
  decodeOscPacket,
  encodeOscBundle,
  encodeOscMessage,
  type OscMessage,
} from '../../../src-main/bridges/osc/osc-codec.ts';
import { createPacketSplitter, framePacket } from '../../../src-main/bridges/osc/osc-framing.ts';
import { immediately, tagOfTime, type TimeTag } from '../../../src-main/bridges/osc/osc-time.ts';
import { bool, f32, text, type Value } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import captured from '../../fixtures/captures/osc.json' with { type: 'json' };

type Name = keyof typeof captured;
const bytesOf = (name: Name): Buffer => Buffer.from(captured[name], 'hex');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const one: Value = { type: 'i32', value: 1 };
const at = micros(1_795_435_200_250_000);

/** What python-osc was told to send. */
const bundles: readonly (readonly [Name, TimeTag, readonly OscMessage[]])[] = [
  [
    'pythonosc-bundle',
    tagOfTime(at),
    [
      { address: '/lamp/1', value: f32(0.5), at },
      { address: '/lamp/2', value: { type: 'i32', value: 7 }, at },
    ],
  ],
  [
    'pythonosc-now',
    immediately,
    [
      {
        address: '/cue/Zoë',
        value: { type: 'array', value: [text('GO'), { type: 'array', value: [one, bool(true)] }] },
      },
    ],
  ],
];

describe('OSC of other programs', () => {
  it.each(bundles)(
    '[OS4] comes in bundles that are read, and written with the same bytes: %s',
    (name, tag, messages) => {
      expect(decodeOscPacket(bytesOf(name))).toEqual({ messages, malformed: 0 });
      const own = messages.map(({ address, value }) => encodeOscMessage(address, value));
      expect(hexOf(encodeOscBundle(tag, own))).toBe(captured[name]);
    },
  );

  it.each<[Name, 'slip' | 'length', OscMessage]>([
    ['oscsend-tcp', 'length', { address: '/desk/fader/1', value: f32(0.75) }],
    [
      'pythonosc-tcp-length',
      'length',
      { address: '/scene', value: { type: 'bytes', value: Uint8Array.of(0xc0, 0xdb, 0xdc) } },
    ],
    [
      'pythonosc-tcp-slip',
      'slip',
      { address: '/scene', value: { type: 'bytes', value: Uint8Array.of(0xc0, 0xdb, 0xdc) } },
    ],
  ])('[OS12] comes by TCP in frames that are read, and written with the same bytes: %s', (name, framing, message) => {
    const packets: OscMessage[] = [];
    const splitter = createPacketSplitter(
      framing,
      (packet) => packets.push(...decodeOscPacket(packet).messages),
      () => expect.fail('malformed'),
    );
    for (const byte of bytesOf(name)) splitter.read(Uint8Array.of(byte));
    expect(packets).toEqual([message]);
    expect(hexOf(framePacket(framing, encodeOscMessage(message.address, message.value)))).toBe(captured[name]);
  });
});
