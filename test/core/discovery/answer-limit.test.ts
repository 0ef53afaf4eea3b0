import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { AnswerLimit, answersBurst, answersPerSecond } from '../../../src-main/core/discovery/answer-limit.ts';

describe('answers to broadcasts', () => {
  it('[DC26] go to one address a few at once, then one a second', () => {
    const limit = new AnswerLimit();
    const answered = (atMs: number) =>
      Array.from({ length: 20 }, () => limit.mayAnswer('10.0.0.7', micros(atMs * 1000))).filter(Boolean).length;
    expect(answered(0)).toBe(answersBurst);
    expect(answered(999)).toBe(0);
    expect(answered(2000)).toBe(2);
    expect(answered(60_000)).toBe(answersBurst);
    expect(limit.mayAnswer('10.0.0.8', micros(60_000_000))).toBe(true);
  });

  it('[DC26] are few in all, however many addresses ask or are forged', () => {
    const limit = new AnswerLimit();
    let answered = 0;
    for (let i = 0; i < 20_000; i++) if (limit.mayAnswer(`10.${i % 200}.${i % 251}.1`, micros(i * 50))) answered++;
    expect(answered).toBeGreaterThan(answersPerSecond);
    expect(answered).toBeLessThanOrEqual(answersPerSecond * 2);
  });
});
