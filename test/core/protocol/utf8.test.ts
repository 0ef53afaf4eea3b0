import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUtf8, textOfUtf8, utf8Size, writeUtf8 } from '../../../src-main/core/protocol/utf8.ts';
import { anyCharacter } from '../../any-character.ts';
import { fromHex } from './plain-message.ts';

describe('UTF-8', () => {
  it('[PR10] agrees with the platform about which bytes are text', () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 0xff }),
      fc.constantFrom(
        0x80,
        0x8f,
        0x90,
        0x9f,
        0xa0,
        0xbf,
        0xc0,
        0xc1,
        0xc2,
        0xdf,
        0xe0,
        0xe1,
        0xed,
        0xef,
        0xf0,
        0xf4,
        0xf5,
      ),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), (list) => {
        const bytes = Uint8Array.from(list);
        expect(isUtf8(bytes, 0, bytes.length)).toBe(platformTakes(bytes));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    'c080',
    'e08080',
    'eda080',
    'edbfbf',
    'f0808080',
    'f4908080',
    'f5808080',
    'ff',
    '80',
    'c2',
    'e282',
    'f09f8e',
  ])('[PR10] refuses %s', (hex) => {
    const bytes = fromHex(hex);
    expect(isUtf8(bytes, 0, bytes.length)).toBe(false);
  });

  it('[PR10] looks only between start and end', () => {
    const bytes = fromHex('ff6162ff');
    expect(isUtf8(bytes, 1, 3)).toBe(true);
    expect(isUtf8(fromHex('61c3a9'), 0, 2)).toBe(false);
  });

  it('[PR3] keeps a byte order mark', () => {
    expect(textOfUtf8(fromHex('efbbbf61'))).toBe('\ufeffa');
  });

  it('[PR9] knows the size before writing, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.constantFrom('', '\ud800', '\udc00'), (text, stray) => {
        const whole = text + stray + text;
        const into = new Uint8Array(whole.length * 3 + 1);
        expect(writeUtf8(whole, into)).toBe(utf8Size(whole));
      }),
    );
  });

  it('[PR9] says so when the text does not fit', () => {
    expect(writeUtf8('abc', new Uint8Array(2))).toBe(-1);
  });
});

function platformTakes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
