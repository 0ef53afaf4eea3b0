import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from '../../src-main/platform/visible-text.ts';
import { anyCharacter } from '../any-character.ts';

describe('text for a terminal', () => {
  it('[CL18] shows what a terminal would obey', () => {
    expect(visibleText('\u001b]0;pwn\u0007\u001b[31mX\nFAKE\r\tLINE\u007f\u009b')).toBe(
      '\\x1b]0;pwn\\x07\\x1b[31mX\\nFAKE\\r\\tLINE\\x7f\\x9b',
    );
    expect(visibleText('a\u2028b\u202ec\u2066d\u200ee')).toBe('a\\u2028b\\u202ec\\u2066d\\u200ee');
    expect(visibleText('/shows/Grüße 舞台 👩‍🎤.flyrail')).toBe('/shows/Grüße 舞台 👩‍🎤.flyrail');
  });

  it('[CL18] is one line without controls, whatever it is made of', () => {
    const letter = fc.oneof(
      fc.constantFrom('\n', '\r', '\u001b', '\u0085', '\u2029', '\u202e'),
      fc.string({ unit: anyCharacter }),
    );
    fc.assert(
      fc.property(fc.array(letter), (letters) => {
        expect(visibleText(letters.join(''))).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
      }),
      { seed: 18, numRuns: 500 },
    );
  });
});
