import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import type { SilentUniverse } from '../../../src-main/core/dmx/dmx-input.ts';
import { agoWords, describeSilence, missedShown } from '../../../src-main/core/dmx/silent-universes.ts';

const one = (universe: number, name = 'Desk A', silentMs = 12_345): SilentUniverse => {
  return { universe, name, silentMs: millis(silentMs) };
};
const input = (silent: readonly SilentUniverse[], missed: readonly SilentUniverse[] = []) => ({
  silent: () => silent,
  missed: (within: number) => (within === missedShown ? missed : []),
});

describe('universes that fell silent', () => {
  it('[SA54] are named with who sent them and since when', () => {
    const words = (...silent: SilentUniverse[]) => describeSilence(input(silent), 'universe');
    expect(words()).toBeUndefined();
    expect(words(one(5))).toBe('Desk A fell silent 12 s ago: the levels of universe 5 stay.');
    expect(words(one(5), one(6, 'Desk B', 130_000))).toBe(
      'Desk A and Desk B fell silent 2 min ago: the levels of universes 5, 6 stay.',
    );
    const many = [1, 2, 3, 4, 5, 6].map((universe) => one(universe, `Desk ${universe}`));
    expect(describeSilence(input(many), 'port address')).toBe(
      'Desk 1 and 5 more fell silent 12 s ago: ' +
        'the levels of port addresses 1 (0.0.1), 2 (0.0.2), 3 (0.0.3), 4 (0.0.4) and 2 more stay.',
    );
  });

  it('[SA57] are told beside those that others go on with', () => {
    expect(describeSilence(input([], [one(5), one(5, 'Desk B')]), 'universe')).toBe(
      'Desk A and Desk B fell silent 12 s ago: others go on with universe 5.',
    );
    expect(describeSilence(input([one(6)], [one(5)]), 'universe')).toBe(
      'Desk A fell silent 12 s ago: the levels of universe 6 stay. Desk A fell silent 12 s ago: others go on with universe 5.',
    );
  });

  it('[SA54] are told in seconds, then minutes, then hours', () => {
    const words = [0, 119_999, 120_000, 7_199_999, 7_200_000].map((time) => agoWords(millis(time)));
    expect(words).toEqual(['0 s', '119 s', '2 min', '119 min', '2 h']);
  });
});
