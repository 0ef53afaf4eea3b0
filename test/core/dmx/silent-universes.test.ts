import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { agoWords, describeSilent } from '../../../src-main/core/dmx/silent-universes.ts';

const silent = (universe: number, name = 'Desk A', silentMs = 12_345) => ({
  universe,
  name,
  silentMs: millis(silentMs),
});

describe('universes that fell silent', () => {
  it('[SA54] are named with who sent them and since when', () => {
    expect(describeSilent([], 'universe')).toBeUndefined();
    expect(describeSilent([silent(5)], 'universe')).toBe('Desk A fell silent 12 s ago: the levels of universe 5 stay.');
    expect(describeSilent([silent(5), silent(6, 'Desk B', 130_000)], 'universe')).toBe(
      'Desk A and Desk B fell silent 2 min ago: the levels of universes 5, 6 stay.',
    );
    const many = [1, 2, 3, 4, 5, 6].map((universe) => silent(universe, `Desk ${universe}`));
    expect(describeSilent(many, 'port address')).toBe(
      'Desk 1 and 5 more fell silent 12 s ago: the levels of port addresses 1 (0.0.1), 2 (0.0.2), 3 (0.0.3), 4 (0.0.4) and 2 more stay.',
    );
  });

  it('[SA54] are told in seconds, then minutes, then hours', () => {
    const words = [0, 119_999, 120_000, 7_199_999, 7_200_000].map((time) => agoWords(millis(time)));
    expect(words).toEqual(['0 s', '119 s', '2 min', '119 min', '2 h']);
  });
});
