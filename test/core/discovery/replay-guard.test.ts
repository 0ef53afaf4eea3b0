import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { ReplayGuard, replayLimits } from '../../../src-main/core/discovery/replay-guard.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { alice, bob } from './rendezvous-samples.ts';

function setup() {
  const clock = new SimulatedClock();
  const guard = new ReplayGuard(clock);
  clock.advance(1_000_000);
  const enter = (offsetMs: number, key = alice, source = 'a'): string => {
    try {
      guard.enter({ key, source, time: micros(clock.nowMicros() + offsetMs * 1000) });
      return 'ok';
    } catch (error) {
      expect(error).toMatchObject({ code: 'stale-signature', details: { serverTime: clock.nowMicros() } });
      return 'stale';
    }
  };
  return { clock, guard, enter };
}

describe('the guard against what was signed before', () => {
  it('[RZ23] takes each time of a key once, and none before it', () => {
    const { enter } = setup();
    expect([enter(0), enter(0), enter(-1), enter(0.001), enter(0, bob)]).toEqual(['ok', 'stale', 'stale', 'ok', 'ok']);
  });

  it('[RZ23] takes nothing that is further from now than the window, nor from before it began', () => {
    const { clock, enter } = setup();
    expect([enter(-120_001), enter(120_001), enter(-120_000, bob), enter(120_000, bob)]).toEqual([
      'stale',
      'stale',
      'ok',
      'ok',
    ]);
    const guard = new ReplayGuard(clock);
    expect(() => guard.enter({ key: alice, source: 'a', time: clock.nowMicros() })).toThrow('since it began');
  });

  it('[RZ23] never takes twice what it has forgotten', () => {
    const { clock, guard, enter } = setup();
    const time = clock.nowMicros();
    expect(enter(0)).toBe('ok');
    for (let second = 0; second < 600; second++) {
      clock.advance(1000);
      expect(enter(0, `other ${second}`)).toBe('ok');
      expect(() => guard.enter({ key: alice, source: 'a', time })).toThrow('not of now');
    }
    expect(guard.size).toBeLessThan(300);
  });

  it('[RZ24] remembers so many keys; one source that floods has its own forgotten, nobody else’s', () => {
    const { guard, enter } = setup();
    expect(enter(0, alice, 'quiet')).toBe('ok');
    for (let n = 0; n < replayLimits.keysMax + 500; n++) enter(0, `flood ${n}`, 'flood');
    expect(guard.size).toBe(replayLimits.keysMax);
    expect(enter(0, alice, 'quiet')).toBe('stale');
  });
});
