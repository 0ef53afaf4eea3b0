import { describe, expect, it } from 'vitest';
import { identifiersOf, loginFinishSchema, loginStartSchema, pairFinishSchema } from '../../src-main/contract/login.ts';

describe('the words of a login', () => {
  it('[PA7] name another pair of ends for every way in', () => {
    const names = (['pin', 'device', 'code'] as const).map((way) => JSON.stringify(identifiersOf(way)));
    expect(new Set(names).size).toBe(3);
  });

  it('[PA9] take nothing that is longer or other than it should be', () => {
    const finish = { exchange: 'x', answer: 0, message: 'm' };
    expect(loginFinishSchema.safeParse(finish).success).toBe(true);
    const pair = { ...finish, name: ' Stage left ', kind: 'page' };
    expect(pairFinishSchema.parse(pair).name).toBe('Stage left');
    for (const bad of [
      { ...finish, answer: 3 },
      { ...finish, answer: -1 },
      { ...finish, role: 'edit' },
      { ...finish, message: 'm'.repeat(513) },
    ])
      expect(loginFinishSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    for (const bad of [
      { ...pair, name: ' ' },
      { ...pair, name: 'n'.repeat(61) },
      { ...pair, kind: 'admin' },
    ])
      expect(pairFinishSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    expect(loginStartSchema.safeParse({ message: 'm', role: 'edit' }).success).toBe(false);
  });
});
