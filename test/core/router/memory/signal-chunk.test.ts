import { describe, expect, it } from 'vitest';
import { chunkFor, chunkSizeOf } from '../../../../src-main/core/router/memory/signal-chunk.ts';

describe('a chunk of signals', () => {
  it('[RT162] takes the memory of a forgotten one that is about as large, and no other', () => {
    const spare = chunkFor(100, 4000);
    expect(chunkFor(100, 4000, spare)).toBe(spare);
    expect(chunkFor(80, 3500, spare)).toBe(spare);
    expect(chunkFor(101, 4000, spare)).not.toBe(spare);
    expect(chunkFor(50, 4000, spare)).not.toBe(spare);
    expect(chunkFor(100, 1000, spare)).not.toBe(spare);
    expect(chunkSizeOf(spare)).toBeGreaterThan(4000 + 100 * 27);
  });
});
