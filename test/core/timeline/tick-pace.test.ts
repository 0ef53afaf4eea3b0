import { describe, expect, it } from 'vitest';
import { f64, type Value } from '../../../src-main/contract/signal.ts';
import { hertz, micros } from '../../../src-main/contract/units.ts';
import { TickPace, type Paced } from '../../../src-main/core/timeline/tick-pace.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { line } from './arbitrary-timeline.ts';

const second = 1_000_000;
const list: Value = { type: 'array', value: Array.from({ length: 300 }, () => f64(1)) };
const ramp = line([[0, 0], [1000, 1]]); // prettier-ignore
const wide = { ...ramp, keyframes: ramp.keyframes.map((keyframe) => ({ ...keyframe, value: list })) };

function bench(work = { perTurnMicros: 500, perOwnerMicros: 200_000, allMicros: 400_000 }) {
  const clock = new SimulatedClock(0);
  const ran: Paced[] = [];
  const turns: number[] = [];
  const pace: TickPace<Paced> = new TickPace({
    clock,
    work,
    run: (item) => ran.push(item),
    onRan: () => turns.push(ran.length),
    onOver: () => undefined,
  });
  return { clock, pace, ran, turns };
}

describe('the pace of timelines', () => {
  it('[TL88] reckons a tick by the largest of its values', () => {
    const { pace } = bench();
    expect([ramp, wide].map((timeline) => pace.enter({}, timeline, hertz(60)).tickMicros)).toEqual([9, 69]);
  });

  it('[TL88] looks at so many in one turn as their cost allows, at one at least, the rest in the next', () => {
    const { clock, pace, ran, turns } = bench();
    const all = Array.from({ length: 20 }, () => pace.enter({}, wide, hertz(60)));
    for (const item of all) pace.plan(item, micros(1000));
    clock.advance(1);
    expect([turns, ran]).toEqual([[8, 16, 20], all]);
    const small = bench({ perTurnMicros: 1, perOwnerMicros: 1, allMicros: 1 });
    for (const item of all.slice(0, 2)) small.pace.plan({ ...item, due: undefined }, micros(1000));
    small.clock.advance(1);
    expect(small.turns).toEqual([1, 2]);
  });

  it('[TL88] spreads the ticks of whoever wants more evenly over the time, and counts those left out', () => {
    const { pace } = bench();
    const owner = {};
    const all = Array.from({ length: 100 }, () => pace.enter(owner, wide, hertz(240)));
    for (const item of all) pace.setPlaying(item, true);
    // 100 at 240 ticks of 69 µs want 1.66 s of a second, and get 0.2.
    const nexts = all.map((item) => pace.next(item, micros(second), undefined) - second).toSorted((a, b) => a - b);
    const interval = second / 28;
    expect(nexts.at(-1)).toBeLessThanOrEqual(Math.ceil(interval));
    expect((nexts.at(-1) ?? 0) - (nexts[0] ?? 0)).toBeGreaterThan(0.9 * interval);
    const gaps = nexts.slice(1).map((next, i) => next - (nexts[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan((3 * interval) / 100);
    const before = pace.leftOutTotal;
    const [one] = all;
    if (!one) throw new Error('There are some.');
    let now = micros(10 * second);
    for (let i = 0; i < 280; i++) now = pace.next(one, now, undefined);
    expect(now - 20 * second).toBeLessThanOrEqual(Math.ceil(interval));
    expect(pace.leftOutTotal - before).toBeGreaterThanOrEqual(2400 - 280 - 10);
    expect(pace.leftOutTotal - before).toBeLessThanOrEqual(2400 - 280 + 10);
    expect(pace.next(one, now, micros(now + 5))).toBe(now + 5);
    for (const item of all) pace.leave(item);
    expect(pace.next(one, micros(second), undefined)).toBe(second + Math.ceil(second / 240));
  });
});
