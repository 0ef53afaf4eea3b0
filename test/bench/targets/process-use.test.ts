import { describe, expect, it } from 'vitest';
import { parseUse } from './process-use.ts';

describe('the bench', () => {
  it('[BN9] reads CPU-seconds of all threads and resident memory, whatever the program is called', () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));
    // utime and stime are fields 14 and 15, rss is field 24.
    const stat = `4711 (a) 1 (b c) ${fields.join(' ')}`;
    expect(parseUse(stat)).toEqual({ cpuSeconds: (14 + 15) / 100, rssBytes: 24 * 4096 });
  });
});
