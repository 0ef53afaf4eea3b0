import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../../src-main/contract/address.ts';
import type { Cancel } from '../../../src-main/contract/message-link.ts';
import { toJson, type Value } from '../../../src-main/contract/signal.ts';
import { micros, type Hertz, type Micros } from '../../../src-main/contract/units.ts';
import { encodedSize } from '../../../src-main/core/protocol/values.ts';
import { encodeTimeline } from '../../../src-main/core/timeline/timeline-carrier.ts';
import { nothing, timelineEngineLimits } from '../../../src-main/core/timeline/timeline-room.ts';
import type { KeptTimeline } from '../../../src-main/core/timeline/timeline-report.ts';
import { TimelineEngine, type TimelineEngineOptions } from '../../../src-main/core/timeline/timeline-engine.ts';
import type { Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { line } from './arbitrary-timeline.ts';

const start = 1_700_000_000_000_000;
const [a, b, c] = ['/a', '/b', '/c'].map(parseAddress) as [Address, Address, Address];
/** From 0 to 100 in 100 ms: at 50 Hz its ticks are 20 ms apart. */
const ramp = line([[0, 0], [100, 100]]); // prettier-ignore

class Bench {
  readonly clock = new SimulatedClock(start);
  /** `[milliseconds, address, value]` */
  writes: unknown[][] = [];
  /** `[milliseconds, address, state]`; null once removed */
  states: unknown[][] = [];
  readonly locked = new Set<Address>();
  /** called before each write */
  onWrite: (address: Address, value: Value) => void = () => undefined;
  readonly engine: TimelineEngine;

  constructor(options: Partial<TimelineEngineOptions> = {}) {
    this.engine = new TimelineEngine({
      clock: this.clock,
      rate: 50,
      write: (address, value) => {
        this.onWrite(address, value);
        this.writes.push([this.#ms(), address, toJson(value)]);
        return !this.locked.has(address);
      },
      onState: (address, report) => this.states.push([this.#ms(), address, report?.status.state ?? null]),
      ...options,
    });
  }

  /** What was written within the next milliseconds, as `[milliseconds, value]`, of one address. */
  run(ms: number, address = a): unknown[][] {
    this.writes = [];
    this.clock.advance(ms);
    return this.writes.filter(([, to]) => to === address).map(([at, , value]) => [at, value]);
  }

  #ms(): number {
    return (this.clock.nowMicros() - start) / 1000;
  }
}

describe('the timeline engine', () => {
  it('[TL61] writes at each tick of its rate and the last value exactly at the end, once', () => {
    const bench = new Bench();
    bench.engine.put(a, line([[0, 0], [50, 50]])); // prettier-ignore
    expect(bench.writes).toEqual([]);
    expect(bench.run(1000)).toEqual([[0, 0], [20, 20], [40, 40], [50, 50]]); // prettier-ignore
    expect(bench.states).toEqual([[0, a, 'playing'], [50, a, 'finished']]); // prettier-ignore
    expect(bench.clock.waiting).toBe(0);
  });

  it('[TL61] plays at 60 Hz when nothing else is said, and refuses what is no rate', () => {
    const { rate, ...others } = {
      rate: 60,
      clock: new SimulatedClock(start),
      write: () => true,
      onState: () => undefined,
    };
    const bench = new Bench();
    let count = 0;
    const engine = new TimelineEngine({ ...others, clock: bench.clock, write: () => ++count > 0 });
    engine.put(a, line([[0, 0], [10_000, 1]])); // prettier-ignore
    bench.clock.advance(1000);
    expect(count).toBe(rate + 1);
    for (const bad of [0, 241, 59.94]) {
      expect(() => new Bench({ rate: bad })).toThrow(expect.objectContaining({ code: 'bad-number' }));
    }
  });

  it('[TL61] starts exactly at the start time, off the grid, and then keeps to the grid', () => {
    const bench = new Bench();
    bench.engine.put(a, { ...ramp, startTime: micros(start + 35_000) });
    expect(bench.run(80)).toEqual([[35, 0], [40, 5], [60, 25], [80, 45]]); // prettier-ignore
    expect(bench.states).toEqual([[0, a, 'waiting'], [35, a, 'playing']]); // prettier-ignore
  });

  it('[TL61] keeps to the grid for ten hours', () => {
    const bench = new Bench({ rate: 1 });
    const hours = line([[0, 0], [36_000_000, 36_000]]); // prettier-ignore
    bench.clock.advance(300);
    bench.engine.put(a, hours);
    const writes = bench.run(36_001_000);
    expect(writes.slice(1, -1).every(([at], i) => at === (i + 1) * 1000)).toBe(true);
    expect(writes.slice(1, -1).every(([at, value]) => Math.abs(Number(at) - 300 - Number(value) * 1000) < 1e-6)).toBe(
      true,
    );
    expect([writes.length, writes.at(-1)]).toEqual([36_002, [36_000_300, 36_000]]);
  });

  it('[TL62] writes a value only when it changed', () => {
    const bench = new Bench();
    bench.engine.put(a, line([[0, 1], [50, 1], [90, 5], [200, 5]], { loop: true })); // prettier-ignore
    expect(bench.run(140)).toEqual([[0, 1], [60, 2], [80, 4], [100, 5]]); // prettier-ignore
  });

  it('[TL62] writes its value anew when it is set going again, as somebody may have moved the param', () => {
    const bench = new Bench();
    bench.engine.put(a, line([[0, 1], [1000, 1]])); // prettier-ignore
    expect(bench.run(50)).toEqual([[0, 1]]);
    bench.engine.command(a, { command: 'pause' });
    expect(bench.run(50)).toEqual([]);
    bench.engine.command(a, { command: 'resume' });
    expect(bench.run(50)).toEqual([[100, 1]]);
    bench.engine.command(a, { command: 'rate', rate: 2 });
    expect(bench.run(50)).toEqual([]);
    bench.engine.command(a, { command: 'seek', position: micros(5) });
    expect(bench.run(50)).toEqual([[200, 1]]);
  });

  it('[TL63] skips the ticks that a late clock missed, and is where the time says', () => {
    const clock = new SimulatedClock(start);
    const late = {
      nowMicros: () => clock.nowMicros(),
      after: (): Cancel => () => undefined,
      at: (deadline: Micros, run: () => void) => clock.at(micros(deadline + 47_000), run),
    };
    const writes: number[][] = [];
    const write = (_: Address, value: Value): boolean =>
      writes.push([(clock.nowMicros() - start) / 1000, Number(toJson(value))]) > 0;
    const engine = new TimelineEngine({ clock: late, rate: 50, write, onState: () => undefined });
    engine.put(a, ramp);
    clock.advance(1000);
    expect(writes).toEqual([[47, 47], [107, 100]]); // prettier-ignore
    expect(clock.waiting).toBe(0);
  });

  it('[TL64] has nothing scheduled unless something plays or waits', () => {
    const bench = new Bench();
    const settled = (): number => {
      bench.clock.advance(0);
      return bench.clock.waiting;
    };
    bench.engine.put(a, { ...ramp, loop: true });
    bench.engine.put(b, ramp, { autoplay: false });
    expect(settled()).toBe(1);
    for (const command of ['pause', 'resume', 'stop', 'play', 'remove'] as const) {
      bench.engine.command(a, { command });
      expect([command, settled()]).toEqual([command, command === 'resume' || command === 'play' ? 1 : 0]);
    }
    bench.engine.put(c, { ...ramp, startTime: micros(start + 3_600_000_000) });
    expect(settled()).toBe(1);
    bench.engine.command(c, { command: 'pause' });
    expect(settled()).toBe(0);
    bench.engine.command(b, { command: 'seek', position: micros(5000) });
    expect(settled()).toBe(0);
    bench.engine.put(c, ramp);
    bench.engine.clear();
    expect(bench.clock.waiting).toBe(0);
  });

  it('[TL65] holds the value of a pause or of a seek in rest at once, and says so after it', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.run(30);
    bench.engine.command(a, { command: 'pause' });
    expect(bench.run(100)).toEqual([[30, 30]]);
    bench.engine.command(a, { command: 'seek', position: micros(70_000) });
    bench.engine.command(a, { command: 'seek', position: micros(80_000) });
    expect(bench.run(100)).toEqual([[130, 80]]);
    bench.engine.command(a, { command: 'stop' });
    expect(bench.run(100)).toEqual([]);
    const states = ['playing', 'paused', 'paused', 'stopped'];
    expect(bench.states.map(([, , state]) => state)).toEqual(states);
  });

  it('[TL66] plays several at once, and a refused write keeps none of the others', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.locked.add(a);
    bench.engine.put(b, line([[0, 5], [100, 5]])); // prettier-ignore
    expect(bench.run(45, b)).toEqual([[0, 5]]);
    expect(bench.writes.filter(([, to]) => to === a).map(([at]) => at)).toEqual([0, 20, 40]);
  });

  it('[TL66] tries a refused value again at each tick while it plays, and then no more', () => {
    const bench = new Bench();
    bench.engine.put(a, line([[0, 5], [100, 5]])); // prettier-ignore
    bench.locked.add(a);
    expect(bench.run(50)).toEqual([[0, 5], [20, 5], [40, 5]]); // prettier-ignore
    bench.locked.delete(a);
    expect(bench.run(30)).toEqual([[60, 5]]);
    bench.locked.add(a);
    bench.engine.put(a, line([[0, 7], [20, 7]])); // prettier-ignore
    expect(bench.run(200)).toEqual([[80, 7], [100, 7]]); // prettier-ignore
    expect(bench.clock.waiting).toBe(0);
  });

  it('[TL66] goes on after a write that threw', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.onWrite = () => {
      throw new Error('bug');
    };
    expect(() => bench.run(0)).toThrow('bug');
    bench.onWrite = () => undefined;
    expect(bench.run(20)).toEqual([[20, 20]]);
  });

  it('[TL67] replaces the timeline at an address, which begins afresh', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.run(30);
    bench.engine.put(a, line([[0, 20], [100, 20]])); // prettier-ignore
    expect(bench.run(1000)).toEqual([[30, 20]]);
    expect(bench.engine.list()).toHaveLength(1);
  });

  it('[TL67] lets a write replace, command and remove timelines, also those of the same tick', () => {
    const bench = new Bench();
    for (const address of [a, b, c]) bench.engine.put(address, ramp);
    bench.run(10);
    bench.onWrite = (address) => {
      if (address !== a) return;
      bench.onWrite = () => undefined;
      bench.engine.command(a, { command: 'stop' });
      bench.engine.remove(b);
      bench.engine.put(c, line([[0, 50], [5, 55]])); // prettier-ignore
    };
    bench.run(200);
    expect(bench.writes).toEqual([[20, a, 20], [20, c, 50], [25, c, 55]]); // prettier-ignore
    expect(bench.clock.waiting).toBe(0);
    expect(bench.engine.get(a)?.status.state).toBe('stopped');
  });

  it('[TL67] says nothing of a timeline that its own write removed', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.onWrite = () => void bench.engine.remove(a);
    expect(bench.run(100)).toEqual([[0, 0]]);
    expect(bench.states).toEqual([[0, a, null]]);
  });

  it('[TL67] writes each address once at most in one go, whatever the writes put', () => {
    const clock = new SimulatedClock(start);
    const wakes: (() => void)[] = [];
    const written: Address[] = [];
    const at = (_: Micros, run: () => void): Cancel => {
      wakes.push(run);
      return () => undefined;
    };
    const engine = new TimelineEngine({
      clock: { nowMicros: () => clock.nowMicros(), after: () => () => undefined, at },
      write: (address) => {
        if (written.push(address) > 50) return true;
        const other = address === a ? b : a;
        engine.remove(other);
        engine.put(other, ramp);
        return true;
      },
      onState: () => undefined,
    });
    engine.put(a, ramp);
    engine.put(b, ramp);
    wakes.shift()?.();
    expect(written).toEqual([a]);
    expect(wakes).toHaveLength(1);
  });

  it('[TL68] tells late joiners each timeline with its state as it is now', () => {
    const bench = new Bench();
    bench.engine.put(b, ramp, { autoplay: false });
    bench.engine.put(a, { ...ramp, loop: true });
    bench.run(133);
    bench.engine.command(a, { command: 'rate', rate: 0.5 });
    bench.engine.command(a, { command: 'loop', loop: false });
    bench.clock.advance(10);
    const now = start + 143_000;
    expect(bench.engine.list()).toEqual([
      [b, { timeline: ramp, status: { state: 'stopped', position: 0, rate: 1, loop: false, at: now } }],
      [a, { timeline: ramp, status: { state: 'playing', position: 38_000, rate: 0.5, loop: false, at: now } }],
    ]);
    expect([bench.engine.get(a)?.status.position, bench.engine.get(c)]).toEqual([38_000, undefined]);
  });

  it('[TL68] tells a change of rate, loop or position as well, and the end after the last value', () => {
    const bench = new Bench();
    const log: unknown[] = [];
    const engine = new TimelineEngine({
      clock: bench.clock,
      rate: 50,
      write: (_, value) => log.push(toJson(value)) > 0,
      onState: (_, report) => log.push(report && { ...report.status, at: report.status.at - start }),
    });
    engine.put(a, line([[0, 0], [10, 1]])); // prettier-ignore
    bench.clock.advance(5);
    engine.command(a, { command: 'rate', rate: 0.5 });
    bench.clock.advance(100);
    expect(log).toEqual([
      0,
      { state: 'playing', position: 0, rate: 1, loop: false, at: 0 },
      0.5,
      { state: 'playing', position: 5000, rate: 0.5, loop: false, at: 5000 },
      1,
      { state: 'finished', position: 10_000, rate: 0.5, loop: false, at: 15_000 },
    ]);
  });

  it('[TL69] refuses a timeline past its bounds, and lets those that are there be replaced', () => {
    const bytes = encodedSize(encodeTimeline(ramp));
    const bench = new Bench({ limits: { ...timelineEngineLimits, timelinesMax: 2, bytesMax: bytes * 2 } });
    bench.engine.put(a, ramp);
    bench.engine.put(b, ramp);
    const refused = (address: Address, timeline: Timeline): unknown => {
      const before = bench.engine.list();
      try {
        bench.engine.put(address, timeline);
      } catch (error) {
        expect(bench.engine.list()).toEqual(before);
        return (error as { code: unknown }).code;
      }
      return undefined;
    };
    const longer = line([[0, 0], [1, 1], [2, 2]]); // prettier-ignore
    expect(refused(c, ramp)).toBe('too-many-timelines');
    expect(refused(a, ramp)).toBeUndefined();
    expect(refused(a, longer)).toBe('too-many-timelines');
    bench.engine.remove(b);
    expect(refused(a, longer)).toBeUndefined();
    expect(refused(b, ramp)).toBe('too-many-timelines');
    expect(refused(a, ramp)).toBeUndefined();
    expect(refused(b, ramp)).toBeUndefined();
    expect(refused(a, { ...ramp, keyframes: [] })).toBe('bad-timeline');
    expect(timelineEngineLimits).toMatchObject({ timelinesMax: 1000, bytesMax: 16_777_216 });
  });

  it('[TL69] refuses a command where there is no timeline, and one that its timeline cannot do', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.clock.advance(30);
    const code = (code: string): unknown => expect.objectContaining({ code });
    expect(() => bench.engine.command(b, { command: 'play' })).toThrow(code('unknown-id'));
    expect(() => bench.engine.command(b, { command: 'remove' })).toThrow(code('unknown-id'));
    expect(() => bench.engine.command(a, { command: 'rate', rate: 0 })).toThrow(code('bad-timeline'));
    expect(bench.run(20)).toEqual([[40, 40]]);
    expect(bench.states).toHaveLength(1);
  });

  it("[TL85] plays a timeline at the rate that it asks for, beside others at the router's", () => {
    const bench = new Bench();
    bench.engine.put(a, { ...ramp, tickRate: 10 as Hertz });
    bench.engine.put(b, { ...ramp, tickRate: 240 as Hertz });
    bench.engine.put(c, ramp);
    bench.clock.advance(1000);
    const counts = [a, b, c].map((address) => bench.writes.filter(([, to]) => to === address).length);
    expect(counts).toEqual([2, 25, 6]);
    for (const tickRate of [0, 241, 59.94] as Hertz[])
      expect(() => bench.engine.put(a, { ...ramp, tickRate })).toThrow(
        expect.objectContaining({ code: 'bad-timeline', details: { place: 'tickRate' } }),
      );
  });

  it('[TL86] refuses what passes the bounds of one client, in number, points or bytes, and lets others have theirs', () => {
    const bytes = encodedSize(encodeTimeline(ramp));
    const perClient = { timelines: 2, points: 5, bytes: 3 * bytes };
    const bench = new Bench({ limits: { ...timelineEngineLimits, perClient } });
    const [share, other] = [{ amount: nothing }, { amount: nothing }];
    const put = (address: Address, timeline: Timeline, by = share): unknown => {
      try {
        bench.engine.put(address, timeline, { share: by });
        return 'put';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const [three, four] = [line([[0, 0], [1, 1], [2, 2]]), line([[0, 0], [1, 1], [2, 2], [3, 3]])]; // prettier-ignore
    expect([put(a, ramp), put(b, three), put(c, ramp)]).toEqual(['put', 'put', expect.stringContaining('2 timelines')]);
    expect(put(b, four)).toContain('5 keyframes');
    expect(put(a, line([[0, 0]], { keyframes: [{ time: micros(0), value: { type: 'string', value: 'x'.repeat(3 * bytes) }, easing: 'linear' }] }))).toContain(`${3 * bytes} bytes`); // prettier-ignore
    expect(share.amount).toEqual({ timelines: 2, points: 5, bytes: bytes + encodedSize(encodeTimeline(three)) });
    expect([put(a, ramp, other), other.amount.timelines, share.amount.timelines]).toEqual(['put', 1, 1]);
    expect(put(c, ramp)).toBe('put');
    bench.engine.clear();
    expect([share.amount, other.amount]).toEqual([nothing, nothing]);
  });

  it('[TL87] puts nothing back that makes no sense, is out of bounds, or where there is one already', () => {
    const bench = new Bench({ limits: { ...timelineEngineLimits, timelinesMax: 2 } });
    bench.engine.put(a, ramp);
    const status = { state: 'playing', position: micros(0), rate: 1, loop: false, at: micros(start) } as const;
    const kept = (address: Address, more: object = {}): KeptTimeline => ({
      address,
      report: { timeline: ramp, status: { ...status, ...more } },
    });
    const bad = [kept(a), kept(b, { position: micros(200_000) }), kept(b, { rate: 0 }), kept(b, { at: micros(-1) })];
    expect(bench.engine.restore(bad)).toBe(0);
    expect(bench.engine.restore([{ ...kept(b), report: { timeline: undefined, status } }])).toBe(0);
    expect(bench.engine.restore([kept(b), kept(c)])).toBe(1);
    expect(bench.engine.list().map(([address]) => address)).toEqual([a, b]);
  });

  it('[TL71] forgets what is removed, one or all, and leaves the values', () => {
    const bench = new Bench();
    for (const address of [a, b, c]) bench.engine.put(address, ramp);
    bench.run(30);
    expect([bench.engine.remove(a), bench.engine.remove(a)]).toEqual([true, false]);
    bench.engine.command(b, { command: 'remove' });
    bench.engine.clear();
    expect(bench.run(1000)).toEqual([]);
    expect(bench.states.slice(3)).toEqual([[30, a, null], [30, b, null], [30, c, null]]); // prettier-ignore
    expect(bench.engine.list()).toEqual([]);
  });

  it('[TL71] holds all that plays or waits when it is told to', () => {
    const bench = new Bench();
    bench.engine.put(a, ramp);
    bench.engine.put(b, { ...ramp, startTime: micros(start + 500_000) });
    bench.engine.put(c, ramp, { autoplay: false });
    bench.run(30);
    bench.engine.holdAll();
    expect(bench.run(1000)).toEqual([[30, 30]]);
    expect(bench.engine.list().map(([, { status }]) => status.state)).toEqual(['paused', 'paused', 'stopped']);
  });
});
