import { describe, expect, it } from 'vitest';
import { rowAfter } from '../../../src-renderer/widgets/row-keys.ts';

describe('row keys', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['ArrowDown', -1, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
    ['PageDown', 5, 9],
    ['PageUp', 9, 5],
    ['a', 5, undefined],
  ])('[UI17] %s from row %i goes to %j of ten', (key, cursor, target) => {
    expect(rowAfter(key, { cursor, count: 10, page: 4 })).toBe(target);
  });

  it('[UI17] goes nowhere in an empty table', () => {
    expect(rowAfter('End', { cursor: -1, count: 0, page: 4 })).toBeUndefined();
  });
});
