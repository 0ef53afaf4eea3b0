import { describe, expect, it } from 'vitest';
import { createPacer } from '../../src-main/engine/feeds/pacer.ts';
import { millis } from '../../src-main/contract/units.ts';
import { SimulatedClock } from '../simulated-clock.ts';

describe('pacer of the live plane', () => {
  it('[EA9] sends what waited, merged, at most once an interval', async () => {
    const clock = new SimulatedClock();
    const sent: number[] = [];
    let waiting = 0;
    const pacer = createPacer({
      clock,
      interval: millis(20),
      take: () => (waiting ? waiting : undefined),
      send: (batch) => {
        sent.push(batch);
        waiting = 0;
      },
    });
    for (let ms = 0; ms < 100; ms++) {
      waiting++;
      pacer.poke();
      await clock.advanceAsync(1);
    }
    expect(sent.length).toBeGreaterThanOrEqual(5);
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(sent.reduce((sum, each) => sum + each, 0) + waiting).toBe(100);
  });

  it('[EA9] waits for a receiver that has not taken the batch before, then sends the newest', async () => {
    const clock = new SimulatedClock();
    const sent: number[] = [];
    let newest = 0;
    let taken: () => void = () => undefined;
    const pacer = createPacer({
      clock,
      interval: millis(10),
      take: () => newest,
      send: (batch) => {
        sent.push(batch);
        return new Promise<void>((resolve) => (taken = resolve));
      },
    });
    for (newest = 1; newest <= 50; newest++) {
      pacer.poke();
      await clock.advanceAsync(10);
    }
    expect(sent).toEqual([1]);
    taken();
    newest = 99;
    await clock.advanceAsync(10);
    expect(sent).toEqual([1, 99]);
  });

  it('[EA9] goes on after a receiver that failed', async () => {
    const clock = new SimulatedClock();
    let calls = 0;
    const send = (): never => {
      calls++;
      throw new Error('gone');
    };
    const pacer = createPacer({ clock, interval: millis(10), take: () => 1, send });
    pacer.poke();
    await clock.advanceAsync(10);
    pacer.poke();
    await clock.advanceAsync(10);
    expect(calls).toBe(2);
  });

  it('[EA9] sends nothing after stop', async () => {
    const clock = new SimulatedClock();
    const sent: number[] = [];
    const pacer = createPacer({ clock, interval: millis(10), take: () => 1, send: (batch) => sent.push(batch) });
    pacer.poke();
    pacer.stop();
    pacer.poke();
    await clock.advanceAsync(100);
    expect(sent).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
