import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { readSample, type SyncSample } from '../../../src-main/core/clock/sync-sample.ts';

const limits = { roundTripMaxMicros: 1_000_000, rateMax: 0 };
const sample = (t1: number, t2: number, t3: number, t4: number): SyncSample => ({
  t1: micros(t1),
  t2: BigInt(t2),
  t3: BigInt(t3),
  t4: micros(t4),
});

describe('readSample', () => {
  it('[CK1] bounds the offset by what each way can have taken at the least', () => {
    expect(readSample(sample(1000, 51_300, 51_350, 1450), limits)).toEqual({
      at: 1225,
      low: 49_899,
      high: 50_301,
      roundTrip: 400,
    });
  });

  it('[CK2] gives way for clocks that run apart during the exchange', () => {
    expect(readSample(sample(0, 300_000, 300_000, 600_000), { ...limits, rateMax: 1e-4 })).toMatchObject({
      low: -300_061,
      high: 300_061,
    });
  });

  it.each<[why: string, SyncSample]>([
    ['an answer before the question', sample(2000, 5000, 5000, 1999)],
    ['a server that answers before it was asked', sample(1000, 5001, 5000, 2000)],
    ['a server that held it longer than it was away', sample(1000, 5000, 6003, 2000)],
    ['a local time below zero', sample(-5, 5000, 5000, 2000)],
    ['a server time below zero', sample(1000, -1, 5000, 2000)],
    ['a server time of all ones', { ...sample(1000, 5000, 0, 2000), t3: 2n ** 64n - 1n }],
    ['server times after the year 2112', sample(1000, 2 ** 52 + 2, 2 ** 52 + 2, 2000)],
    ['fractions', { ...sample(0, 5000, 5000, 2000), t1: 0.5 as SyncSample['t1'] }],
    ['no number', { ...sample(0, 5000, 5000, 2000), t4: NaN as SyncSample['t4'] }],
  ])('[CK5] refuses %s', (_, impossible) => {
    expect(readSample(impossible, limits)).toBe('nonsense');
  });

  it('[CK5] refuses an exchange beyond the limit, and takes one at it', () => {
    expect(readSample(sample(0, 5000, 5000, 1_000_001), limits)).toBe('too-slow');
    expect(readSample(sample(0, 5000, 5000, 1_000_000), limits)).toMatchObject({ roundTrip: 1_000_000 });
  });
});
