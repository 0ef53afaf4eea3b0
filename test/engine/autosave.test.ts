import { describe, expect, it } from 'vitest';
import { Autosave, autosaveRetryMs } from '../../src-main/engine/autosave.ts';
import { SimulatedClock } from '../simulated-clock.ts';

function bench(outcomes: ('done' | 'again')[]) {
  const clock = new SimulatedClock();
  let saves = 0;
  const autosave = new Autosave(clock, () => {
    saves++;
    return Promise.resolve(outcomes.shift() ?? 'done');
  });
  return { clock, autosave, saves: () => saves };
}

describe('autosave', () => {
  it('[SS8] comes after so much quiet, once', async () => {
    const { clock, autosave, saves } = bench([]);
    autosave.touch(30);
    await clock.advanceAsync(20_000);
    autosave.touch(30);
    await clock.advanceAsync(29_999);
    expect(saves()).toBe(0);
    await clock.advanceAsync(1);
    expect(saves()).toBe(1);
    await clock.advanceAsync(1e6);
    expect(saves()).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('[SS8] does not come when switched off or stopped', async () => {
    const { clock, autosave, saves } = bench([]);
    autosave.touch(30);
    autosave.touch(0);
    autosave.touch(30);
    autosave.stop();
    await clock.advanceAsync(1e6);
    expect(saves()).toBe(0);
  });

  it('[SS9] tries again after a failure, until it succeeds', async () => {
    const { clock, autosave, saves } = bench(['again', 'again', 'done']);
    autosave.touch(5);
    await clock.advanceAsync(5_000 + 2 * autosaveRetryMs);
    expect(saves()).toBe(3);
    await clock.advanceAsync(1e6);
    expect(saves()).toBe(3);
  });
});
