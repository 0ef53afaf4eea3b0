import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import {
  checkRatesDraft,
  describeRates,
  draftOfRates,
  type RatesDraft,
} from '../../../src-renderer/devices/rates-draft.ts';
import { checkTokenDraft, newTokenDraft, type TokenDraft } from '../../../src-renderer/devices/token-draft.ts';

const now = millis(new Date(2026, 10, 22, 21, 0).getTime());
const token = (change: Partial<TokenDraft>) => checkTokenDraft({ ...newTokenDraft, ...change }, now);
const none = { rate: '', burst: '' };
const rates = (change: Partial<RatesDraft>) =>
  checkRatesDraft({ session: none, source: none, patterns: [], ...change });

describe('the form of a token', () => {
  it('[UI464] reads an end: never, a span, a day to its end, or a day and a time', () => {
    expect(token({}).token).toEqual({ name: '', scopes: ['admin:/**'], expiresAt: null });
    expect(token({ rights: 'read', end: '12h' }).token).toMatchObject({
      scopes: ['read:/**'],
      expiresAt: now + 43_200_000,
    });
    expect(token({ end: 'own', date: '2026-11-22' }).token?.expiresAt).toBe(new Date(2026, 10, 23).getTime());
    expect(token({ end: 'own', date: '2026-12-31' }).token?.expiresAt).toBe(new Date(2027, 0, 1).getTime());
    expect(token({ end: 'own', date: ' 2026-12-24 18:30 ' }).token?.expiresAt).toBe(
      new Date(2026, 11, 24, 18, 30).getTime(),
    );
  });

  it.each(['', 'soon', '2026-02-30', '2026-13-01', '2027-01-01 24:30', '2027-01-01 10:60', '0-1-1'])(
    '[UI464] repairs “%s” as a day',
    (date) => {
      expect(token({ end: 'own', date })).toEqual({
        problems: { date: expect.stringContaining('2026-12-24') as string },
      });
    },
  );

  it('[UI464] repairs a day that has passed, a long name, and scopes in the words of the router', () => {
    expect(token({ end: 'own', date: '2026-11-22 20:59' }).problems.date).toContain('has passed');
    expect(token({ name: 'n'.repeat(129) }).problems.name).toContain('128');
    expect(token({ rights: 'own', scopes: 'paint:/a' }).problems.scopes).toContain('A scope is read, write or admin');
  });
});

describe('the form of the rates', () => {
  it('[UI466] reads back what holds, and without a burst takes what a second allows', () => {
    const limits = {
      session: { rate: 0.5, burst: 1 },
      source: { rate: 12_000, burst: 24_000 },
      patterns: [{ pattern: '/a/*', rate: 1, burst: 2 }],
    };
    expect(checkRatesDraft(draftOfRates(limits)).limits).toEqual(limits);
    expect(rates({ session: { rate: '0,5', burst: ' ' } }).limits?.session).toEqual({ rate: 0.5, burst: 1 });
    expect(rates({}).limits).toEqual({ session: null, source: null, patterns: [] });
    expect(describeRates(limits)).toContain('/a/* 1/s, 2 at once');
  });

  it.each([
    [{ rate: '0', burst: '' }, { rate: 'Type more than 0' }],
    [{ rate: '10000001', burst: '' }, { rate: 'Type more than 0' }],
    [{ rate: 'fast', burst: '2' }, { rate: 'Type more than 0' }],
    [{ rate: '1,000', burst: '' }, { rate: 'a comma can mean both' }],
    [{ rate: '5', burst: '1.5' }, { burst: 'Type a whole number' }],
    [{ rate: '5', burst: '0' }, { burst: 'Type a whole number' }],
    [{ rate: '', burst: '5' }, { rate: 'empty the burst' }],
  ])('[UI466] repairs %o at the field', (session, repairs) => {
    const { limits, problems } = rates({ session });
    const expected = Object.entries(repairs).map(([field, text]) => [field, expect.stringContaining(text) as string]);
    expect([limits, Object.entries(problems['session'] ?? {})]).toEqual([undefined, expected]);
  });

  it('[UI466] repairs a pattern that is none, is missing, is there twice, or has no rate', () => {
    const row = (key: string, pattern: string, rate = '1') => ({ key, pattern, rate, burst: '' });
    const { problems } = rates({
      patterns: [row('a', 'desk'), row('b', ''), row('c', '/x'), row('d', '/x'), row('e', '/y', '')],
    });
    expect(Object.keys(problems)).toEqual(['a', 'b', 'd', 'e']);
    expect([problems['b']?.pattern, problems['d']?.pattern, problems['e']?.rate]).toEqual([
      'Type a pattern such as /desk/**.',
      'It is there twice. Take one out.',
      'Type how many a second, or take the row out.',
    ]);
  });
});
