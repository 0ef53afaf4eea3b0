import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, integer, text, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { DmxOutput } from '../../../src-main/core/dmx/dmx-output.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('DmxOutput', () => {
  it('[SA4] begins a universe with its first value, whatever it is, and leaves the others alone', () => {
    const { clock, output, sent } = run();
    clock.advance(5000);
    expect(sent).toEqual([]);
    output.apply([level(2, 1, 0)]);
    expect(sent).toMatchObject([{ universe: 2, first: 0 }]);
    clock.advance(5000);
    expect(new Set(sent.map(({ universe }) => universe))).toEqual(new Set([2]));
  });

  it('[SA5] sends the first change after rest at once, and all of one batch in one frame', () => {
    const { clock, output, sent } = run();
    output.apply([level(1, 1, 10), level(1, 2, 20), level(2, 1, 30)]);
    expect(sent.map(({ universe, first }) => [universe, first])).toEqual([
      [1, 10],
      [2, 30],
    ]);
    clock.advance(3000);
    const before = sent.length;
    output.apply([level(1, 1, 11)]);
    expect(sent.slice(before)).toMatchObject([{ universe: 1, first: 11 }]);
  });

  it('[SA5] never sends a universe more than 44 times in any second, and the last level always goes out', () => {
    const change = fc.record({ afterMs: fc.double({ min: 0, max: 40, noNaN: true }), level: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 200 }), (changes) => {
        const { clock, output, sent } = run();
        for (const { afterMs, level: value } of changes) {
          clock.advance(afterMs);
          output.apply([level(1, 1, value)]);
        }
        clock.advance(23);
        expect(sent.at(-1)?.first).toBe(changes.at(-1)?.level);
        const times = sent.map(({ at }) => at);
        for (const [i, at] of times.entries()) {
          expect((times[i + 44] ?? Infinity) - at).toBeGreaterThan(1_000_000);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('[SA5] reaches 43 frames a second or more while levels change all the time', () => {
    const { clock, output, sent } = run();
    for (let ms = 0; ms < 10_000; ms++) {
      output.apply([level(1, 1, ms % 256)]);
      clock.advance(1);
    }
    expect(sent.length).toBeGreaterThanOrEqual(430);
    expect(sent.length).toBeLessThanOrEqual(441);
  });

  it('[SA6] repeats a still frame three times, then sends it every 0.8 to 1 s', () => {
    const { clock, output, sent } = run();
    output.apply([level(1, 1, 1)]);
    clock.advance(100);
    expect(sent).toHaveLength(4);
    clock.advance(60_000);
    const gaps = sent.slice(4).map(({ at }, i) => at - (sent[i + 3]?.at ?? 0));
    expect(gaps.length).toBeGreaterThan(60);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(800_000);
      expect(gap).toBeLessThanOrEqual(1_000_000);
    }
  });

  it('[SA6] does not speed up for a value that is there already', () => {
    const { clock, output, sent } = run();
    output.apply([level(1, 1, 1)]);
    clock.advance(200);
    const before = sent.length;
    output.apply([level(1, 1, 1)]);
    expect(sent).toHaveLength(before);
  });

  it.each<[string, Signal, string]>([
    ['an address that names no slot', level(1, 513, 1), '/sacn/1/513 is not a universe and a slot 1-512.'],
    ['a value that is no level', signal(1, 1, text('full')), '/sacn/1/1 got a value that is no level.'],
  ])('[SA1] refuses %s, counts it and sends nothing', (_what, given, sentence) => {
    const { output, sent } = run();
    output.apply([given]);
    expect(sent).toEqual([]);
    expect(output.refusedTotal).toBe(1);
    expect(output.lastRefusal).toBe(sentence);
  });

  it('[EA32] tells of a signal that could not be sent until the address gets one that can', () => {
    const { clock, output } = run();
    const [lately, address] = [millis(10_000), parseAddress('/sacn/1/1')];
    output.apply([signal(1, 1, text('full'))]);
    output.apply([level(1, 2, 5)]);
    expect(output.unsentWithin(lately)).toEqual({ address, why: 'the value is no level' });
    output.apply([signal(1, 1, { type: 'array', value: Array.from({ length: 513 }, () => f64(1)) })]);
    expect(output.unsentWithin(lately)).toBeUndefined();
    output.apply([signal(1, 1, text('full'))]);
    expect(output.unsentWithin(lately)).toMatchObject({ address });
    clock.advance(10_001);
    expect(output.unsentWithin(lately)).toBeUndefined();
  });

  it('[SA1] passes over a universe of someone else, which another output may send', () => {
    const { output, sent } = run();
    output.apply([level(9, 1, 1)]);
    expect(sent).toEqual([]);
    expect(output.refusedTotal).toBe(0);
    expect(output.lastRefusal).toBeUndefined();
  });

  it('[SA3] sends the part of an array that fits, and counts the signal as refused', () => {
    const { output, sent } = run();
    output.apply([signal(1, 512, { type: 'array', value: [f64(1), f64(1)] })]);
    expect(sent).toMatchObject([{ universe: 1, last: 255 }]);
    expect(output.refusedTotal).toBe(1);
  });

  it('[SA52] makes a float far above 1 full and tells so, unless floats are levels; a fader may overshoot', () => {
    const { output, sent } = run();
    output.apply([signal(1, 1, f64(1.2))]);
    expect(output.refusedTotal).toBe(0);
    output.apply([signal(1, 1, f64(100))]);
    output.apply([signal(1, 3, { type: 'array', value: [integer(200), f64(2)] })]);
    expect(sent).toMatchObject([{ universe: 1 }]);
    expect([output.refusedTotal, output.lastRefusal]).toEqual([
      2,
      '/sacn/1/3 got a float beyond 1, which is full: where levels 0-255 are sent as floats, the bridge has to be told so.',
    ]);
    output.change('level');
    output.apply([signal(1, 1, f64(100))]);
    expect(output.refusedTotal).toBe(2);
  });

  it('[SA4] keeps what comes before its start, and takes nothing after its stop', () => {
    const { clock, output, sent } = run({ started: false });
    output.apply([level(1, 1, 7)]);
    clock.advance(1000);
    expect(sent).toEqual([]);
    output.start();
    expect(sent).toMatchObject([{ universe: 1, first: 7 }]);
    output.stop();
    output.apply([level(1, 1, 8)]);
    clock.advance(5000);
    expect(sent).toHaveLength(1);
    expect(clock.waiting).toBe(0);
    expect(output.refusedTotal).toBe(1);
  });

  it('[SA22] sends what stays as soon as its rate allows when floats mean something else, and no more what is left out', () => {
    const { clock, output, sent, sends } = run();
    output.apply([signal(1, 1, f64(1)), level(2, 1, 5)]);
    clock.advance(5000);
    sends.delete(2);
    const before = sent.length;
    expect(output.leaveOut()).toEqual([{ universe: 2, held: [held(2, [5])] }]);
    output.change('level');
    expect(sent.slice(before)).toMatchObject([{ universe: 1, first: 1 }]);
    clock.advance(5000);
    expect(new Set(sent.slice(before).map(({ universe }) => universe))).toEqual(new Set([1]));
    output.apply([signal(1, 2, f64(1)), signal(1, 512, f64(2))]);
    expect(sent.at(-1)).toMatchObject({ last: 2 });
  });

  it('[SA5] keeps to its rate however often its settings change', () => {
    const { clock, output, sent } = run();
    output.apply([level(1, 1, 1)]);
    for (let ms = 0; ms < 1000; ms++) {
      output.change('unit');
      clock.advance(1);
    }
    expect(sent.length).toBeLessThanOrEqual(44);
  });

  it('[SA19] begins with what is there those universes alone that have not begun', () => {
    const { output, sent } = run();
    output.apply([level(1, 1, 1)]);
    output.begin([level(1, 1, 9), level(2, 1, 9), level(2, 512, 9), level(9, 1, 9), level(2, 600, 9)]);
    expect(sent).toMatchObject([
      { universe: 1, first: 1 },
      { universe: 2, first: 9, last: 9 },
    ]);
    expect(output.refusedTotal).toBe(0);
  });
});

function run({ started = true } = {}) {
  const clock = new SimulatedClock();
  const sent: { universe: number; first: number | undefined; last: number | undefined; at: number }[] = [];
  const sends = new Set([1, 2, 3, 4]);
  const output = new DmxOutput({
    prefix: '/sacn',
    floats: 'unit',
    covers: (universe) => sends.has(universe),
    clock,
    send: ({ universe, levels }) => sent.push({ universe, first: levels[0], last: levels[511], at: clock.nowMicros() }),
  });
  if (started) output.start();
  return { clock, output, sent, sends };
}

function held(universe: number, levels: readonly number[]): Signal {
  return signal(universe, 1, { type: 'array', value: levels.map((value) => ({ type: 'i32', value })) });
}

function level(universe: number, slot: number, value: number): Signal {
  return signal(universe, slot, { type: 'i32', value });
}

function signal(universe: number, slot: number, value: Value): Signal {
  return { kind: 'param', address: parseAddress(`/sacn/${universe}/${slot}`), value };
}
