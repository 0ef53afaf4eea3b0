import { expect, test } from 'vitest';
import { cutText } from '../../src-main/contract/cut-text.ts';

test('[AD18] a text that fits stays as it is, a longer one ends in an ellipsis and is no longer than asked', () => {
  expect(cutText('', 4)).toBe('');
  expect(cutText('wash', 4)).toBe('wash');
  expect(cutText('washes', 4)).toBe('was…');
  expect(cutText('washes', 1)).toBe('…');
  expect(cutText('washes', 0)).toBe('…');
});

test('[AD18] what takes two code units is kept whole or left out whole', () => {
  expect(cutText('go🎬now', 4)).toBe('go…');
  expect(cutText('go🎬now', 5)).toBe('go🎬…');
});
