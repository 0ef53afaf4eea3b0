import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { vectors } from '../../core/protocol/vectors.ts';
import { seeded } from '../seeded.ts';

/** Golden frames with flipped bits, cut, with lying lengths and unknown types. */
export function malformedFrames(seed: number): readonly Uint8Array[] {
  const chance = seeded(seed);
  const pick = (below: number): number => Math.floor(chance() * below);
  return vectors.flatMap(({ hex }) => {
    const frame = Uint8Array.from(Buffer.from(hex, 'hex'));
    const flipped = [1, 2, 3].map(() => frame.with(pick(frame.length), 1 << pick(8)));
    const cut = frame.subarray(0, pick(frame.length));
    const lying = frame.length > 4 ? [0, 0xff].map((byte) => frame.with(2, byte)) : [];
    const unknown = frame.length > 4 ? [frame.with(4, 0xee)] : [];
    return [...flipped, cut, ...lying, ...unknown];
  });
}

/** A SET of `/base/level` whose name is no UTF-8, in places. */
export function badTexts(): readonly Uint8Array[] {
  const frame = setOf('/base/level');
  const at = Buffer.from(frame).indexOf('/base');
  return [0xff, 0xc0, 0xed, 0xf8, 0x80].map((byte) => frame.with(at + 2, byte));
}

/** @param isStream what is claimed there comes with what is sent next, so that no claim is a lie */
export function oversizedFrames(isStream: boolean): readonly Uint8Array[] {
  const huge = [70_000, 300_000].map((size) => {
    const frame = new Uint8Array(size);
    frame.set(setOf('/base/level'));
    return frame;
  });
  const claimed = isStream ? [] : [setOf('/base/level').with(2, 0xff).with(3, 0xff)];
  const long = setOf('/base').slice();
  return [
    ...huge,
    ...claimed,
    ...[1025, 2000, 60_000].map((size) => rawSet(`/${'a'.repeat(size)}`)),
    long.subarray(0, 3),
  ];
}

/** Values within values, bundles within bundles, and old messages of MessagePack, all deeper than is allowed. */
export function deepFrames(): readonly Uint8Array[] {
  const nested = [33, 34, 200, 5000, 20_000].map((depth) => {
    const name = Buffer.from('/base/level');
    const value = Buffer.concat([...Array<Buffer>(depth).fill(Buffer.from([0, 1, 0x0a])), Buffer.alloc(2)]);
    return framed(Buffer.concat([Buffer.from([messageType.set, 0x0a, 0, name.length]), name, value]));
  });
  const bundles = [9, 20, 500].map((depth) => {
    let inner: Buffer = Buffer.from(setOf('/base/level').subarray(4));
    for (let i = 0; i < depth && inner.length < 60_000; i++) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(inner.length);
      inner = Buffer.concat([Buffer.from([messageType.bundle, 0, 0, 1]), length, inner]);
    }
    return framed(inner);
  });
  const bombs = [
    Buffer.concat([Buffer.from([0x81, 0xa5]), Buffer.from('value'), Buffer.alloc(60_000, 0x91)]),
    Buffer.concat([Buffer.from([0x81, 0xa5]), Buffer.from('value'), Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])]),
    Buffer.concat([Buffer.from([0x81, 0xa5]), Buffer.from('value'), Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff])]),
    Buffer.concat([Buffer.from([0x81, 0xa5]), Buffer.from('value'), Buffer.from([0xc6, 0xff, 0xff, 0xff, 0xff])]),
    Buffer.alloc(60_000, 0x81),
  ];
  return [...nested, ...bundles, ...bombs.map(framed)];
}

/** A SET with any text as its address, also what no encoder takes. */
export function rawSet(address: string): Uint8Array {
  const name = Buffer.from(address);
  const head = Buffer.from([messageType.set, 0x07, name.length >> 8, name.length & 0xff]);
  return framed(Buffer.concat([head, name, Buffer.alloc(8)]));
}

function setOf(address: string): Uint8Array {
  const value = WireValue.of({ type: 'f64', value: 666 });
  return encodeFrame({ type: messageType.set, address, value }).slice();
}

function framed(payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0x53, 0x01, (payload.length >> 8) & 0xff, payload.length & 0xff]), payload]);
}
