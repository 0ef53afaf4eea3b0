import { describe, expect, it } from 'vitest';
import { CalmRounds, parseTicks } from './calm-round.ts';

/** Rounds in which the host takes these shares of the machine, in their order. */
function rounds(shares: readonly number[], seconds = 3) {
  let [all, stolen, measured] = [5000, 700, 0];
  const calm = new CalmRounds({ seconds, ticksNow: () => ({ all, stolen }) });
  return {
    measured: () => measured,
    run: () =>
      calm.measure(() => {
        all += 1000;
        stolen += (shares[measured] ?? 0) * 1000;
        return Promise.resolve({ round: measured++ });
      }),
  };
}

describe('a round of the bench', () => {
  it('[BN14] is measured once on a machine that is left alone', async () => {
    const { run, measured } = rounds([0.01]);
    expect(await run()).toEqual({ round: 0, stolenShare: 0.01 });
    expect(measured()).toBe(1);
  });

  it('[BN14] is measured again until the host takes little', async () => {
    const { run, measured } = rounds([0.3, 0.2, 0]);
    expect(await run()).toEqual({ round: 2, stolenShare: 0 });
    expect(measured()).toBe(3);
  });

  it('[BN14] stands as the calmest of four where the host gives no peace', async () => {
    const { run, measured } = rounds([0.3, 0.1, 0.2, 0.4, 0]);
    expect(await run()).toEqual({ round: 1, stolenShare: 0.1 });
    expect(measured()).toBe(4);
  });

  it('[BN14] is not measured again where one lasts minutes', async () => {
    const { run } = rounds([0.3, 0], 480);
    expect(await run()).toEqual({ round: 0, stolenShare: 0.3 });
  });

  it('[BN14] is measured once after twelve repeats in a scenario: the host gives no peace at all', async () => {
    const { run, measured } = rounds(new Array<number>(99).fill(0.3));
    for (let n = 0; n < 10; n++) await run();
    expect(measured()).toBe(10 + 12);
  });

  it('[BN14] takes the time that is stolen from what Linux counts for all cores', () => {
    const stat = 'cpu  7 1 9 3 12 0 4 19 5 5\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 5\n';
    expect(parseTicks(stat)).toEqual({ all: 7 + 1 + 9 + 3 + 12 + 0 + 4 + 19, stolen: 19 });
  });
});
