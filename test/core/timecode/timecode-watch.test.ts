import { describe, expect, it } from 'vitest';
import { bool, f64, integer, text, toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { controlTimecode } from '../../../src-main/core/timecode/timecode-control.ts';
import { TimecodeParams } from '../../../src-main/core/timecode/timecode-params.ts';
import { TimecodePlayer } from '../../../src-main/core/timecode/timecode-player.ts';
import { TimecodeWatch } from '../../../src-main/core/timecode/timecode-watch.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function linesOf(batch: readonly Signal[]): string[] {
  return batch.map(({ address, value }) => `${address} ${JSON.stringify(toJson(value))}`);
}

describe('telling where a timecode is', () => {
  it('[TC27] tells of a frame only what differs from the one before', () => {
    const params = new TimecodeParams('/ltc/deck');
    const now = { state: 'locked', frame: 90_000.7, speed: 0.998, freewheelLeft: 10 } as const;
    expect(linesOf(params.take(now, '25', 0.123))).toEqual([
      '/ltc/deck/timecode "01:00:00:00"',
      '/ltc/deck/timecode/frame 90000',
      '/ltc/deck/timecode/seconds 3600',
      '/ltc/deck/timecode/state "locked"',
      '/ltc/deck/timecode/rate "25"',
      '/ltc/deck/timecode/speed 1',
      '/ltc/deck/timecode/error 0.12',
    ]);
    expect(params.take(now, '25', 0.5)).toEqual([]);
    expect(linesOf(params.take({ ...now, state: 'lost', speed: 0 }, '25', -0.001))).toEqual([
      '/ltc/deck/timecode/state "lost"',
      '/ltc/deck/timecode/speed 0',
      '/ltc/deck/timecode/error 0',
    ]);
  });

  it('[TC27] tells each frame once while it runs, backwards too, and keeps no timer once it is lost', () => {
    for (const step of [1, -1]) {
      const clock = new SimulatedClock();
      const published: Signal[] = [];
      const publish = (batch: readonly Signal[]): void => void published.push(...batch);
      const watch = new TimecodeWatch({ clock, base: '/x', publish, freewheelFrames: 5, offsetFrames: 0 });
      expect(watch.words()).toBe('');
      for (let i = 0; i < 100; i++) {
        watch.heard(5000 + i * step, '30', clock.nowMicros());
        clock.advance(1000 / 30);
      }
      const frames = published.flatMap(({ address, value }) =>
        address === '/x/timecode/frame' ? [toJson(value)] : [],
      );
      expect(frames.length).toBeGreaterThan(95);
      expect(new Set(frames).size).toBe(frames.length);
      expect(watch.words()).toMatch(/^Locked to /);
      clock.advance(1000);
      expect([watch.words().startsWith('No timecode'), clock.waiting]).toEqual([true, 0]);
      watch.locate(1, '30');
      expect(linesOf(published.slice(-3))[0]).toBe('/x/timecode "00:00:00:01"');
    }
  });

  it('[TC28] believes another rate once three frames of it are in line, and counts on until then', () => {
    const clock = new SimulatedClock();
    const published: Signal[] = [];
    const publish = (batch: readonly Signal[]): void => void published.push(...batch);
    const watch = new TimecodeWatch({ clock, base: '/x', publish, freewheelFrames: 10, offsetFrames: 0 });
    const run = (from: number, frames: number, rate: '30' | '25', damagedAt = -1): void => {
      for (let i = 0; i < frames; i++) {
        watch.heard(from + i, i === damagedAt ? '29.97df' : rate, clock.nowMicros());
        clock.advance(1000 / Number(rate));
      }
    };
    const told = (name: string): unknown[] =>
      published.flatMap(({ address, value }) => (address === `/x/timecode/${name}` ? [toJson(value)] : []));
    run(108_000, 60, '30', 30);
    run(108_060, 30, '30');
    expect([told('state'), told('rate')]).toEqual([['locked'], ['30']]);
    run(90_000, 50, '25');
    expect([told('state').at(-1), told('state').includes('lost'), told('rate')]).toEqual([
      'locked',
      false,
      ['30', '25'],
    ]);
    expect(Math.min(...told('frame').map(Number))).toBeGreaterThanOrEqual(90_000);
    expect(watch.words()).toMatch(/^Locked to 01:00:0[12]:\d\d at 25/);
  });

  it('[TC18] puts, runs and leads a timecode by its addresses, and says what it does not take', () => {
    const player = new TimecodePlayer('25', 10);
    const at = new SimulatedClock().nowMicros();
    const control = (path: string, value: Value): boolean => controlTimecode(player, { path, value, rate: '25', at });
    expect(control('timecode/locate', text('00:00:10:00'))).toBe(true);
    expect(player.now(at)).toMatchObject({ isRunning: false, speed: 0, frame: 250 });
    expect(control('timecode/locate', f64(20))).toBe(true);
    expect(player.now(at).frame).toBeCloseTo(500, 3);
    expect(control('timecode/play', integer(1))).toBe(true);
    expect(player.now(at).isRunning).toBe(true);
    expect(control('timecode/play', bool(false))).toBe(true);
    expect(player.now(at).isRunning).toBe(false);
    expect([control('timecode', text('x')), control('timecode/state', text('x')), control('cc/1', f64(1))]).toEqual([
      false,
      false,
      false,
    ]);
    for (const [path, value] of [
      ['timecode/locate', text('late')],
      ['timecode/locate', f64(-1)],
      ['timecode/follow', f64(NaN)],
      ['timecode/follow', f64(86_400)],
      ['timecode/play', text('yes')],
    ] as const)
      expect(() => control(path, value)).toThrow(expect.objectContaining({ code: 'bad-value' }) as Error);
  });
});
