import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';

describe('system random', () => {
  it('[TM5] gives fractions from 0 up to, but not with, 1, spread evenly', () => {
    const random = createSystemRandom();
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const fraction = random.fraction();
      if (!(fraction >= 0 && fraction < 1)) expect.unreachable(String(fraction));
      const tenth = Math.floor(fraction * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Eight standard deviations: a good generator fails this once in more runs than there will be.
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(340);
  });

  it('[TM5] gives UUIDs of version 4 in lower case, each another one', () => {
    const random = createSystemRandom();
    const uuids = Array.from({ length: 100 }, () => random.uuid());
    for (const uuid of uuids)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(uuids).size).toBe(100);
  });
});
