import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src-main/core/protocol/byte-reader.ts';
import { readValue } from '../../../src-main/core/protocol/value-codec.ts';
import { fromHex, plain } from './plain-message.ts';

describe('value codec', () => {
  it('[PR3] takes exactly the bytes of the value and leaves the rest', () => {
    const reader = new ByteReader();
    reader.open(fromHex('0a00020101000700'), 0, 8);
    expect(plain(readValue(reader))).toEqual({ code: 0x0a, data: '0002010100' });
    expect(reader.remaining).toBe(2);
  });

  it('[PR10] refuses a value that would fail when somebody looks at it later', () => {
    for (const hex of ['0c', '0a00010c', '080001ff', '0b00010001ff00', '07000000']) {
      const reader = new ByteReader();
      const bytes = fromHex(hex);
      reader.open(bytes, 0, bytes.length);
      expect(() => readValue(reader), hex).toThrow(expect.objectContaining({ kind: 'protocol' }));
    }
  });
});
