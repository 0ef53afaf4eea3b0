import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MergeSettings, MergeRule } from '../../../../src-main/core/dmx/merge/universe-merger.ts';
import { UniverseMerger } from '../../../../src-main/core/dmx/merge/universe-merger.ts';
import { micros, millis } from '../../../../src-main/contract/units.ts';
import { plainWinner, type PlainSource } from './plain-merge.ts';

const seed = 20261123;

describe('UniverseMerger', () => {
  it('[UM1] takes each slot from the source of the highest priority, and names it', () => {
    const { say, merger, winnerOf } = bench();
    say('low', [10, 200, 30], { priority: 90 });
    say('high', [1, 2, 3], { priority: 100 });
    expect([...merger.levels.subarray(0, 4)]).toEqual([1, 2, 3, 0]);
    expect([1, 3, 4].map((slot) => winnerOf(slot))).toEqual(['high', 'high', undefined]);
    expect(merger.sources.map(({ id, levels, priority }) => [id, ...levels, priority])).toEqual([
      ['low', 10, 200, 30, 90],
      ['high', 1, 2, 3, 100],
    ]);
  });

  it('[UM1] goes by another priority as soon as a source says it', () => {
    const { say, merger, winnerOf } = bench();
    say('a', [10], { priority: 90 });
    say('b', [20], { priority: 0 });
    say('b', [20], { priority: 91 });
    expect([merger.levels[0], winnerOf(1)]).toEqual([20, 'b']);
    say('b', [20], { priority: 0 });
    expect([merger.levels[0], winnerOf(1)]).toEqual([10, 'a']);
  });

  it('[UM2] gives a slot to the highest level of equals under HTP', () => {
    const { say, merger } = bench();
    say('a', [10, 200]);
    say('b', [20, 100]);
    expect([...merger.levels.subarray(0, 2)]).toEqual([20, 200]);
    say('b', [0, 255]);
    expect([...merger.levels.subarray(0, 2)]).toEqual([10, 255]);
  });

  it('[UM3] gives a slot to the one of equals whose level changed last under LTP, and to none for coming later', () => {
    const { say, merger } = bench({ rule: 'ltp' });
    say('a', [10, 10]);
    say('b', [20, 20]);
    expect([...merger.levels.subarray(0, 2)]).toEqual([10, 10]);
    say('b', [20, 5]);
    say('a', [11, 10]);
    say('b', [20, 5]);
    expect([...merger.levels.subarray(0, 2)]).toEqual([11, 5]);
  });

  it('[UM4] goes by per-slot priorities, 0 and slots without one not driven, until they are no longer said', () => {
    const { say, prioritize, merger, pass } = bench();
    say('a', [10, 10, 10]);
    say('b', [1, 1, 1], { priority: 200 });
    prioritize('b', [101, 0]);
    expect([...merger.levels.subarray(0, 3)]).toEqual([1, 10, 10]);
    expect(merger.sources.map(({ slotPriorities }) => slotPriorities && [...slotPriorities])).toEqual([
      undefined,
      [101, 0],
    ]);
    for (let i = 0; i < 5; i++) {
      pass(500);
      say('a', [10, 10, 10]);
      say('b', [1, 1, 1], { priority: 200 });
    }
    pass(0);
    expect([...merger.levels.subarray(0, 3)]).toEqual([1, 1, 1]);
  });

  it('[UM5] loses a source after its silence, at the time it says, and a slot that nobody else drives goes dark', () => {
    const { say, merger, pass } = bench();
    say('a', [10, 11], { priority: 101 });
    pass(2000);
    say('b', [7]);
    expect(merger.dueAt).toBe(2_500_000);
    expect(pass(499)).toEqual([]);
    expect(pass(1)).toEqual(['a']);
    expect([...merger.levels.subarray(0, 2)]).toEqual([7, 0]);
  });

  it('[UM5] loses a source at once that says it ends', () => {
    const { say, merger, winnerOf } = bench();
    say('a', [10]);
    say('b', [7]);
    merger.takeChanged();
    merger.lose('a');
    expect([merger.levels[0], winnerOf(1), merger.takeChanged()]).toEqual([7, 'b', [1]]);
  });

  it('[UM6] keeps the last look when the last source goes, driven by nobody', () => {
    const { say, merger, pass, winnerOf } = bench();
    say('a', [10]);
    merger.takeChanged();
    expect(pass(2500)).toEqual(['a']);
    expect([merger.levels[0], merger.isDriven, winnerOf(1), merger.takeChanged()]).toEqual([10, false, undefined, []]);
    expect(merger.dueAt).toBeUndefined();
  });

  it('[UM7] loses sources together that fall silent together, so that the lower one never flashes', () => {
    const { say, merger, pass } = bench();
    say('low', [255], { priority: 50 });
    say('high', [1], { priority: 100 });
    pass(900);
    say('low', [255], { priority: 50 });
    merger.takeChanged();
    expect(pass(1600)).toEqual([]);
    expect(pass(899)).toEqual([]);
    expect(merger.dueAt).toBe(3_400_000);
    expect(pass(1)).toEqual(['low', 'high']);
    expect([merger.levels[0], merger.takeChanged()]).toEqual([1, []]);
  });

  it('[UM7] loses one that waited as soon as the other is heard', () => {
    const { say, merger, pass } = bench();
    say('low', [255], { priority: 50 });
    say('high', [1], { priority: 100 });
    pass(900);
    say('low', [255], { priority: 50 });
    pass(1700);
    expect(merger.levels[0]).toBe(1);
    say('low', [254], { priority: 50 });
    expect([merger.levels[0], merger.sources.map(({ id }) => id)]).toEqual([254, ['low']]);
  });

  it('[UM8] only listens until the universe settled; all heard until then count together', () => {
    const { say, merger, pass } = bench({ settle: millis(1500) });
    say('low', [255], { priority: 50 });
    pass(1000);
    say('high', [1], { priority: 100 });
    expect(merger.dueAt).toBe(1_500_000);
    pass(499);
    expect([merger.isDriven, merger.takeChanged()]).toEqual([false, []]);
    pass(1);
    expect([merger.isDriven, merger.levels[0], merger.takeChanged().length]).toEqual([true, 1, 512]);
  });

  it('[UM8] listens to one that comes later for as long, unless its per-slot priorities came', () => {
    const { say, prioritize, merger, pass } = bench({ settle: millis(1500) });
    const keep = (): unknown => say('a', [10]);
    keep();
    pass(2000);
    keep();
    say('b', [20], { priority: 200 });
    say('c', [30], { priority: 150 });
    expect(merger.levels[0]).toBe(10);
    prioritize('c', [150]);
    expect(merger.levels[0]).toBe(30);
    pass(1000);
    keep();
    say('b', [20], { priority: 200 });
    pass(500);
    expect(merger.levels[0]).toBe(20);
  });

  it('[UM8] settles anew when a universe comes back after its last source went', () => {
    const { say, merger, pass } = bench({ settle: millis(1500) });
    say('a', [10]);
    pass(1500);
    pass(2500);
    say('a', [20]);
    say('b', [5], { priority: 150 });
    pass(1499);
    expect(merger.levels[0]).toBe(10);
    pass(1);
    expect(merger.levels[0]).toBe(5);
  });

  it('[UM18] does not lose one that says it is there, and nobody by its word who is not known', () => {
    const { say, merger, pass, now } = bench();
    say('a', [10]);
    for (let i = 0; i < 5; i++) {
      pass(2000);
      merger.hearAlive('a', now());
      merger.hearAlive('b', now());
    }
    expect([merger.isDriven, merger.sources.length]).toEqual([true, 1]);
  });

  it('[UM9] looks at so many sources at most, the ones of highest priority', () => {
    const { say, merger } = bench({ sourcesMax: 2 });
    expect(say('a', [1])).toBe(true);
    expect(say('b', [2])).toBe(true);
    expect(say('c', [255])).toBe(false);
    expect(say('a', [3])).toBe(true);
    expect([merger.levels[0], merger.refusedTotal]).toEqual([3, 1]);
    expect(say('d', [9], { priority: 101 })).toBe(true);
    expect(merger.sources.map(({ id }) => id)).toEqual(['a', 'd']);
    expect(merger.levels[0]).toBe(9);
  });

  it('[UM10] says which slots changed since it was asked, and all of them when it is driven at first', () => {
    const { say, merger } = bench();
    say('a', [1, 2, 3]);
    expect(merger.takeChanged()).toHaveLength(512);
    say('a', [1, 9, 3]);
    say('a', [1, 9, 4]);
    say('b', [1, 1, 1], { priority: 1 });
    expect(merger.takeChanged()).toEqual([2, 3]);
    expect(merger.takeChanged()).toEqual([]);
  });

  it('[UM11] merges by another rule as soon as it is set', () => {
    const { say, merger, settings } = bench();
    say('a', [10]);
    say('b', [20]);
    say('a', [11]);
    merger.change({ ...settings, rule: 'ltp' });
    expect(merger.levels[0]).toBe(11);
  });

  it.each<MergeRule>(['htp', 'ltp'])(
    '[UM12] agrees with the plain model under %s, whatever sources say, and reports every change',
    (rule) => {
      fc.assert(
        fc.property(fc.array(arbitraryStep, { minLength: 1, maxLength: 60 }), (steps) => {
          const { say, prioritize, merger, winnerOf } = bench({ rule });
          const model: PlainSource[] = [];
          let known = Uint8Array.from(merger.levels);
          for (const [at, { id, levels, priority, slotPriorities, ends }] of steps.entries()) {
            if (ends) {
              merger.lose(id);
              model.splice(0, model.length, ...model.filter((source) => source.id !== id));
            } else {
              say(id, levels, { priority });
              if (slotPriorities) prioritize(id, slotPriorities);
              tell(model, { id, levels, priority, slotPriorities }, at + 1);
            }
            const changed = merger.takeChanged();
            for (let slot = 1; slot <= 6; slot++) {
              const winner = plainWinner(model, slot, rule);
              expect(winnerOf(slot)).toBe(winner?.id);
              const level = model.length === 0 ? known[slot - 1] : (winner?.levels[slot - 1] ?? 0);
              expect(merger.levels[slot - 1]).toBe(level);
              if (known[slot - 1] !== level) expect(changed).toContain(slot);
            }
            known = Uint8Array.from(merger.levels);
          }
        }),
        { seed, numRuns: 400 },
      );
    },
  );
});

const byte = fc.integer({ min: 0, max: 3 });
const arbitraryStep = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  levels: fc.array(byte, { minLength: 1, maxLength: 6 }),
  priority: fc.integer({ min: 0, max: 2 }),
  slotPriorities: fc.option(fc.array(byte, { minLength: 1, maxLength: 6 }), { nil: undefined, freq: 4 }),
  ends: fc.integer({ min: 0, max: 7 }).map((dice) => dice === 0),
});

function tell(
  model: PlainSource[],
  said: Pick<PlainSource, 'id' | 'levels' | 'priority' | 'slotPriorities'>,
  at: number,
): void {
  let source = model.find(({ id }) => id === said.id);
  if (!source) {
    source = { ...said, changedAt: [], slotPriorities: undefined, memory: [...said.levels] };
    model.push(source);
  }
  for (const [i, level] of said.levels.entries()) {
    if ((source.memory[i] ?? 0) !== level) source.changedAt[i] = at;
    source.memory[i] = level;
  }
  Object.assign(source, { levels: said.levels, priority: said.priority });
  if (said.slotPriorities) source.slotPriorities = said.slotPriorities;
}

/** A merger and its time in milliseconds, which begins at 0. */
function bench(some: Partial<MergeSettings> = {}) {
  const settings: MergeSettings = {
    rule: 'htp',
    sourcesMax: 4,
    lostAfter: millis(2500),
    settle: millis(0),
    ...some,
  };
  const merger = new UniverseMerger(settings);
  let nowMs = 0;
  const now = () => micros(nowMs * 1000);
  const of = (id: string, priority: number) => ({ id, name: `Desk ${id}`, address: '10.0.0.1', priority });
  return {
    merger,
    settings,
    winnerOf: (slot: number) => merger.sources[merger.winnerOf(slot) ?? -1]?.id,
    now,
    say: (id: string, levels: readonly number[], { priority = 100 } = {}) =>
      merger.hear({ ...of(id, priority), levels: Uint8Array.from(levels) }, now()),
    prioritize: (id: string, priorities: readonly number[]) =>
      merger.hearPriorities(of(id, 100), Uint8Array.from(priorities), now()),
    pass: (ms: number) => {
      nowMs += ms;
      return merger.look(now());
    },
  };
}
