import { describe, expect, it } from 'vitest';
import { hertz, micros } from '../../../src-main/contract/units.ts';
import { failedHellos } from '../../../src-main/core/access/rate-limits.ts';
import { Sources, sourcesMax } from '../../../src-main/core/access/sources.ts';

const now = micros(0);

describe('what the sessions of one source have together', () => {
  it('[AC21] one bucket for each source, none where nothing is limited, and new ones after a change', () => {
    const sources = new Sources();
    expect(sources.messagesOf('a', now)).toBeUndefined();
    sources.limitTo({ rate: hertz(1), burst: 1 });
    const bucket = sources.messagesOf('a', now);
    expect(sources.messagesOf('a', now)).toBe(bucket);
    expect(sources.messagesOf('b', now)).not.toBe(bucket);
    sources.limitTo({ rate: hertz(2), burst: 2 });
    expect(sources.messagesOf('a', now)?.limit).toEqual({ rate: 2, burst: 2 });
  });

  it('[AC13] a source whose tokens were wrong too often waits, and no other does', () => {
    const sources = new Sources();
    for (let i = 0; i < failedHellos.burst; i++) {
      expect(sources.mayTry('a', now)).toBe(true);
      sources.failed('a', now);
    }
    expect(sources.mayTry('a', now)).toBe(false);
    expect(sources.mayTry('b', now)).toBe(true);
    expect(sources.mayTry('a', micros(1_000_001))).toBe(true);
  });

  it('[AC13] remembers a bounded number of sources, the newest', () => {
    const sources = new Sources();
    const fail = (name: string): void => {
      for (let i = 0; i < failedHellos.burst; i++) sources.failed(name, now);
    };
    fail('first');
    for (let i = 0; i < sourcesMax; i++) fail(`other ${i}`);
    expect(sources.mayTry('first', now)).toBe(true);
    expect(sources.mayTry(`other ${sourcesMax - 1}`, now)).toBe(false);
  });
});
