import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import type { PlayerCommand } from '../../../src-main/core/timeline/timeline-command.ts';
import { TimelinePlayer } from '../../../src-main/core/timeline/timeline-player.ts';
import type { Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { line } from './arbitrary-timeline.ts';

const start = 1_700_000_000_000_000;
const ms = (value: number): Micros => micros(value * 1000);
/** An instant, in milliseconds from the start of the test. */
const at = (value: number): Micros => micros(start + Math.round(value * 1000));
/** From 0 to 100 in 100 ms. */
const ramp = line([[0, 0], [100, 100]]); // prettier-ignore
const loop = { ...ramp, loop: true };

/** State, position in milliseconds and value at an instant. */
function read(player: TimelinePlayer, now: number): unknown[] {
  const { state, position, value } = player.at(at(now));
  return [state, position / 1000, value && 'value' in value ? value.value : undefined];
}

function playing(timeline: Timeline = ramp, ...commands: (readonly [now: number, PlayerCommand])[]): TimelinePlayer {
  const player = new TimelinePlayer(timeline, at(0));
  for (const [now, command] of commands) player.apply(command, at(now));
  return player;
}

describe('a player', () => {
  it('[TL40] plays at once without a start time, and says when it ends', () => {
    const player = playing();
    expect([0, 25, 99.5, 100, 500].map((now) => read(player, now))).toEqual([
      ['playing', 0, 0],
      ['playing', 25, 25],
      ['playing', 99.5, 99.5],
      ['finished', 100, 100],
      ['finished', 100, 100],
    ]);
    expect([player.nextChange(at(0)), player.nextChange(at(100))]).toEqual([at(100), undefined]);
  });

  it('[TL40] waits for a start time, setting nothing', () => {
    const player = playing({ ...ramp, startTime: at(1000) });
    expect([read(player, 0), read(player, 999.999)]).toEqual([
      ['waiting', 0, undefined],
      ['waiting', 0, undefined],
    ]);
    expect(player.nextChange(at(0))).toBe(at(1000));
    expect(player.status(at(0))).toEqual({ state: 'waiting', position: 0, rate: 1, loop: false, at: at(1000) });
    expect([read(player, 1000), read(player, 1040)]).toEqual([
      ['playing', 0, 0],
      ['playing', 40, 40],
    ]);
  });

  it('[TL40] joins in the middle when the start time has passed, at the end when all has', () => {
    expect(read(playing({ ...ramp, startTime: at(-30) }), 0)).toEqual(['playing', 30, 30]);
    expect(read(playing({ ...loop, startTime: at(-230) }), 0)).toEqual(['playing', 30, 30]);
    expect(read(playing({ ...ramp, startTime: at(-230) }), 0)).toEqual(['finished', 100, 100]);
    expect(read(playing({ ...loop, startTime: micros(0) }), 0)[1]).toBe((start % 100_000) / 1000);
  });

  it('[TL40] is stopped until it is told to play when that was asked', () => {
    const player = new TimelinePlayer({ ...ramp, startTime: at(10) }, at(0), false);
    expect(read(player, 50)).toEqual(['stopped', 0, undefined]);
    player.apply({ command: 'play' }, at(60));
    expect(read(player, 70)).toEqual(['playing', 10, 10]);
  });

  it('[TL41] holds while it is paused and goes on from there', () => {
    const player = playing(ramp, [30, { command: 'pause' }]);
    expect([read(player, 30), read(player, 1000)]).toEqual([
      ['paused', 30, 30],
      ['paused', 30, 30],
    ]);
    expect(player.nextChange(at(1000))).toBeUndefined();
    player.apply({ command: 'resume' }, at(1000));
    expect([read(player, 1020), read(player, 1070)]).toEqual([
      ['playing', 50, 50],
      ['finished', 100, 100],
    ]);
  });

  it('[TL41] holds at the start when it is paused before its start time', () => {
    const player = playing({ ...ramp, startTime: at(1000) }, [30, { command: 'pause' }]);
    expect(read(player, 2000)).toEqual(['paused', 0, 0]);
  });

  it.each<[string, PlayerCommand, Timeline, number]>([
    ['resume', { command: 'resume' }, ramp, 20],
    ['resume', { command: 'resume' }, { ...ramp, startTime: at(90) }, 20],
    ['resume', { command: 'resume' }, ramp, 200],
    ['pause', { command: 'pause' }, ramp, 200],
    ['play', { command: 'play' }, ramp, 20],
  ])('[TL41] lets %s do nothing where there is nothing to do', (_, command, timeline, now) => {
    const [told, untold] = [playing(timeline), playing(timeline)];
    told.apply(command, at(now));
    for (const later of [now, now + 10, now + 500]) expect(read(told, later)).toEqual(read(untold, later));
  });

  it('[TL42] goes back to the start when it is stopped, and sets nothing more', () => {
    const player = playing(ramp, [30, { command: 'stop' }]);
    expect(read(player, 40)).toEqual(['stopped', 0, undefined]);
    player.apply({ command: 'resume' }, at(50));
    expect(read(player, 60)).toEqual(['stopped', 0, undefined]);
    player.apply({ command: 'play' }, at(70));
    expect(read(player, 75)).toEqual(['playing', 5, 5]);
  });

  it('[TL43] plays from the start when it is finished or waits, from where it is when paused, and from where it is told', () => {
    const again: PlayerCommand = { command: 'play' };
    expect(read(playing(ramp, [500, again]), 510)).toEqual(['playing', 10, 10]);
    expect(read(playing({ ...ramp, startTime: at(900) }, [500, again]), 510)).toEqual(['playing', 10, 10]);
    expect(read(playing(ramp, [30, { command: 'pause' }], [500, again]), 510)).toEqual(['playing', 40, 40]);
    const from = { command: 'play', position: ms(60), rate: 2, loop: true } as const;
    expect(read(playing(ramp, [30, from]), 40)).toEqual(['playing', 80, 80]);
    expect(read(playing(ramp, [30, from]), 60)).toEqual(['playing', 20, 20]);
  });

  it('[TL44] goes on from the position it seeks while it plays, and holds there in any other state', () => {
    const seek = { command: 'seek', position: ms(60) } as const;
    expect(read(playing(ramp, [30, seek]), 50)).toEqual(['playing', 80, 80]);
    expect(read(playing(ramp, [500, seek]), 510)).toEqual(['paused', 60, 60]);
    expect(read(playing(ramp, [30, { command: 'pause' }], [40, seek]), 50)).toEqual(['paused', 60, 60]);
    expect(read(playing(ramp, [30, { command: 'stop' }], [40, seek]), 50)).toEqual(['paused', 60, 60]);
    expect(read(playing({ ...ramp, startTime: at(90) }, [40, seek]), 100)).toEqual(['paused', 60, 60]);
    const end = { command: 'seek', position: ms(100) } as const;
    expect(read(playing(ramp, [30, end]), 30)).toEqual(['finished', 100, 100]);
    expect(read(playing(loop, [30, end]), 40)).toEqual(['playing', 10, 10]);
  });

  it('[TL45] changes its rate from where it is, without a jump', () => {
    const player = playing(ramp, [40, { command: 'rate', rate: 0.5 }]);
    expect([read(player, 40), read(player, 60), player.nextChange(at(60))]).toEqual([
      ['playing', 40, 40],
      ['playing', 50, 50],
      at(160),
    ]);
    player.apply({ command: 'rate', rate: 100 }, at(60));
    expect([read(player, 60), read(player, 60.1), read(player, 60.5)]).toEqual([
      ['playing', 50, 50],
      ['playing', 60, 60],
      ['finished', 100, 100],
    ]);
  });

  it('[TL45] keeps the rate for what waits, is paused or plays again, and revives nothing that is finished', () => {
    const rate = { command: 'rate', rate: 2 } as const;
    expect(read(playing({ ...ramp, startTime: at(90) }, [40, rate]), 100)).toEqual(['playing', 20, 20]);
    expect(read(playing(ramp, [40, { command: 'pause' }], [50, rate], [60, { command: 'resume' }]), 70)).toEqual([
      'playing',
      60,
      60,
    ]);
    expect(read(playing(ramp, [500, { command: 'rate', rate: 0.01 }]), 500)).toEqual(['finished', 100, 100]);
    expect(read(playing(ramp, [500, rate], [600, { command: 'play' }]), 610)).toEqual(['playing', 20, 20]);
  });

  it('[TL46] begins again at its end while it loops, and counts from its start time', () => {
    const player = playing(loop);
    expect([99.5, 100, 250, 1_000_000_030].map((now) => read(player, now))).toEqual([
      ['playing', 99.5, 99.5],
      ['playing', 0, 0],
      ['playing', 50, 50],
      ['playing', 30, 30],
    ]);
    expect(player.nextChange(at(30))).toBeUndefined();
    const held = playing({ ...loop, duration: ms(150) });
    expect([120, 150, 170].map((now) => read(held, now)[2])).toEqual([100, 0, 20]);
  });

  it('[TL46] ends with the round it is in when the loop is switched off, and goes on into the next when on', () => {
    const ending = playing(loop, [250, { command: 'loop', loop: false }]);
    expect([read(ending, 250), read(ending, 299), read(ending, 300), ending.timeline.loop]).toEqual([
      ['playing', 50, 50],
      ['playing', 99, 99],
      ['finished', 100, 100],
      false,
    ]);
    const going = playing(ramp, [50, { command: 'loop', loop: true }]);
    expect([read(going, 130), going.timeline]).toEqual([['playing', 30, 30], loop]);
    expect(read(playing(ramp, [500, { command: 'loop', loop: true }]), 530)).toEqual(['finished', 100, 100]);
  });

  it.each<[string, PlayerCommand]>([
    ['rate', { command: 'rate', rate: 0 }],
    ['rate', { command: 'rate', rate: -1 }],
    ['rate', { command: 'rate', rate: 0.0099 }],
    ['rate', { command: 'rate', rate: 100.1 }],
    ['rate', { command: 'rate', rate: Number.NaN }],
    ['position', { command: 'seek', position: micros(-1) }],
    ['position', { command: 'seek', position: micros(100_001) }],
    ['position', { command: 'seek', position: Number.NaN as Micros }],
    ['rate', { command: 'play', position: ms(50), rate: 0, loop: true }],
    ['position', { command: 'play', position: ms(101), rate: 2, loop: true }],
  ])('[TL47] refuses a %s out of range, and nothing changes', (place, command) => {
    const player = playing();
    expect(() => player.apply(command, at(30))).toThrow(
      expect.objectContaining({ code: 'bad-timeline', details: { place } }),
    );
    expect([read(player, 30), player.status(at(30)), player.timeline]).toEqual([
      ['playing', 30, 30],
      { state: 'playing', position: 30_000, rate: 1, loop: false, at: at(30) },
      ramp,
    ]);
  });

  it('[TL47] refuses to loop what has no length, and plays it as one value', () => {
    const player = playing(line([[0, 7]])); // prettier-ignore
    expect(() => player.apply({ command: 'loop', loop: true }, at(0))).toThrow(
      expect.objectContaining({ code: 'bad-timeline', details: { place: 'loop' } }),
    );
    expect(read(player, 0)).toEqual(['finished', 0, 7]);
  });

  it('[TL48] is where the sum of its times says to the microsecond, after any number of changes of rate', () => {
    const step = fc.record({ gap: fc.nat({ max: 3_000_000 }), rate: fc.integer({ min: 1, max: 10_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.boolean(), (steps, isLoop) => {
        const length = 7_000_003;
        const player = new TimelinePlayer(
          { keyframes: [{ time: micros(0), value: f64(0), easing: 'linear' }], duration: micros(length), loop: isLoop },
          at(0),
        );
        let now = start;
        let exact = 0n;
        let rate = 100n;
        for (const { gap, rate: next } of steps) {
          now += gap;
          exact += BigInt(gap) * rate;
          rate = BigInt(next);
          const before = player.at(micros(now));
          player.apply({ command: 'rate', rate: next / 100 }, micros(now));
          expect(player.at(micros(now))).toEqual(before);
          const isOver = !isLoop && exact >= BigInt(length) * 100n;
          const whole = Number(exact / 100n);
          const apart = Math.abs(before.position - (isOver ? length : whole % length));
          expect(isLoop ? Math.min(apart, length - apart) : apart).toBeLessThanOrEqual(1);
          if (isOver) break;
        }
      }),
    );
  });

  it('[TL49] goes on by itself from what was told of it, as the one that told it', () => {
    const command: fc.Arbitrary<PlayerCommand> = fc.oneof(
      fc.record({ command: fc.constantFrom('play' as const, 'pause' as const, 'resume' as const, 'stop' as const) }),
      fc.record({
        command: fc.constant('seek' as const),
        position: fc.nat({ max: 100_000 }).map((value) => value as Micros),
      }),
      fc.record({ command: fc.constant('loop' as const), loop: fc.boolean() }),
    );
    const steps = fc.array(fc.record({ gap: fc.nat({ max: 60_000 }), command }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.integer({ min: -50_000, max: 200_000 }), fc.nat({ max: 300_000 }), (all, begin, wait) => {
        const player = new TimelinePlayer({ ...ramp, startTime: micros(start + begin) }, at(0));
        let now = start;
        for (const { gap, command: next } of all) {
          now += gap;
          player.apply(next, micros(now));
        }
        const joined = TimelinePlayer.from(player.timeline, player.status(micros(now)));
        expect(joined.at(micros(now + wait))).toEqual(player.at(micros(now + wait)));
      }),
    );
    expect(
      TimelinePlayer.from(ramp, { state: 'playing', position: ms(10), rate: 2, loop: false, at: at(0) }).at(at(20))
        .position,
    ).toBe(50_000);
  });

  it.each([
    ['position', { position: micros(100_001), rate: 1, at: at(0) }],
    ['rate', { position: micros(0), rate: 0, at: at(0) }],
    ['at', { position: micros(0), rate: 1, at: micros(2 ** 52 + 2) }],
  ])('[TL49] refuses a report whose %s cannot be', (place, status) => {
    expect(() => TimelinePlayer.from(ramp, { state: 'playing', loop: false, ...status })).toThrow(
      expect.objectContaining({ code: 'bad-timeline', details: { place } }),
    );
  });
});
