import { afterEach, describe, expect, it } from 'vitest';
import { micros, type Micros } from '../../src-main/contract/units.ts';
import { createPreciseClock, type PreciseClock } from '../../src-main/platform/precise-clock.ts';
import type { Log } from '../../src-main/ports/log.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';

const worker = new URL('../../src-main/workers/wake-up-worker.ts', import.meta.url);
const open: PreciseClock[] = [];

function clockOf(more: { worker?: URL; log?: Log } = {}): PreciseClock {
  const clock = createPreciseClock({ worker, log: silentLog, ...more });
  open.push(clock);
  return clock;
}

/** How long after its deadline each ran, in µs, in the order of running. */
async function runAll(clock: PreciseClock, aheadMs: readonly number[]): Promise<readonly [ms: number, late: number][]> {
  const start = clock.nowMicros();
  const ran: [number, number][] = [];
  await Promise.all(
    aheadMs.map(
      (ms) =>
        new Promise<void>((resolve) => {
          const deadline = micros(start + ms * 1000);
          clock.at(deadline, () => {
            ran.push([ms, clock.nowMicros() - deadline]);
            resolve();
          });
        }),
    ),
  );
  return ran;
}

describe('the precise clock', () => {
  afterEach(async () => {
    for (const clock of open.splice(0)) await clock.close();
  });

  it('[CK52] runs each once, in order, and none early, near and far', async () => {
    const aheadMs = [120, 80.3, -5, 0, 0.1, 3.3, 3.3, 40];
    for (const clock of [clockOf(), clockOf()]) {
      const ran = await runAll(clock, aheadMs);
      expect(ran.map(([ms]) => ms)).toEqual(aheadMs.toSorted((one, other) => one - other));
      for (const [, late] of ran) expect(late).toBeGreaterThanOrEqual(0);
    }
  });

  it('[CK52] runs nothing that was cancelled, and what was near behind it', async () => {
    const clock = clockOf();
    let ran = 0;
    const start = clock.nowMicros();
    const cancels = [1, 2, 3].map((ms) => clock.at(micros(start + ms * 1000), () => ran++));
    for (const cancel of cancels) cancel();
    await runAll(clock, [4, 5]);
    expect(ran).toBe(0);
  });

  it('[CK52] never runs inside the call, and lets sockets and others have their turns while it waits', async () => {
    const clock = clockOf();
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    let isInside = true;
    const ran = new Promise<boolean>((resolve) => {
      clock.at((clock.nowMicros() + 150) as Micros, () => resolve(isInside));
      isInside = false;
    });
    expect(await ran).toBe(false);
    isOver = true;
    expect(turns).toBeGreaterThan(0);
  });

  it('[CK52] does with timers where its thread cannot be had, and says so once', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const clock = clockOf({ worker: new URL('file:///no/such/worker.ts'), log });
    await runAll(clock, [5, 10, 15]);
    await until('the thread to fail', () => warnings.length > 0);
    const ran = await runAll(clock, [5, 10]);
    expect(ran.map(([, late]) => late >= 0)).toEqual([true, true]);
    expect(warnings).toHaveLength(1);
  });

  it('[CK52] does with timers once it is closed', async () => {
    const clock = clockOf();
    const before = runAll(clock, [20]);
    await clock.close();
    expect([...(await before), ...(await runAll(clock, [5]))].every(([, late]) => late >= 0)).toBe(true);
  });
});
