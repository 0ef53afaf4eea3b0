import { describe, expect, it } from 'vitest';
import { encodeSlip, SlipDecoder } from '../../../src-main/core/framing/slip.ts';

describe('SLIP', () => {
  it('[SL4] has its mark at both ends, and its four codes', () => {
    // [RFC 1055] END 300, ESC 333, ESC_END 334, ESC_ESC 335, all octal.
    expect([...encodeSlip(Uint8Array.of(1, 0o300, 2, 0o333, 3))]).toEqual([
      ...[0o300, 1, 0o333, 0o334, 2, 0o333, 0o335, 3, 0o300],
    ]);
  });

  it('[SL4] lets the reader look at the first byte of each frame', () => {
    const firsts: number[] = [];
    const decoder = new SlipDecoder(10, {
      onFrame: () => undefined,
      onMalformed: () => undefined,
      onTooLong: () => undefined,
      onFirst: (byte) => firsts.push(byte),
    });
    decoder.read(Uint8Array.of(0o300, 7, 8, 0o300, 0o300, 9, 0o300));
    expect(firsts).toEqual([7, 9]);
  });
});
