import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showFileName, withShowExtension } from '../../src-main/shell/show-file-name.ts';
import { anyCharacter } from '../any-character.ts';

describe('the name that is suggested for a file', () => {
  it('[DS13] is that of the show', () => {
    expect(showFileName('Sommernacht 2026')).toBe('Sommernacht 2026.flyrail');
  });

  it.each([undefined, 7, '', '   ', '...', '/', '\u0000'])('[DS13] is Untitled for %o', (name) => {
    expect(showFileName(name)).toBe('Untitled.flyrail');
  });

  it('[DS13] is a file name on every system, whatever the show is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (name) => {
        const file = showFileName(name);
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        return /^[^.\s][^/\\:*?"<>|\u0000-\u001f\u007f]*\.flyrail$/.test(file) && file.length <= 128;
      }),
      { numRuns: 2000 },
    );
  });

  it('[DS13] gets the extension that the operator left out', () => {
    expect(withShowExtension('/shows/gala')).toBe('/shows/gala.flyrail');
    expect(withShowExtension('/shows/gala.FLYRAIL')).toBe('/shows/gala.FLYRAIL');
    expect(withShowExtension('/shows.flyrail/gala')).toBe('/shows.flyrail/gala.flyrail');
  });
});
