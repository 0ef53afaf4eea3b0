import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src-main/contract/errors.ts';
import { checkPageMessage, pageMessageDepthMax } from '../../src-main/engine/check-page-message.ts';

const packable = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.double(),
    fc.date({ noInvalidDate: true }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 20 }),
  ),
})).value;

function pack(value: unknown): Uint8Array {
  return encode(value, { useBigInt64: true });
}

describe('what a page sends', () => {
  it('[EA29] passes where it is one whole MessagePack value, every length form of it', () => {
    fc.assert(
      fc.property(packable, (value) => {
        checkPageMessage(pack(value));
      }),
    );
    for (const length of [0, 31, 32, 255, 256, 65_535, 65_536]) {
      checkPageMessage(pack('x'.repeat(length)));
      checkPageMessage(pack(new Uint8Array(length)));
      checkPageMessage(pack(Array.from({ length }, () => 0)));
      checkPageMessage(pack(Object.fromEntries(Array.from({ length }, (_, index) => [String(index), 0]))));
    }
    for (const size of [1, 2, 3, 4, 8, 16, 17, 255, 256, 65_535, 65_536]) {
      const extensionCodec = new ExtensionCodec();
      extensionCodec.register({ type: 5, encode: () => new Uint8Array(size), decode: () => null });
      checkPageMessage(encode({}, { extensionCodec }));
    }
  });

  it('[EA29] is refused where a byte is missing or too many', () => {
    fc.assert(
      fc.property(packable, fc.nat(), (value, cut) => {
        const bytes = pack(value);
        expect(() => {
          checkPageMessage(bytes.subarray(0, cut % bytes.length));
        }).toThrow(ProtocolError);
        expect(() => {
          checkPageMessage(new Uint8Array([...bytes, 0xc0]));
        }).toThrow(ProtocolError);
      }),
    );
  });

  it('[EA29] refuses any bytes with a ProtocolError, and lets none pass that end too early for the decoder', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          checkPageMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          return;
        }
        try {
          decode(bytes, { useBigInt64: true });
        } catch (error) {
          // Keys, texts and times are left to the decoder; how much there is, is not.
          expect(String(error)).not.toMatch(/Insufficient data|Extra|Unrecognized type byte|too deep/i);
          expect(error).not.toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['arrays that promise 100 000 items each', [0xdd, 0x00, 0x01, 0x86, 0xa0]],
    ['arrays that promise 65 535 items each', [0xdc, 0xff, 0xff]],
    ['maps that promise 65 535 entries each', [0xde, 0xff, 0xff]],
    ['arrays of one', [0x91]],
  ])('[EA29] refuses 300 KB of nested %s before anything is made of it', (_, head) => {
    const attack = Uint8Array.from({ length: 300_000 }, (_, index) => head[index % head.length] ?? 0);
    const began = performance.now();
    expect(() => {
      checkPageMessage(attack);
    }).toThrow(ProtocolError);
    expect(performance.now() - began).toBeLessThan(100);
  });

  it('[EA29] nests only so deep', () => {
    const nested = (depth: number) => new Uint8Array([...Array.from({ length: depth }, () => 0x91), 0xc0]);
    checkPageMessage(nested(pageMessageDepthMax));
    expect(() => {
      checkPageMessage(nested(pageMessageDepthMax + 1));
    }).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});
