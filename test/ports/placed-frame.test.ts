import { describe, expect, it } from 'vitest';
import { bytesOfFrame, placedFrame } from '../../src-main/ports/placed-frame.ts';

describe('a frame where it lies', () => {
  it('[TP8] is its own bytes where it has them for itself, and a view of them among others', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(bytesOfFrame(placedFrame(bytes))).toBe(bytes);
    const among = { slab: bytes, from: 0, start: 1, end: 3 };
    expect(bytesOfFrame(among)).toEqual(Uint8Array.of(2, 3));
    expect(bytesOfFrame(among).buffer).toBe(bytes.buffer);
  });

  it('[TP8] that stands alone has no header before it', () => {
    const { from, start } = placedFrame(new Uint8Array(4));
    expect(from).toBe(start);
  });
});
