import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { hertz, micros } from '../../../src-main/contract/units.ts';
import { toldRefusals } from '../../../src-main/core/access/rate-limits.ts';
import { SessionRates } from '../../../src-main/core/access/session-rates.ts';
import { TokenBucket } from '../../../src-main/core/access/token-bucket.ts';

const now = micros(0);
const none = { limits: { patterns: [] }, source: undefined, constraints: [], now };

describe('how fast one session may send', () => {
  it('[AC20] bounds nothing where nothing is limited', () => {
    const rates = new SessionRates(none);
    expect(rates.isBounding).toBe(false);
    expect(rates.takeMessages(1e9, now)).toBeUndefined();
    expect(rates.takeWrites([parseAddress('/a')], now)).toBeUndefined();
  });

  it('[AC21] takes from its own bucket and that of its source', () => {
    const source = new TokenBucket({ rate: hertz(1), burst: 3 }, now);
    const limits = { session: { rate: hertz(1), burst: 2 }, patterns: [] };
    const [first, second] = [0, 1].map(() => new SessionRates({ ...none, limits, source }));
    expect(first?.takeMessages(2, now)).toBeUndefined();
    expect(first?.takeMessages(1, now)).toEqual(limits.session);
    expect(second?.takeMessages(1, now)).toBeUndefined();
    expect(second?.takeMessages(1, now)).toBe(source.limit);
  });

  it('[AC22] every pattern that covers an address holds, and those of the token too', () => {
    const limits = { patterns: [{ pattern: parsePattern('/a/**'), rate: hertz(1), burst: 2 }] };
    const constraints = [{ pattern: parsePattern('/a/b'), maxRate: hertz(1) }, { pattern: parsePattern('/c') }];
    const rates = new SessionRates({ ...none, limits, constraints });
    const [a, b, c] = ['/a/x', '/a/b', '/c'].map(parseAddress);
    expect(rates.takeWrites([b!], now)).toBeUndefined();
    expect(rates.takeWrites([b!], now)).toEqual({ limit: { rate: 1, burst: 1 }, address: '/a/b' });
    expect(rates.takeWrites([a!, a!], now)).toMatchObject({ address: '/a/x' });
    expect(rates.takeWrites([a!], now)).toBeUndefined();
    expect(rates.takeWrites([a!], now)).toMatchObject({ limit: { burst: 2 } });
    for (let i = 0; i < 10_000; i++) expect(rates.takeWrites([c!, parseAddress(`/free/${i}`)], now)).toBeUndefined();
  });

  it('[AC24] a few refusals are told at once, then so many a second', () => {
    const rates = new SessionRates(none);
    const told = (at: number): number =>
      Array.from({ length: 100 }, () => rates.mayTell(micros(at))).filter(Boolean).length;
    expect(told(0)).toBe(toldRefusals.burst);
    expect(told(1_000_000)).toBe(toldRefusals.rate);
  });
});
