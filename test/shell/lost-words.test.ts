import { describe, expect, it } from 'vitest';
import { describeLost, lostFromPage } from '../../src-main/shell/lost-words.ts';

describe('what would be lost with the page', () => {
  it('[UI403] is a list of texts, and nothing else that a page may send', () => {
    expect(lostFromPage(['“Front” as name'])).toEqual(['“Front” as name']);
    for (const strange of [undefined, null, 'settled', [1], { length: 1 }, [['a']]]) {
      expect(lostFromPage(strange)).toEqual([]);
    }
  });

  it('[UI403] is told a line each, cut where it is long, and counted where it is much', () => {
    expect(describeLost(['“Front” as name', 'a\nb'])).toBe('• “Front” as name\n• a b');
    const lines = describeLost(Array.from({ length: 9 }, () => 'x'.repeat(500))).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toHaveLength(162);
    expect(lines.at(-1)).toBe('and 3 more');
  });
});
