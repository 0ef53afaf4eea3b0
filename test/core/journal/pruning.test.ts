import { describe, expect, it } from 'vitest';
import { Pruning } from '../../../src-main/core/journal/pruning.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function bench(answers: (boolean | Error)[]) {
  const clock = new SimulatedClock();
  let steps = 0;
  const prune = async (): Promise<boolean> => {
    steps++;
    const answer = answers.shift() ?? false;
    if (typeof answer === 'object') throw answer;
    return answer;
  };
  return { clock, steps: () => steps, pruning: new Pruning({ clock, log: silentLog, everyBytes: 100, prune }) };
}

describe('pruning', () => {
  it('[JR29] goes on step by step until nothing is too much', async () => {
    const { clock, steps, pruning } = bench([true, true, true, false]);
    pruning.start();
    await clock.advanceAsync(0);
    expect(steps()).toBe(4);
    pruning.wrote(99);
    await clock.advanceAsync(0);
    expect(steps()).toBe(4);
    pruning.wrote(1);
    pruning.wrote(100);
    await clock.advanceAsync(0);
    expect(steps()).toBe(5);
    await clock.advanceAsync(600_000);
    expect(steps()).toBe(6);
    pruning.stop();
    expect(clock.waiting).toBe(0);
    pruning.wrote(1000);
    await clock.advanceAsync(0);
    expect(steps()).toBe(6);
  });

  it('[JR29] is tried again after it failed', async () => {
    const { clock, steps, pruning } = bench([new Error('locked'), true]);
    pruning.wrote(100);
    await clock.advanceAsync(0);
    expect(steps()).toBe(1);
    pruning.wrote(100);
    await clock.advanceAsync(0);
    expect(steps()).toBe(3);
  });
});
