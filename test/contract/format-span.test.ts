import { describe, expect, it } from 'vitest';
import { formatSpan } from '../../src-main/contract/format-span.ts';
import { millis } from '../../src-main/contract/units.ts';

describe('formatSpan', () => {
  it('[UI79] writes spans as operators read them', () => {
    const spans = [-5, 0, 4_240, 48_000, 754_000, 15_120_000].map((span) => formatSpan(millis(span)));
    expect(spans).toEqual(['0.0 s', '0.0 s', '4.2 s', '0:48', '12:34', '4 h 12 min']);
  });
});
