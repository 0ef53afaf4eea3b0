import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { MidiClockMeter } from '../../../src-main/core/timecode/midi-clock-meter.ts';
import { SampleClock } from '../../../src-main/core/timecode/sample-clock.ts';
import { Spread } from '../../../src-main/core/timecode/spread.ts';
import { TickTrain } from '../../../src-main/core/timecode/tick-train.ts';
import { TimecodePlayer } from '../../../src-main/core/timecode/timecode-player.ts';
import { framesPerDay } from '../../../src-main/core/timecode/timecode.ts';
import { seededChance } from '../../seeded-chance.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('clocks of timecode and MIDI', () => {
  it('[TC15] tells when a sample was heard, to a millisecond, from blocks that come up to 15 ms late', () => {
    const chance = seededChance(15);
    const clock = new SampleClock(48_000);
    let worst = 0;
    // The sound card is 80 parts in a million too slow.
    const slow = 1.00008;
    for (let block = 1; block <= 60_000; block++) {
      const heardAt = 5e9 + ((block * 480) / 48_000) * 1e6 * slow;
      clock.came(block * 480, micros(heardAt + chance() ** 3 * 15_000));
      if (block > 100) worst = Math.max(worst, Math.abs(clock.timeOf(block * 480) - heardAt));
    }
    expect(worst, 'seed 15').toBeLessThan(1000);
    // Sound is missing: a second later the same count of samples.
    clock.came(60_001 * 480, micros(5e9 + 601.01e6 * slow));
    expect(clock.timeOf(60_001 * 480)).toBe(Math.trunc(5e9 + 601.01e6 * slow));
  });

  it('[TC16] reads tempo, beats and jitter of MIDI clock, and no tempo once it stopped', () => {
    const meter = new MidiClockMeter();
    const beats: (number | undefined)[] = [];
    const at = (tick: number) => micros(1e9 + (tick * 60e6) / (128 * 24) + (tick % 2) * 600);
    expect(meter.bpm(micros(1e9))).toBeUndefined();
    for (let tick = 0; tick < 24 * 20; tick++) beats.push(meter.tick(at(tick)));
    expect(meter.bpm(at(480))).toBeCloseTo(128, 0);
    expect(beats.flatMap((beat, tick) => (beat === undefined ? [] : [[tick, beat]])).slice(0, 3)).toEqual([
      [0, 0],
      [24, 1],
      [48, 2],
    ]);
    expect(meter.jitter()?.p50).toBeCloseTo(0.6, 1);
    expect(meter.jitter()?.p99).toBeCloseTo(0.6, 1);
    expect(meter.bpm(micros(at(480) + 300_000))).toBeUndefined();
    meter.restart();
    expect(meter.tick(micros(at(480) + 900_000))).toBe(0);
    expect(meter.bpm(micros(at(480) + 900_000))).toBeUndefined();
    expect(new Spread(4).figures()).toBeUndefined();
  });

  it('[TC17] ticks without drift, whatever each tick was late, and takes another tempo in the middle of the way', () => {
    const clock = new SimulatedClock(0);
    const ticks: number[] = [];
    const train = new TickTrain(clock, () => ticks.push(clock.nowMicros()));
    train.setPeriod(20_833.333);
    clock.advance(10_000);
    expect(ticks.length).toBe(480);
    expect(ticks.at(-1)).toBeCloseTo(480 * 20_833.333, -1);
    expect(train.lateness()?.max).toBeLessThan(0.01);
    clock.jump(30);
    clock.advance(1000);
    expect(ticks.at(-1)).toBeCloseTo(Math.floor(11_030_000 / 20_833.333) * 20_833.333, -1);
    expect(train.lateness()?.max).toBeGreaterThan(9);
    train.setPeriod(10_000);
    clock.advance(1000);
    expect(train.isRunning).toBe(true);
    train.stop();
    const stopped = ticks.length;
    clock.advance(1000);
    expect([ticks.length, train.isRunning, clock.waiting]).toEqual([stopped, false, 0]);
  });

  it('[TC17] lets go the ticks of a machine that slept', () => {
    const clock = new SimulatedClock(0);
    let ticks = 0;
    const train = new TickTrain(clock, () => ticks++);
    train.setPeriod(10_000);
    clock.jump(60_000);
    clock.advance(100);
    expect(ticks).toBeLessThan(15);
  });

  it('[TC18] plays from where it was put, stands, runs round midnight, and follows positions to the end of the freewheel', () => {
    const player = new TimecodePlayer('25', 10);
    const at = (seconds: number) => micros(1e9 + seconds * 1e6);
    player.locate(250, at(0));
    expect(player.now(at(5))).toMatchObject({ isRunning: false, speed: 0, frame: 250 });
    player.play(at(5));
    player.play(at(5.5));
    expect(player.now(at(6))).toMatchObject({ isRunning: true, speed: 1, frame: 275 });
    player.locate(1000, at(6));
    expect(player.now(at(7)).frame).toBe(1025);
    player.stop(at(7));
    expect(player.now(at(9))).toMatchObject({ isRunning: false, speed: 0, frame: 1025 });
    player.locate(framesPerDay('25') - 5, at(9));
    player.play(at(9));
    expect(player.now(at(10)).frame).toBe(20);
    for (let i = 0; i < 25; i++) player.follow(7000 + i, at(10 + i / 25));
    expect(player.now(at(11)).isRunning).toBe(true);
    expect(player.now(at(11)).frame).toBeCloseTo(7025, 2);
    expect(player.now(at(12)).isRunning).toBe(false);
    player.play(at(12));
    expect(player.now(at(13)).isRunning).toBe(true);
  });

  it('[TC29] stands at the position it is to follow until there are enough to run', () => {
    const player = new TimecodePlayer('25', 10);
    const at = (seconds: number) => micros(1e9 + seconds * 1e6);
    for (const from of [90_000, 5000]) {
      for (let i = 0; i < 2; i++) {
        player.follow(from + i, at(from + i / 25));
        expect(player.now(at(from + i / 25))).toMatchObject({ isRunning: false, speed: 0, frame: from + i });
      }
      for (let i = 2; i < 20; i++) player.follow(from + i, at(from + i / 25));
      expect(player.now(at(from + 0.8)).frame).toBeCloseTo(from + 20, 2);
      expect(player.now(at(from + 9)).frame).toBeGreaterThan(from + 20);
    }
    for (let i = 0; i < 9; i++) player.follow(777, at(95_000 + i));
    expect(player.now(at(95_009))).toMatchObject({ isRunning: false, speed: 0, frame: 777 });
  });
});
