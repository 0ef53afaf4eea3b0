import { describe, expect, it } from 'vitest';
import { parseTime, timeOf } from '../../src-main/cli/time-flag.ts';
import { micros } from '../../src-main/contract/units.ts';

const utc = Date.UTC(2026, 10, 22, 20, 15) * 1000;

describe('a time that was typed', () => {
  it.each([
    ['2026-11-22T20:15:00Z', utc],
    ['2026-11-22T20:15Z', utc],
    ['2026-11-22T21:15:00.5+01:00', utc + 500_000],
    ['2026-11-22T20:15:00.000001Z', utc + 1],
    ['2026-11-22T20:15:07', new Date(2026, 10, 22, 20, 15, 7).getTime() * 1000],
    ['2026-11-22', new Date(2026, 10, 22).getTime() * 1000],
    ['1795301420543316', 1_795_301_420_543_316],
  ])('[CL138] %s is a time of itself', (text, at) => {
    expect(timeOf(parseTime('--from', text), micros(0))).toBe(at);
  });

  it.each([
    ['-90s', 90],
    ['-10m', 600],
    ['-1.5h', 5400],
    ['-7d', 604_800],
    ['-0s', 0],
  ])('[CL138] %s is so long before now, and never before all time', (text, seconds) => {
    expect(timeOf(parseTime('--to', text), micros(1e12))).toBe(1e12 - seconds * 1e6);
    expect(timeOf(parseTime('--to', text), micros(0))).toBe(0);
  });

  it.each([
    '',
    '10m',
    '-10',
    '-m',
    '-10w',
    'yesterday',
    '20:15',
    '2026-13-01',
    '2026-11-22T25:00Z',
    '2026-11-22 20:15',
    '1e15',
    '-1',
    '99999999999999999',
  ])('[CL138] %j is refused with what was expected', (text) => {
    expect(() => parseTime('--from', text)).toThrow(`--from ${text}: expected a time like 2026-11-22T20:15:00Z`);
  });
});
