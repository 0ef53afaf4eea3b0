import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hertz } from '../../../src-main/contract/units.ts';
import { levelOf, TickBudget } from '../../../src-main/core/timeline/tick-budget.ts';

const work = { perOwnerMicros: 200, allMicros: 400 };

describe('what timelines may take of the processor', () => {
  it('[TL88] is what each owner wants, up to its part, and up to an equal part of all where that is less', () => {
    expect(levelOf([], 400)).toBe(400);
    expect(levelOf([200, 200], 400)).toBe(400);
    expect(levelOf([1000], 400)).toBe(400);
    expect(levelOf([1000, 10, 1000, 1000], 400)).toBe(130);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 20 }), (wanted) => {
        const level = levelOf(wanted, 400);
        const given = wanted.reduce((sum, each) => sum + Math.min(each, level), 0);
        expect(given).toBeLessThanOrEqual(400);
        // Nothing is held back that could be given.
        if (level < 400) expect(given).toBeGreaterThan(400 - wanted.length);
      }),
    );
  });

  it("[TL88] leaves what is nobody's all that others leave", () => {
    const free = {};
    const budget = new TickBudget({ work, free });
    budget.want(free, 400);
    expect(budget.rateFor(free, hertz(60))).toBe(60);
    const client = {};
    budget.want(client, 1000);
    expect([budget.rateFor(free, hertz(60)), budget.rateFor(client, hertz(60))]).toEqual([30, 12]);
    budget.want(client, -900);
    expect([budget.rateFor(free, hertz(60)), budget.rateFor(client, hertz(60))]).toEqual([45, 60]);
  });

  it('[TL88] lowers the rates of whoever wants more, evenly, to one a second at least, and those of nobody else', () => {
    const over: [object, number][] = [];
    const budget = new TickBudget({ work, onOver: (owner, part) => over.push([owner, part]) });
    const [modest, greedy, other] = [{}, {}, {}];
    budget.want(modest, 100);
    expect(budget.rateFor(modest, hertz(240))).toBe(240);
    for (let i = 0; i < 8; i++) budget.want(greedy, 100);
    expect([60, 240, 7, 2].map((rate) => budget.rateFor(greedy, hertz(rate)))).toEqual([15, 60, 1, 1]);
    expect(budget.rateFor(modest, hertz(240))).toBe(240);
    budget.want(other, 800);
    expect([greedy, other, modest].map((owner) => budget.rateFor(owner, hertz(160)))).toEqual([30, 30, 160]);
    expect(over).toEqual([
      [greedy, 0.25],
      [other, 0.1875],
    ]);
    budget.want(greedy, -800);
    budget.want(other, -600);
    expect([budget.rateFor(other, hertz(60)), budget.rateFor(greedy, hertz(60))]).toEqual([60, 60]);
    budget.want(other, 600);
    budget.rateFor(other, hertz(60));
    expect(over).toHaveLength(3);
  });
});
