import { describe, expect, it } from 'vitest';
import { micros, millis } from '../../../src-main/contract/units.ts';
import { deadlineOf, defaultLatePolicy, lateVerdict } from '../../../src-main/core/clock/late-policy.ts';

const policy = { late: 'drop', tolerance: millis(10), aheadMax: millis(1000) } as const;
const now = micros(50_000_000);

describe('deadlineOf', () => {
  it('[CK30] takes a bundle for any time up to the limit, also one that has passed', () => {
    expect([0n, 49_999_999n, 50_000_000n, 51_000_000n].map((at) => deadlineOf(at, now, policy))).toEqual([
      0, 49_999_999, 50_000_000, 51_000_000,
    ]);
  });

  it.each([51_000_001n, 2n ** 53n + 1n, 2n ** 64n - 1n])('[CK30] refuses a bundle for %d', (executeAt) => {
    expect(() => deadlineOf(executeAt, now, policy)).toThrow(expect.objectContaining({ code: 'too-far-ahead' }));
  });

  it('[CK30] allows a day by default', () => {
    const day = 86_400_000_000n;
    expect(deadlineOf(day, micros(0), defaultLatePolicy)).toBe(86_400_000_000);
    expect(() => deadlineOf(day + 1n, micros(0), defaultLatePolicy)).toThrow(/at most 86400 s/);
  });
});

describe('lateVerdict', () => {
  it('[CK31] drops what is later than the tolerance, if it is to', () => {
    const verdicts = [0, 9999, 10_000, 10_001].map((late) => lateVerdict(micros(now - late), now, policy));
    expect(verdicts).toEqual(['run', 'run', 'run', 'drop']);
    expect(lateVerdict(micros(now + 1), now, policy)).toBe('run');
  });

  it('[CK31] runs all that is late otherwise, which is the default', () => {
    expect(lateVerdict(micros(0), now, { ...policy, late: 'run' })).toBe('run');
    expect(lateVerdict(micros(0), now, defaultLatePolicy)).toBe('run');
  });
});
