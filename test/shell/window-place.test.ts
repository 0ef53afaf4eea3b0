import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSize, placeWindow, type Area } from '../../src-main/shell/window-place.ts';

const main: Area = { x: 0, y: 0, width: 1920, height: 1040 };
const left: Area = { x: -1280, y: 100, width: 1280, height: 900 };

describe('the place of the window', () => {
  it('[DS16] is where it was left, on any screen', () => {
    const place = { x: -1200, y: 150, width: 1000, height: 700, maximized: false };
    expect(placeWindow(place, [main, left])).toEqual(place);
    expect(placeWindow({ ...place, x: 40, maximized: true }, [main])).toMatchObject({ x: 40, maximized: true });
  });

  it('[DS16] is the middle when its screen is gone, and when its title bar cannot be taken', () => {
    const size = { width: 1000, height: 700, maximized: false };
    for (const [x, y] of [
      [-1200, 150],
      [5000, 10],
      [-950, 10],
      [1850, 10],
      [10, -40],
      [10, 1020],
    ] as const)
      expect(placeWindow({ ...size, x, y }, [main]), `${x},${y}`).toEqual(size);
  });

  it('[DS16] is never larger than its screen', () => {
    const place = { x: -1280, y: 100, width: 3000, height: 2000, maximized: false };
    expect(placeWindow(place, [main, left])).toMatchObject({ width: 1280, height: 900 });
  });

  it.each([undefined, null, 'x', {}, { width: 'wide', height: 2, maximized: false }, { width: -4, height: 0 }])(
    '[DS16] is the usual one when %o was kept',
    (kept) => {
      expect(placeWindow(kept, [main])).toEqual({ width: 1280, height: 800, maximized: false });
    },
  );

  it('[DS16] can be taken by the mouse whatever was kept', () => {
    const number = fc.integer({ min: -200_000, max: 200_000 });
    const kept = fc.record({ x: number, y: number, width: number, height: number, maximized: fc.boolean() });
    fc.assert(
      fc.property(kept, (place) => {
        const { x, y, width, height } = placeWindow(place, [main, left]);
        const sized = width >= leastSize.width && height >= leastSize.height && width <= 1920 && height <= 1040;
        if (x === undefined || y === undefined) return sized;
        return sized && [main, left].some((area) => x < area.x + area.width && x + width > area.x && y >= area.y);
      }),
      { numRuns: 2000 },
    );
  });
});
