import { describe, expect, it } from 'vitest';
import { fuzzSessions } from './fuzz-sessions.ts';

// `npm run simulate` fuzzes a thousand more seeds and looks at the time of each frame.
const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const frames = 150;

describe('sessions that say anything', () => {
  it('[SI30] [SI31] are refused with a number, counted once and without effect, within all bounds, for every reason there is', () => {
    const outcomes = seeds.map((seed) => ({ seed, ...fuzzSessions(seed, { frames }) }));
    // A seed that fails is run again by `npm run simulate -- --only fuzz --from SEED --seeds 1 --frames 150`.
    expect(outcomes.filter(({ faults }) => faults.length > 0)).toEqual([]);
    const met = new Set(outcomes.flatMap(({ refused }) => Object.keys(refused)));
    expect([...met].sort()).toEqual([
      '100',
      '101',
      '102',
      '200',
      '201',
      '202',
      '400',
      '401',
      '402',
      '403',
      '429',
      '501',
      '503',
    ]);
  });

  it('[SI30] hear of a denied lock by an ACK, where they give their requests ids', () => {
    expect(fuzzSessions(7, { frames: 200 }).faults).toEqual([]);
  });

  it('[SI31] say the same again under the same seed', () => {
    const [once, again] = [fuzzSessions(3, { frames }), fuzzSessions(3, { frames })];
    expect(again.hash).toBe(once.hash);
    expect(fuzzSessions(4, { frames }).hash).not.toBe(once.hash);
  });
});
