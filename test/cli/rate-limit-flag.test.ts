import { describe, expect, it } from 'vitest';
import { parseRateLimits } from '../../src-main/cli/rate-limit-flag.ts';

describe('--rate-limit', () => {
  it('[CL401] reads sessions, sources and patterns together', () => {
    expect(parseRateLimits(['session=1000', 'source=5000/20000', '/lamp/**=0.5', '/a=b=2/9'])).toEqual({
      session: { rate: 1000, burst: 1000 },
      source: { rate: 5000, burst: 20_000 },
      patterns: [
        { pattern: '/lamp/**', rate: 0.5, burst: 1 },
        { pattern: '/a=b', rate: 2, burst: 9 },
      ],
    });
    expect(parseRateLimits([])).toEqual({ session: undefined, source: undefined, patterns: [] });
  });

  it.each([
    [[''], 'expected session, source or a pattern before the ='],
    [['1000'], 'expected session, source or a pattern before the ='],
    [['lamp=10'], 'expected session, source or a pattern before the ='],
    [['/a/***=10'], 'expected session, source or a pattern before the ='],
    [['session=0'], 'expected messages a second above 0 and up to 10000000'],
    [['session=10000001'], 'expected messages a second above 0 and up to 10000000'],
    [['session=-1'], 'expected messages a second above 0'],
    [['session=1e3'], 'expected messages a second above 0'],
    [['session=10/0'], 'expected a burst of 1 to 10000000'],
    [['session=1', 'session=2'], 'session stands there twice'],
    [Array.from({ length: 65 }, (_, i) => `/p/${i}=1`), 'expected at most 64 patterns'],
  ])('[CL401] refuses %j and says what was expected', (texts, expected) => {
    expect(() => parseRateLimits(texts)).toThrow(
      expect.objectContaining({ code: 'bad-flag', message: expect.stringContaining(expected) as string }),
    );
  });
});
