import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, toJson, type Value } from '../../../src-main/contract/signal.ts';
import { hertz } from '../../../src-main/contract/units.ts';
import { TimelineEngine } from '../../../src-main/core/timeline/timeline-engine.ts';
import { nothing, type TimelineShare } from '../../../src-main/core/timeline/timeline-room.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { line } from './arbitrary-timeline.ts';

const start = 1_700_000_000_000_000;
const ramp = line([[0, 0], [1003, 1003]]); // prettier-ignore
const listOf = (value: number): Value => ({ type: 'array', value: Array.from({ length: 300 }, () => f64(value)) });
const wide = {
  ...ramp,
  tickRate: hertz(240),
  keyframes: ramp.keyframes.map((frame, i) => ({ ...frame, value: listOf(1003 * i) })),
};

/** Plays a ramp of one client at 50 Hz beside so many wide ones of another.
 *  @returns `[µs from the start, value]` by address */
function play(greedy: number) {
  const clock = new SimulatedClock(start);
  const heard = new Map<string, [at: number, value: number][]>();
  const over: unknown[] = [];
  const engine = new TimelineEngine({
    clock,
    rate: 50,
    write: (address, value) => {
      const json = toJson(value) as number | number[];
      const entry: [number, number] = [clock.nowMicros() - start, Array.isArray(json) ? (json[299] ?? -1) : json];
      heard.set(address, [...(heard.get(address) ?? []), entry]);
      return true;
    },
    onState: () => undefined,
    onOver: (owner, part) => over.push([owner, part]),
  });
  const [modest, other]: TimelineShare[] = [{ amount: nothing }, { amount: nothing }];
  for (let i = 0; i < greedy; i++) engine.put(parseAddress(`/wide/${i}`), wide, { share: other });
  engine.put(parseAddress('/ramp'), ramp, { share: modest });
  clock.advance(2000);
  return { heard, over, other, leftOut: engine.leftOutTotal, waiting: clock.waiting };
}

describe('a client whose timelines ask for too much', () => {
  it('[TL88] gets fewer ticks, evenly, each at its right value, from the exact start to the exact end', () => {
    const { heard, leftOut, waiting } = play(60);
    // 60 at 240 ticks of 69 µs want 0.99 s of a second, and get 0.2.
    for (let i = 0; i < 60; i++) {
      const writes = heard.get(`/wide/${i}`) ?? [];
      expect([writes[0], writes.at(-1)]).toEqual([
        [0, 0],
        [1_003_000, 1003],
      ]);
      expect(writes.length).toBeGreaterThanOrEqual(48);
      expect(writes.length).toBeLessThanOrEqual(52);
      for (const [at, value] of writes) expect(value).toBeCloseTo(at / 1000, 6);
      const gaps = writes.slice(2, -1).map(([at], k) => at - (writes[k + 1]?.[0] ?? 0));
      expect(Math.max(...gaps.slice(1)) - Math.min(...gaps.slice(1))).toBeLessThanOrEqual(1);
    }
    expect(leftOut).toBeGreaterThan(60 * 180);
    expect(waiting).toBe(0);
  });

  it('[TL88] takes no tick and no time from another', () => {
    const [alone, beside] = [play(0), play(60)];
    expect(beside.heard.get('/ramp')).toEqual(alone.heard.get('/ramp'));
    expect(alone.heard.get('/ramp')).toHaveLength(52);
    expect([alone.leftOut, alone.over]).toEqual([0, []]);
  });

  it('[TL88] is played the same each time', () => {
    expect(play(30).heard).toEqual(play(30).heard);
  });

  it('[TL89] is told once by its share, and never while it stays within its part', () => {
    const { over, other } = play(60);
    expect(over).toEqual([[other, expect.any(Number) as number]]);
    expect(play(10).over).toEqual([]);
  });
});
