import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros, millis } from '../../../src-main/contract/units.ts';
import { createOffsetFilter, type OffsetFilter } from '../../../src-main/core/clock/offset-filter.ts';
import type { SyncSample } from '../../../src-main/core/clock/sync-sample.ts';

const seed = 20261121;
const second = 1_000_000;

/** Two clocks over true time in microseconds. */
interface ClockPair {
  readonly server: (now: number) => number;
  readonly local: (now: number) => number;
}

/** One exchange by true time. */
interface Exchange {
  readonly sentAt: number;
  readonly there: number;
  readonly held: number;
  readonly back: number;
}

function drifting(offset: number, driftPpm: number, wanderPpm = 0): ClockPair {
  const swing = (2 * Math.PI) / (400 * second);
  const wandered = (now: number): number => ((wanderPpm / 1e6) * (1 - Math.cos(swing * now))) / swing;
  return {
    server: (now) => Math.floor(1e15 + now + offset),
    local: (now) => Math.floor(1e15 + now - (driftPpm / 1e6) * now - wandered(now)),
  };
}

function sampleOf({ server, local }: ClockPair, { sentAt, there, held, back }: Exchange): SyncSample {
  return {
    t1: micros(local(sentAt)),
    t2: BigInt(server(sentAt + there)),
    t3: BigInt(server(sentAt + there + held)),
    t4: micros(local(sentAt + there + held + back)),
  };
}

/** @returns how far beyond its bound the estimate is; up to 1 is the reading of the clocks themselves */
function excess(filter: OffsetFilter, { server, local }: ClockPair, now: number): number {
  const estimate = filter.estimate(micros(local(now)));
  if (!estimate) throw new Error('no estimate');
  return Math.abs(estimate.offset - (server(now) - local(now))) - estimate.errorBound;
}

const even = (sentAt: number, way = 200): Exchange => ({ sentAt, there: way, held: 30, back: way });

const delay = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 400_000 }));
const exchanges = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: second }), fc.integer({ min: 0, max: 40 * second })),
      there: delay,
      held: fc.integer({ min: 0, max: 2000 }),
      back: delay,
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((drawn) => {
    let sentAt = 0;
    const sent = drawn.map(({ gap, ...exchange }) => ({ ...exchange, sentAt: (sentAt += gap) }));
    return sent.sort((a, b) => arrival(a) - arrival(b));
  });
const arrival = ({ sentAt, there, held, back }: Exchange): number => sentAt + there + held + back;
const pairs = fc
  .record({
    offset: fc.integer({ min: -1e14, max: 1e14 }),
    driftPpm: fc.double({ min: -450, max: 450, noNaN: true }),
    wanderPpm: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ offset, driftPpm, wanderPpm }) => drifting(offset, driftPpm, wanderPpm));

describe('createOffsetFilter', () => {
  it('[CK1] knows nothing before the first sample, and then server minus local in whole microseconds', () => {
    const filter = createOffsetFilter();
    expect(filter.estimate(micros(0))).toBeUndefined();
    expect(filter.add({ t1: micros(1000), t2: 501_101n, t3: 501_200n, t4: micros(1300) })).toBe('kept');
    expect(filter.estimate(micros(1150))).toEqual({
      offset: 500_000,
      errorBound: 103,
      roundTripBest: 201,
      quality: expect.closeTo(0.4 * (1 - 0.0201) + 0.4 + 0.02, 12) as number,
      samples: 1,
      driftPpm: 0,
    });
  });

  it('[CK2] is never further off than it says, for any drift, path and order of answers', () => {
    const property = fc.property(pairs, exchanges, fc.integer({ min: 0, max: 600 * second }), (clocks, sent, later) => {
      const filter = createOffsetFilter();
      for (const exchange of sent) {
        filter.add(sampleOf(clocks, exchange));
        expect(excess(filter, clocks, arrival(exchange))).toBeLessThanOrEqual(1);
      }
      const end = arrival(sent.at(-1) ?? even(0));
      expect(excess(filter, clocks, end + later)).toBeLessThanOrEqual(1);
      expect(excess(filter, clocks, Math.max(0, end - later))).toBeLessThanOrEqual(1);
    });
    fc.assert(property, { seed, numRuns: 500 });
  });

  it('[CK3] takes an answer that a later exchange has overtaken', () => {
    const clocks = drifting(0, 450);
    const filter = createOffsetFilter();
    filter.add(sampleOf(clocks, even(900_000, 20)));
    expect(filter.add(sampleOf(clocks, even(100_000, 450_000)))).toBe('kept');
    for (const now of [0, 550_000, 900_000, 1_000_100]) expect(excess(filter, clocks, now)).toBeLessThanOrEqual(1);
    expect(filter.estimate(micros(clocks.local(900_000)))?.errorBound).toBeLessThan(30);
  });

  it('[CK2] gives an estimate that is whole and a bound that grows with the distance to the newest sample', () => {
    const clocks = drifting(12_345, 37);
    const filter = createOffsetFilter();
    for (let i = 0; i < 8; i++) filter.add(sampleOf(clocks, even(i * second)));
    const bounds = [0, 10, 100, 1000].map((after) => {
      const estimate = filter.estimate(micros(clocks.local((7 + after) * second)));
      expect(Number.isInteger(estimate?.offset)).toBe(true);
      return estimate?.errorBound ?? 0;
    });
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(bounds[0]).toBeLessThan(230);
    expect(bounds[3]).toBeGreaterThan(1000);
  });

  it('[CK3] takes no path and no drift within its limits for a step', () => {
    const property = fc.property(pairs, exchanges, (clocks, sent) => {
      const filter = createOffsetFilter();
      for (const exchange of sent) expect(filter.add(sampleOf(clocks, exchange))).toBe('kept');
      expect(filter.counters).toEqual({ kept: sent.length, nonsense: 0, tooSlow: 0, stepped: 0 });
    });
    fc.assert(property, { seed, numRuns: 500 });
  });

  it('[CK4] finds a jump beyond twice its bound and a round trip at the next sample, and starts afresh', () => {
    const jump = fc.tuple(fc.boolean(), fc.integer({ min: 2, max: 3_000_000 }), fc.boolean());
    const property = fc.property(pairs, exchanges, jump, (clocks, sent, [isServer, size, isBack]) => {
      const filter = createOffsetFilter();
      for (const exchange of sent) filter.add(sampleOf(clocks, exchange));
      const next = even(arrival(sent.at(-1) ?? even(0)) + second);
      const bound = filter.estimate(micros(clocks.local(next.sentAt)))?.errorBound ?? 0;
      const by = (isBack ? -1 : 1) * (size + 2 * bound + 400);
      const jumped: ClockPair = {
        server: (now) => clocks.server(now) + (isServer ? by : 0),
        local: (now) => clocks.local(now) + (isServer ? 0 : by),
      };
      expect(filter.add(sampleOf(jumped, next))).toBe('stepped');
      expect(filter.counters.stepped).toBe(1);
      expect(filter.estimate(micros(jumped.local(arrival(next))))?.samples).toBe(1);
      expect(excess(filter, jumped, arrival(next))).toBeLessThanOrEqual(1);
    });
    fc.assert(property, { seed, numRuns: 500 });
  });

  it('[CK4] starts afresh when the local clock turns back, though the offset could still be explained', () => {
    const filter = createOffsetFilter();
    filter.add({ t1: micros(0), t2: 5000n, t3: 5000n, t4: micros(10_000) });
    expect(filter.add({ t1: micros(0), t2: 5000n, t3: 5000n, t4: micros(9999) })).toBe('stepped');
  });

  it('[CK5] counts what it refuses, and is as before', () => {
    const clocks = drifting(0, 20);
    const filter = createOffsetFilter({ roundTripMax: millis(500) });
    filter.add(sampleOf(clocks, even(0)));
    const before = filter.estimate(micros(clocks.local(second)));
    expect(filter.add({ ...sampleOf(clocks, even(second)), t3: 0n })).toBe('nonsense');
    expect(filter.add(sampleOf(clocks, even(second, 250_001)))).toBe('too-slow');
    expect(filter.add({ t1: micros(5), t2: 2n ** 64n - 1n, t3: 2n ** 64n - 1n, t4: micros(6) })).toBe('nonsense');
    expect(filter.counters).toEqual({ kept: 1, nonsense: 2, tooSlow: 1, stepped: 0 });
    expect(filter.estimate(micros(clocks.local(second)))).toEqual(before);
  });

  it('[CK6] keeps so many samples and none beyond its window', () => {
    const clocks = drifting(0, 0);
    const filter = createOffsetFilter({ samplesMax: 4, window: millis(10_000) });
    const kept = [0, 1, 2, 3, 4, 5, 13, 14, 60].map((at) => {
      filter.add(sampleOf(clocks, even(at * second)));
      return filter.estimate(micros(clocks.local(at * second)))?.samples;
    });
    expect(kept).toEqual([1, 2, 3, 4, 4, 4, 4, 4, 1]);
    const single = createOffsetFilter({ samplesMax: 1 });
    for (const at of [0, 1, 2]) single.add(sampleOf(clocks, even(at * second)));
    expect(single.estimate(micros(clocks.local(0)))?.samples).toBe(1);
  });

  it('[CK6] has no quality without a sample in its window, though it still gives the time', () => {
    const clocks = drifting(777, 0);
    const filter = createOffsetFilter({ window: millis(10_000) });
    const sample = sampleOf(clocks, even(0));
    filter.add(sample);
    const qualityAfter = (seconds: number): number | undefined =>
      filter.estimate(micros(clocks.local(seconds * second)))?.quality;
    expect(qualityAfter(10)).toBeGreaterThan(0.8);
    expect(qualityAfter(11)).toBe(0);
    expect(filter.estimate(micros(clocks.local(11 * second)))?.offset).toBe(777);
  });

  it('[CK8] forgets for the quality what the round trips were like before the last ten', () => {
    const clocks = drifting(0, 0);
    const filter = createOffsetFilter();
    const qualities = Array.from({ length: 20 }, (_, index) => {
      filter.add(sampleOf(clocks, even(index * second, index < 10 ? 8000 : 100)));
      return filter.estimate(micros(clocks.local(index * second)))?.quality ?? NaN;
    });
    expect(qualities[9]).toBeCloseTo(0.6, 2);
    expect(qualities[14]).toBeLessThan(0.5);
    expect(qualities[19]).toBeCloseTo(1, 1);
  });

  it.each([-180, -50, 0, 50, 180])('[CK7] finds a drift of %d ppm', (driftPpm) => {
    const clocks = drifting(0, driftPpm);
    const filter = createOffsetFilter();
    for (let i = 0; i < 12; i++) filter.add(sampleOf(clocks, even(i * 30 * second)));
    const estimate = filter.estimate(micros(clocks.local(345 * second)));
    expect(Math.abs((estimate?.driftPpm ?? NaN) - driftPpm)).toBeLessThan(1.5);
  });
});
