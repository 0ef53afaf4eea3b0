import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src-main/contract/signal.ts';
import { millis } from '../../src-main/contract/units.ts';
import { cutFor, LoopGuard, suspectAtOnceFrom, trialFor } from '../../src-main/engine/loop-guard.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { param } from './supervisor-bench.ts';

interface World {
  readonly clock: SimulatedClock;
  readonly guard: LoopGuard;
  /** of other bridges, and of gateways */
  readonly sentRates: { busiest: number };
  /** what reached the router, in order */
  readonly passed: Signal[];
}

function world(onPass: (signal: Signal, all: World) => void = () => undefined): World {
  const clock = new SimulatedClock();
  const passed: Signal[] = [];
  const take = (batch: readonly Signal[]): void => {
    for (const signal of batch) {
      passed.push(signal);
      onPass(signal, all);
    }
  };
  const sentRates = { busiest: 0 };
  const guard = new LoopGuard(clock, take, sentRates);
  const all = { clock, guard, sentRates, passed };
  return all;
}

function bring({ guard, passed }: World, signal: Signal): boolean {
  const passing = guard.incoming([signal]);
  passed.push(...passing);
  return passing.length > 0;
}

/** What passes goes out by a mapping and comes back `delayMs` later. */
function circle(delayMs: number): World & { readonly kick: () => void } {
  let value = 0;
  const goOn = (all: World): void => {
    all.guard.outgoing(1);
    all.clock.after(millis(delayMs), () => arrive(all));
  };
  const arrive = (all: World): void => {
    if (bring(all, param('/osc/1', ++value))) goOn(all);
  };
  const all = world((_signal, around) => goOn(around));
  return { ...all, kick: () => arrive(all) };
}

describe('signals that go round', () => {
  it.each([1, 2, 5, 9])('[SU49] with %i ms on the way are cut off within two seconds, counted, and told', (delayMs) => {
    const all = circle(delayMs);
    all.kick();
    all.clock.advance(2000);
    const before = all.passed.length;
    all.clock.advance(5000);
    expect(all.passed.length).toBe(before);
    expect(all.guard.cutTotal).toBe(1);
    expect(all.guard.trouble).toMatch(
      /^Signals went round through this device at \/osc\/1, \d+ a second: Flyrail cuts them off\./,
    );
  });

  it('[SU49] are let through again after ten seconds, and cut off again', () => {
    const all = circle(2);
    all.kick();
    all.clock.advance(2000);
    all.clock.advance(cutFor);
    all.kick();
    expect(all.passed.at(-1)?.address).toBe('/osc/1');
    all.clock.advance(3000);
    expect(all.guard.cutTotal).toBe(2);
    all.clock.advance(3 * cutFor);
    expect(all.guard.trouble).toBeUndefined();
  });

  it('[SU49] slower than 100 a second are let be', () => {
    const all = circle(20);
    all.kick();
    all.clock.advance(20_000);
    expect([all.passed.length, all.guard.trouble]).toEqual([1001, undefined]);
  });
});

describe('signals that leave by another way than they come in', () => {
  /** What passes leaves by somebody else, and comes back 2 ms later. */
  const circle = (busiest: number): World & { readonly kick: () => void } => {
    const goOn = (all: World): void => void all.clock.after(millis(2), () => arrive(all));
    const arrive = (all: World): void => {
      if (bring(all, param('/osc/1', 1))) goOn(all);
    };
    const all = world((_signal, around) => goOn(around));
    all.sentRates.busiest = busiest;
    return { ...all, kick: () => arrive(all) };
  };

  it('[SU61] are cut off where they go round', () => {
    const all = circle(500);
    all.kick();
    all.clock.advance(2000);
    const before = all.passed.length;
    all.clock.advance(5000);
    expect([all.passed.length - before, all.guard.cutTotal]).toEqual([0, 1]);
  });

  it('[SU62] are found before they reach what a bridge may bring in a second', () => {
    const all = world();
    all.sentRates.busiest = suspectAtOnceFrom;
    const rush = (): void => {
      for (let i = 0; i < suspectAtOnceFrom; i++) bring(all, param('/osc/1', i));
    };
    rush();
    expect(all.passed.length).toBe(suspectAtOnceFrom - 1);
    all.clock.advance(trialFor);
    rush();
    all.clock.advance(1000);
    expect(bring(all, param('/osc/1', 1))).toBe(false);
    expect(all.guard.trouble).toContain(`at /osc/1, ${suspectAtOnceFrom} a second`);
  });

  it('[SU61] are no suspects while nothing leaves half as often', () => {
    const all = circle(200);
    all.kick();
    all.clock.advance(5000);
    expect([all.guard.cutTotal, all.guard.trouble]).toEqual([0, undefined]);
    expect(all.passed.length).toBeGreaterThan(2400);
  });
});

describe('signals that come by themselves', () => {
  /** One each `everyMs`, each sent on to the device, for `forMs`. */
  function sense(all: World, [everyMs, forMs]: readonly [number, number], out = 1): number[] {
    const gaps: number[] = [];
    let lastAt = all.clock.nowMicros();
    for (let at = 0; at < forMs; at += everyMs) {
      all.clock.advance(everyMs);
      const before = all.passed.length;
      bring(all, param('/osc/1', at));
      all.guard.outgoing(out);
      if (all.passed.length === before) continue;
      gaps.push((all.clock.nowMicros() - lastAt) / 1000);
      lastAt = all.clock.nowMicros();
    }
    return gaps;
  }

  it.each([1, 2, 10])('[SU50] are never cut off at one each %i ms, and a trial holds them for 150 ms', (everyMs) => {
    const all = world();
    const gaps = sense(all, [everyMs, 61_000]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(trialFor + everyMs);
    expect(gaps.filter((gap) => gap > everyMs)).toHaveLength(1);
    expect([all.guard.cutTotal, all.guard.trouble]).toEqual([0, undefined]);
  });

  it('[SU50] that stop while they are held back are let through with their last value, and are not suspected of a circle', () => {
    const all = world();
    sense(all, [2, 1010]);
    all.clock.advance(trialFor * 4);
    expect(all.passed.at(-1)).toEqual(param('/osc/1', 1008));
    expect(bring(all, param('/osc/1', 5))).toBe(true);
    expect(all.guard.trouble).toBeUndefined();
  });

  it('[SU50] are not held back at all while the device is sent nothing', () => {
    const all = world();
    expect(Math.max(...sense(all, [1, 10_000], 0))).toBe(1);
  });

  it('[SU50] lose no event by a trial', () => {
    const all = world();
    const event = (at: number): Signal => ({ ...param('/osc/1', at), kind: 'event' });
    for (let at = 0; at < 3000; at += 2) {
      all.clock.advance(2);
      bring(all, event(at));
      all.guard.outgoing(1);
    }
    expect(new Set(all.passed.map(({ value }) => JSON.stringify(value))).size).toBe(1500);
  });
});
