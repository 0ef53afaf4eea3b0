import { describe, expect, it } from 'vitest';
import { timecodeRates, type TimecodeRate } from '../../../src-main/contract/timecode.ts';
import { micros } from '../../../src-main/contract/units.ts';
import {
  chaseDefaults,
  TimecodeChase,
  type ChaseNow,
  type ChaseOptions,
} from '../../../src-main/core/timecode/timecode-chase.ts';
import { framesBetween, framesPerDay, framesPerSecond } from '../../../src-main/core/timecode/timecode.ts';
import { seededChance } from '../../seeded-chance.ts';

const start = 1_700_000_000_000_000;

function at(seconds: number) {
  return micros(start + seconds * 1e6);
}

function chase(some: Partial<ChaseOptions> = {}): TimecodeChase {
  return new TimecodeChase({ ...chaseDefaults, rate: '25', ...some });
}

/** Frames heard one by one from `from`, each when it begins. */
function play(into: TimecodeChase, { from = 1000, frames = 25, begin = 0, speed = 1 } = {}): number {
  for (let i = 0; i < frames; i++) into.heard(from + i * Math.sign(speed), at(begin + i / 25 / Math.abs(speed)));
  return begin + frames / 25 / Math.abs(speed);
}

describe('the chase of a timecode', () => {
  it('[TC11] locks with the third frame in line, runs on through a hole for the freewheel, and then is lost', () => {
    const some = chase({ freewheelFrames: 10 });
    expect(some.now(at(0))).toEqual({ state: 'lost', frame: 0, speed: 0, freewheelLeft: 0 });
    some.heard(1000, at(0));
    some.heard(1001, at(0.04));
    expect(some.now(at(0.05)).state).toBe('lost');
    some.heard(1002, at(0.08));
    expect(some.now(at(0.1))).toMatchObject({ state: 'locked', speed: 1, freewheelLeft: 10 });
    expect(some.now(at(0.1)).frame).toBeCloseTo(1002.5, 6);
    // 2.5 frames may be on their way, since quarter frames tell a time every second one.
    expect(some.now(at(0.18)).state).toBe('locked');
    expect(some.now(at(0.08 + 7.5 / 25))).toMatchObject({ state: 'freewheel', speed: 1 });
    expect(some.now(at(0.08 + 7.5 / 25)).freewheelLeft).toBeCloseTo(5, 6);
    expect(some.now(at(0.08 + 12.4 / 25)).frame).toBeCloseTo(1014.4, 4);
    const lost = some.now(at(0.08 + 12.6 / 25));
    expect(lost).toMatchObject({ state: 'lost', speed: 0, freewheelLeft: 0 });
    expect(lost.frame).toBeCloseTo(1014.5, 4);
    expect(some.now(at(60)).frame).toBeCloseTo(1014.5, 4);
    play(some, { from: 5000, begin: 61, frames: 3 });
    expect(some.now(at(61.08)).state).toBe('locked');
    expect(some.jumpsTotal).toBe(0);
  });

  it('[TC12] stays on its line through single frames that are elsewhere, and jumps once three in a row are', () => {
    const some = chase();
    let end = play(some, { frames: 25 });
    some.heard(70_000, at(end));
    expect(some.now(at(end)).frame).toBeCloseTo(1025, 1);
    some.heard(1026, at(end + 0.04));
    some.heard(4, at(end + 0.08));
    some.heard(90_000, at(end + 0.12));
    expect(some.now(at(end + 0.12)).frame).toBeCloseTo(1028, 1);
    expect(some.jumpsTotal).toBe(0);
    end = play(some, { from: 70_000, begin: end + 0.16, frames: 2 });
    expect(some.now(at(end)).frame).toBeLessThan(1100);
    some.heard(70_002, at(end));
    expect(some.now(at(end)).frame).toBeCloseTo(70_002, 1);
    expect(some.jumpsTotal).toBe(1);
  });

  it('[TC12] takes what is not further than the tolerance for the same line', () => {
    const some = chase({ jumpFrames: 3 });
    const end = play(some);
    some.heard(1028, at(end));
    expect(some.errorFrames).toBeCloseTo(3, 6);
    expect(some.now(at(end)).frame).toBeGreaterThan(1025.5);
  });

  it('[TC14] follows a tape at another speed and backwards, past midnight too, with its offset', () => {
    for (const speed of [0.5, 2, -1, -0.5, 1.05]) {
      const some = chase();
      const end = play(some, { from: 50_000, frames: 80, speed });
      const now = some.now(at(end));
      expect(now.state).toBe('locked');
      expect(now.speed).toBeCloseTo(speed, 1);
      expect(now.frame).toBeCloseTo(50_000 + 80 * Math.sign(speed), 0);
    }
    const day = framesPerDay('25');
    const over = chase({ offsetFrames: -30 });
    for (let i = 0; i < 20; i++) over.heard((day - 10 + i) % day, at(i / 25));
    expect(over.now(at(20 / 25)).frame).toBeCloseTo(day - 20, 2);
    expect(over.jumpsTotal).toBe(0);
  });

  it('[TC14] shows where it was put while nothing runs', () => {
    const some = chase({ offsetFrames: 5 });
    play(some);
    some.locate(300);
    expect(some.now(at(1.01))).toEqual({ state: 'lost', frame: 305, speed: 0, freewheelLeft: 0 });
  });

  /** Five minutes as a tape gives them: each frame late by up to `jitterMs`, one in fifty missing, a hole of eight frames
   *  every ten seconds, and one in two hundred damaged. */
  function fiveMinutes(rate: TimecodeRate, everyFrames: number, jitterMs: number, seed: number) {
    const chance = seededChance(seed);
    const fps = framesPerSecond(rate);
    const some = chase({ rate, freewheelFrames: 12 });
    const errors: number[] = [];
    const states = new Map<ChaseNow['state'], number>();
    const first = framesPerDay(rate) - 3000;
    for (let frame = 0; frame < 300 * fps; frame++) {
      const isHole = frame % Math.round(10 * fps) < 8 && frame > fps;
      const isHeard = frame % everyFrames === 0 && !isHole && chance() > 0.02;
      const seconds = frame / fps + (chance() * jitterMs) / 1000;
      const told = chance() < 0.005 ? Math.floor(chance() * framesPerDay(rate)) : (first + frame) % framesPerDay(rate);
      if (isHeard) some.heard(told, at(seconds));
      const asked = (frame + 0.999) / fps;
      const now = some.now(at(asked));
      states.set(now.state, (states.get(now.state) ?? 0) + 1);
      if (frame > fps)
        errors.push(Math.abs(framesBetween((first + asked * fps) % framesPerDay(rate), now.frame, rate)));
    }
    return { some, max: Math.max(...errors), states };
  }

  it.each(timecodeRates)(
    '[TC13] stays within a quarter of a frame for five minutes of LTC at %s with 8 ms of jitter and holes',
    (rate) => {
      const { some, max, states } = fiveMinutes(rate, 1, 8, 51);
      expect(max, 'seed 51').toBeLessThan(0.25);
      expect(states.get('lost') ?? 0).toBeLessThan(5);
      expect(states.get('freewheel')).toBeGreaterThan(0);
      expect(some.jumpsTotal).toBe(0);
    },
  );

  it.each(timecodeRates)(
    '[TC13] stays within a quarter of a frame for five minutes of MTC at %s with 5 ms of jitter and holes',
    (rate) => {
      const { some, max, states } = fiveMinutes(rate, 2, 5, 52);
      expect(max, 'seed 52').toBeLessThan(0.25);
      expect(states.get('lost') ?? 0).toBeLessThan(8);
      expect(some.jumpsTotal).toBe(0);
    },
  );

  it('[TC13] stays sound whatever is heard, and when', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const chance = seededChance(seed);
      const some = chase();
      let seconds = 0;
      for (let i = 0; i < 400; i++) {
        if (chance() < 0.8) seconds += chance() * (chance() < 0.1 ? 3 : 0.08);
        some.heard(Math.floor(chance() * (chance() < 0.5 ? 50 : 2_160_000)), at(seconds));
        const now = some.now(at(seconds + chance() * 0.1));
        expect(Number.isFinite(now.frame) && now.frame >= 0 && now.frame < framesPerDay('25'), `seed ${seed}`).toBe(
          true,
        );
        expect(Math.abs(now.speed)).toBeLessThanOrEqual(12);
      }
    }
  });
});
