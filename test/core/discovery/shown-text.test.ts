import { describe, expect, it } from 'vitest';
import { shownText } from '../../../src-main/core/discovery/shown-text.ts';

describe('shownText', () => {
  it('[DC6] makes one line of a text from the network that does nothing to a screen', () => {
    expect(shownText('  Desk\r\n\x1b[2J\u202eevil\u2066 \ud800 foh\0 ', 80)).toBe('Desk [2J evil foh');
    expect(shownText('Pult „Süd“ 🎛', 80)).toBe('Pult „Süd“ 🎛');
    expect(shownText('\u200b\ufeff\x07', 80)).toBe('');
  });

  it('[DC6] shortens it between characters', () => {
    expect(shownText('🎛'.repeat(6), 5)).toBe('🎛🎛🎛🎛…');
    expect(shownText('x'.repeat(1_000_000), 80)).toHaveLength(80);
  });
});
