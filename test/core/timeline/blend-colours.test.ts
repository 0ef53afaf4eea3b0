import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryBlendColours } from '../../../src-main/core/timeline/blend-colours.ts';

describe('colours', () => {
  it.each([
    ['#ff0000', '#0000ff', 0.5, '#800080'],
    ['#000000', '#ffffff', 0.25, '#404040'],
    ['#F00', '#00F', 0.25, '#bf0040'],
    ['#abc', '#AABBCC', 0.3, '#aabbcc'],
    ['#00000000', '#ffffffff', 0.5, '#80808080'],
    ['#000', '#ffffff00', 0.5, '#80808080'],
    ['#10203040', '#102030', 0.5, '#102030a0'],
  ])('[TL26] from %s to %s at %d is %s: each channel as a fader moves, absent alpha opaque', (from, to, at, blend) => {
    expect(tryBlendColours(from, to, at)).toBe(blend);
  });

  it('[TL26] hold their channels within 0..255 where an easing overshoots', () => {
    expect(tryBlendColours('#808080', '#ff0000', 1.5)).toBe('#ff0000');
    expect(tryBlendColours('#808080', '#ff0080', -2)).toBe('#00ff80');
  });

  it.each(['red', '#ff', '#ff00f', '#ffff', '#gg0000', 'ff0000', '#ff0000 ', '#ff000000f', ''])(
    '[TL26] leave %j alone, at either end',
    (text) => {
      expect([tryBlendColours(text, '#fff', 0.5), tryBlendColours('#fff', text, 0.5)]).toEqual([undefined, undefined]);
    },
  );

  it('[TL26] fade as the same levels in a list do, to the nearest level', () => {
    const level = fc.nat({ max: 255 });
    const hex = (levels: readonly number[]): string =>
      `#${levels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    const channels = fc.tuple(level, level, level);
    fc.assert(
      fc.property(channels, channels, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, at) => {
        const levels = from.map((low, i) => Math.round(low + ((to[i] ?? 0) - low) * at));
        expect(tryBlendColours(hex(from), hex(to), at)).toBe(hex(levels));
      }),
    );
  });
});
