import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, LimitError } from '../../../src-main/contract/errors.ts';
import { sameValue, type Value } from '../../../src-main/contract/signal.ts';
import { decodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { encodeValue } from '../../../src-main/core/protocol/values.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { values } from './arbitraries.ts';
import { fromHex, toHex } from './plain-message.ts';
import { vector } from './vectors.ts';

describe('wire value', () => {
  it('[PR19] shows code, data and value however it was made', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeValue(value);
        const made = WireValue.of(value);
        const read = new WireValue(bytes[0] ?? 0xff, bytes.subarray(1));
        for (const one of [made, read, made.copy(), read.copy()]) {
          expect(one.code).toBe(bytes[0]);
          expect(toHex(one.data)).toBe(toHex(bytes.subarray(1)));
          expect(sameValue(one.value, value)).toBe(true);
          expect(one.equals(made) && made.equals(one)).toBe(true);
        }
      }),
    );
  });

  it.each(['7ff8000000000001', 'fff0000000000001', '8000000000000000', '7ff0000000000000'])(
    '[RT223] is copied bit for bit, also the number %s',
    (hex) => {
      const read = new WireValue(0x07, fromHex(hex));
      const [copy, again] = [read.copy(), read.copy().copy()];
      expect([copy.size, toHex(copy.data), toHex(again.data)]).toEqual([8, hex, hex]);
    },
  );

  it('[PR19] differs in type or in bytes', () => {
    const f64 = WireValue.of({ type: 'f64', value: 1 });
    expect(f64.equals(WireValue.of({ type: 'f64', value: 2 }))).toBe(false);
    expect(
      WireValue.of({ type: 'string', value: '' }).equals(WireValue.of({ type: 'bytes', value: new Uint8Array() })),
    ).toBe(false);
    expect(WireValue.of({ type: 'string', value: 'a' }).equals(WireValue.of({ type: 'string', value: 'ab' }))).toBe(
      false,
    );
  });

  it.each([
    ['a Uint8Array', (bytes: Uint8Array) => bytes],
    ['a Node Buffer', (bytes: Uint8Array) => Buffer.from(bytes)],
  ])('[PR19] is a view of the frame until it is copied: %s', (_, as) => {
    const frame = as(fromHex(vector('V33').hex));
    const { message } = decodeFrame(frame);
    const value = 'value' in message ? message.value : undefined;
    const kept = value?.copy();
    frame.fill(0);
    expect(toHex(value?.data ?? frame)).toBe('000000000000');
    expect(toHex(kept?.data ?? frame)).toBe('00040001feff');
  });

  it('[PR19] does not follow the bytes it was made of', () => {
    const bytes = new Uint8Array([1, 2]);
    const made = WireValue.of({ type: 'bytes', value: bytes });
    bytes.fill(9);
    expect(toHex(made.data)).toBe('00020102');
  });

  it('[PR9] refuses at once what no frame can carry', () => {
    const tooLong: Value = { type: 'string', value: 'x'.repeat(65_536) };
    expect(() => WireValue.of(tooLong)).toThrow(LimitError);
    expect(() => WireValue.of({ type: 'i16', value: 40_000 })).toThrow(InputError);
  });
});
