import { describe, expect, it } from 'vitest';
import { parseExpiry } from '../../src-main/cli/expiry-flag.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('--expires', () => {
  it.each([
    ['45s', 45_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
    ['2026-11-22T12:00:01Z', 1000],
    ['2026-11-22T13:00:00.500Z', 3_600_500],
    ['2026-11-22T14:30+02:00', 1_800_000],
  ])('[TK55] %s is so long from now', (text, ms) => {
    expect(parseExpiry(text, now)).toBe(now + ms);
  });

  it('[TK55] a date alone begins at midnight here', () => {
    expect(parseExpiry('2027-01-31', now)).toBe(new Date(2027, 0, 31).getTime());
  });

  it.each([
    '',
    'never',
    '90',
    'd',
    '-1d',
    '1.5h',
    '90D',
    '1y',
    '2027-13-01',
    '31.1.2027',
    '0x10d',
    '1e3d',
    '2027-01-31 18:00',
  ])('[TK55] refuses %j', (text) => {
    expect(() => parseExpiry(text, now)).toThrow(/expected a span like 90d or 12h, or a time like/);
  });

  it('[TK55] refuses what has passed, and what lies beyond a hundred years', () => {
    for (const text of ['0s', '2026-11-22T12:00:00Z', '2020-01-01'])
      expect(() => parseExpiry(text, now)).toThrow(/still to come/);
    for (const text of ['999999999d', '9999-01-01']) expect(() => parseExpiry(text, now)).toThrow(/hundred years/);
  });
});
