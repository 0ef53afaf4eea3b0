import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { nextSyncAt } from '../../../src-main/core/clock/sync-schedule.ts';

/** @returns gaps in milliseconds */
function gaps(count: number, quality: number | undefined): number[] {
  let lastAt = micros(5_000_000);
  return Array.from({ length: count }, (_, index) => {
    const next = nextSyncAt({ sent: index + 1, lastAt, quality });
    const gap = (next - lastAt) / 1000;
    lastAt = next;
    return gap;
  });
}

describe('nextSyncAt', () => {
  it('[CK10] asks at once, eight times within two seconds, and then after gaps that grow by half up to 30 s', () => {
    expect(nextSyncAt({ sent: 0, lastAt: micros(77), quality: undefined })).toBe(77);
    const all = gaps(22, 0.9);
    expect(all.slice(0, 7)).toEqual([250, 250, 250, 250, 250, 250, 250]);
    const rounded = all.slice(7).map((gap) => Math.round(gap));
    expect(rounded.slice(0, 11)).toEqual([375, 563, 844, 1266, 1898, 2848, 4271, 6407, 9611, 14_416, 21_624]);
    expect(all.slice(18)).toEqual([30_000, 30_000, 30_000, 30_000]);
  });

  it('[CK11] asks every 10 s while the quality is low', () => {
    expect(gaps(19, 0.49).slice(15)).toEqual([expect.closeTo(9611, 0), 10_000, 10_000, 10_000]);
    expect(gaps(19, 0.5).at(-1)).toBe(30_000);
    expect(gaps(19, 0).at(-1)).toBe(10_000);
  });

  it('[CK11] asks every 2 s while nothing has been answered, for ever', () => {
    expect(gaps(14, undefined).slice(11)).toEqual([expect.closeTo(1898, 0), 2000, 2000]);
    expect(nextSyncAt({ sent: 100_000, lastAt: micros(0), quality: undefined })).toBe(2_000_000);
  });
});
