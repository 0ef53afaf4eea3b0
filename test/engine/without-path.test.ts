import { describe, expect, it } from 'vitest';
import { withoutPath } from '../../src-main/engine/without-path.ts';

const state = { name: 'Gala', unsaved: false, savedAt: null, undoLabel: null, redoLabel: null };

describe('the state of a show for a page', () => {
  it.each([
    ['/media/stick/gala.flyrail', 'gala.flyrail'],
    ['C:\\Shows\\gala.flyrail', 'gala.flyrail'],
    ['\\\\server\\shows\\gala.flyrail', 'gala.flyrail'],
    ['gala', 'gala'],
    ['gala - second night', 'gala - second night'],
  ])('[EA17] names %s as %s', (file, seen) => {
    const saveProblem = `${file} was changed by another program.`;
    expect(withoutPath({ ...state, file, saveProblem })).toEqual({
      ...state,
      file: seen,
      saveProblem: `${seen} was changed by another program.`,
    });
  });

  it('[EA17] leaves a show without a file as it is', () => {
    const none = { ...state, file: null, saveProblem: null };
    expect(withoutPath(none)).toBe(none);
  });
});
