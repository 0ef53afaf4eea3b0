import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { micros, type Millis } from '../../src-main/contract/units.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';

const clock = createSystemClock();

describe('system clock', () => {
  it('[TM1] counts microseconds of the Unix epoch', () => {
    expect(Math.abs(clock.nowMicros() / 1000 - Date.now())).toBeLessThan(1000);
    expect(Number.isSafeInteger(clock.nowMicros())).toBe(true);
  });

  it('[TM1] never goes backwards', () => {
    let last = clock.nowMicros();
    for (let i = 0; i < 100_000; i++) {
      const now = clock.nowMicros();
      if (now < last) expect.unreachable(`${now} came after ${last}`);
      last = now;
    }
  });

  it('[TM2] never runs before the deadline, and earlier ones first, also when all are late', async () => {
    const order: string[] = [];
    const set = (name: string, aheadMs: number): Promise<void> =>
      new Promise((resolve) => {
        const deadline = micros(start + aheadMs * 1000);
        clock.at(deadline, () => {
          expect(clock.nowMicros()).toBeGreaterThanOrEqual(deadline);
          order.push(name);
          resolve();
        });
      });
    const start = clock.nowMicros();
    const ran = [
      set('7.9', 7.9),
      set('0.3', 0.3),
      set('3.1 a', 3.1),
      set('3.1 b', 3.1),
      set('0', 0),
      set('-5', -5),
      set('9', 9),
    ];
    while (clock.nowMicros() < start + 8500);
    await Promise.all(ran);
    expect(order).toEqual(['-5', '0', '0.3', '3.1 a', '3.1 b', '7.9', '9']);
  });

  it('[TM2] gives sockets and others their turn when a timer sets itself up again and again', async () => {
    let isOver = false;
    let ran = 0;
    const again = (): void => {
      ran++;
      if (!isOver) clock.after(0 as Millis, again);
    };
    again();
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    isOver = true;
    expect(ran).toBeGreaterThan(1);
  });

  it('[TM2] runs the others when one throws, and lets the error out', () => {
    const script = `
      import { createSystemClock } from './src-main/platform/system-clock.ts';
      const clock = createSystemClock();
      process.on('uncaughtException', (error) => console.log(error.message));
      clock.after(0, () => { throw new Error('a bug'); });
      clock.after(0, () => console.log('ran'));`;
    expect(runScript(script)).toBe('a bug\nran\n');
  });

  it('[TM2] never runs inside the call that set it up', async () => {
    let isInside = true;
    const ran = new Promise<boolean>((resolve) => {
      clock.after(0 as Millis, () => resolve(isInside));
      isInside = false;
    });
    expect(await ran).toBe(false);
  });

  it('[TM3] runs nothing that was cancelled, also when it was due already', async () => {
    let ran = 0;
    clock.after(0 as Millis, () => ran++)();
    clock.after(2 as Millis, () => ran++)();
    await new Promise<void>((resolve) => void clock.after(5 as Millis, resolve));
    expect(ran).toBe(0);
  });

  it('[TM4] keeps the process alive while a timer is set, and not after', () => {
    const script = `
      import { createSystemClock } from './src-main/platform/system-clock.ts';
      const clock = createSystemClock();
      clock.after(60_000, () => undefined)();
      clock.after(20, () => console.log('ran'));`;
    expect(runScript(script)).toBe('ran\n');
  });

  describe('with time turned by hand', () => {
    afterEach(() => vi.useRealTimers());

    it('[TM2] waits for longer than a timer of Node can', () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
      const days = 60 * 24 * 3600 * 1000;
      let ran = 0;
      clock.after(days as Millis, () => ran++);
      const cancel = clock.after(days as Millis, () => ran++);
      vi.advanceTimersByTime(days - 1000);
      expect(ran).toBe(0);
      cancel();
      vi.advanceTimersByTime(2000);
      expect(ran).toBe(1);
    });
  });
});

function runScript(script: string): string {
  const args = ['--input-type=module', '--no-warnings', '-e', script];
  return execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
}
