import { describe, expect, it } from 'vitest';
import { readEscapes, tryEscapedBytes, tryHexBytes } from '../../src-main/contract/serial-text.ts';

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');

describe('text that stands for bytes', () => {
  it('[SL30] has escapes for what cannot be typed, and UTF-8 for all else', () => {
    expect(hex(tryEscapedBytes('a\\r\\n\\x03\\t\\0\\e\\\\é'))).toBe('610d0a0309001b5cc3a9');
    expect(tryEscapedBytes('')).toEqual(new Uint8Array());
  });

  it.each(['\\q', 'a\\', '\\x1', '\\xg0'])('[SL30] says what to write in place of %s', (written) => {
    expect(readEscapes(written)).toMatch(/stands for nothing: write/);
    expect(tryEscapedBytes(written)).toBeUndefined();
  });

  it('[SL30] in hexadecimal has pairs of digits, with blanks where they please', () => {
    expect(hex(tryHexBytes(' 7E 01fF\n0 0'))).toBe('7e01ff00');
    expect([tryHexBytes('7'), tryHexBytes('0x7e'), tryHexBytes('zz')]).toEqual([undefined, undefined, undefined]);
  });
});
