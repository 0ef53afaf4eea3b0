import { describe, expect, it } from 'vitest';
import type { Signal } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { DmxInput, type InputForm } from '../../../src-main/core/dmx/dmx-input.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('DmxInput', () => {
  it('[UM13] publishes all slots of a universe that is heard at first, then a param for each that changed', () => {
    const { hear, taken } = bench();
    hear(7, 'a', [1, 2]);
    const first = taken();
    expect([first.length, first[0], first[511]]).toEqual([512, '/dmx/7/1=1', '/dmx/7/512=0']);
    hear(7, 'a', [1, 2]);
    expect(taken()).toEqual([]);
    hear(7, 'a', [1, 9, 255]);
    expect(taken()).toEqual(['/dmx/7/2=9', '/dmx/7/3=255']);
  });

  it('[UM13] publishes one param with all levels where frames are asked for', () => {
    const { hear, batches, input, settings } = bench('frames');
    hear(1, 'a', [1, 2]);
    const [signal] = batches.flat();
    const levels = signal?.value.type === 'array' ? signal.value.value : [];
    expect([signal?.address, levels.length, levels[1]]).toEqual(['/dmx/1/1', 512, { type: 'i32', value: 2 }]);
    input.change({ ...settings, form: 'slots' });
    hear(1, 'a', [1, 3]);
    expect(batches.at(-1)).toEqual([{ kind: 'param', address: '/dmx/1/2', value: { type: 'i32', value: 3 } }]);
  });

  it('[UM13] publishes nothing where it only tells who is heard', () => {
    const { hear, batches, input } = bench('nothing');
    hear(1, 'a', [1, 2]);
    expect([batches, input.heard(1)?.sources.length]).toEqual([[], 1]);
  });

  it('[UM14] goes over to the next source when one is lost, by itself and at its time, with one timer a universe', () => {
    const { hear, taken, clock, input } = bench();
    hear(1, 'high', [9], 150);
    hear(1, 'low', [5], 50);
    taken();
    for (let i = 0; i < 5; i++) {
      clock.advance(499);
      hear(1, 'low', [5], 50);
      expect(clock.waiting).toBe(1);
    }
    expect(taken()).toEqual([]);
    clock.advance(4);
    expect(taken()).toEqual([]);
    clock.advance(1);
    expect(taken()).toEqual(['/dmx/1/1=5']);
    expect(input.heard(1)?.sources).toMatchObject([{ id: 'low', counts: true }]);
    clock.advance(60_000);
    expect([taken(), clock.waiting, input.heard(1)?.sources, input.universes()]).toEqual([[], 0, [], [1]]);
  });

  it('[DK23] tells what stays of a universe that nobody drives any more, who drove it last, and whether that one said so', () => {
    const { hear, clock, input } = bench();
    hear(1, 'high', [9], 150);
    hear(1, 'low', [5], 50);
    hear(2, 'high', [7], 150);
    input.lose(1, 'low');
    input.lose(2, 'high');
    expect(input.silent()).toEqual([]);
    expect(input.heard(2)).toMatchObject({ sources: [], last: { name: 'high', silentMs: 0 } });
    clock.advance(12_000);
    expect(input.silent()).toEqual([{ universe: 1, name: 'high', silentMs: 12_000 }]);
    const heard = input.heard(1);
    expect(heard).toMatchObject({ sources: [], last: { name: 'high', silentMs: 12_000 } });
    expect([heard?.levels[0], heard?.winnerOf(1)]).toEqual([9, undefined]);
    hear(1, 'low', [4], 50);
    expect([input.silent(), input.heard(1)?.last, input.heard(3)]).toEqual([[], undefined, undefined]);
  });

  it('[UM14] loses a source in the universe alone in which it says it ends, and says nothing after its stop', () => {
    const { hear, taken, clock, input } = bench();
    for (const universe of [1, 2]) {
      hear(universe, 'a', [9], 150);
      hear(universe, 'b', [5], 50);
    }
    taken();
    input.lose(1, 'a');
    input.lose(3, 'a');
    expect([taken(), input.universes()]).toEqual([['/dmx/1/1=5'], [1, 2]]);
    input.stop();
    hear(2, 'b', [255], 200);
    clock.advance(10_000);
    expect([taken(), clock.waiting]).toEqual([[], 0]);
  });

  it('[SA57] tells who fell silent while others go on, until they are heard again, or it is long ago', () => {
    const { hear, clock, input } = bench();
    const go = (id: string, ...others: string[]): void => {
      for (let i = 0; i < 6; i++) {
        clock.advance(500);
        for (const each of [id, ...others]) hear(1, each, [5], 50);
      }
    };
    hear(1, 'main', [9], 150);
    go('backup', 'main');
    expect(input.missed(millis(60_000))).toEqual([]);
    go('backup');
    expect(input.missed(millis(60_000))).toEqual([{ universe: 1, name: 'main', silentMs: 3000 }]);
    expect([input.missed(millis(2999)), input.silent()]).toEqual([[], []]);
    go('backup', 'main');
    expect(input.missed(millis(60_000))).toEqual([]);
    input.lose(1, 'main');
    expect(input.missed(millis(60_000))).toEqual([]);
    clock.advance(3000);
    expect([input.missed(millis(60_000)), input.silent().length]).toEqual([[], 1]);
    for (let i = 0; i < 12; i++) hear(1, `s${i}`, [1], 50);
    go('backup');
    expect(input.missed(millis(60_000)).length).toBeLessThanOrEqual(8);
  });

  it('[UM15] tells of each source what it says of a slot, and who wins', () => {
    const { hear, input } = bench();
    hear(1, 'a', [9, 1], 100);
    hear(1, 'b', [5], 120);
    input.hearPriorities(1, { id: 'b', name: 'b', address: '10.0.0.1', priority: 120 }, Uint8Array.of(130));
    const heard = input.heard(1);
    expect([1, 2, 3].map((slot) => heard?.winnerOf(slot))).toEqual([1, 0, undefined]);
    expect(heard?.sources).toMatchObject([
      { id: 'a', priority: 100, levels: Uint8Array.of(9, 1), slotPriorities: undefined },
      { id: 'b', priority: 120, levels: Uint8Array.of(5), slotPriorities: Uint8Array.of(130) },
    ]);
    expect([heard?.levels[0], input.heard(2)]).toEqual([5, undefined]);
  });

  it('[UM17] publishes what several universes change together as one batch', () => {
    const { hear, input, batches, taken } = bench();
    hear(1, 'a', [1]);
    hear(2, 'a', [1]);
    taken();
    input.together(() => {
      hear(1, 'a', [2]);
      hear(2, 'a', [3]);
    });
    expect([batches.length, taken()]).toEqual([1, ['/dmx/1/1=2', '/dmx/2/1=3']]);
    input.together(() => hear(1, 'a', [2]));
    hear(1, 'a', [4]);
    expect(taken()).toEqual(['/dmx/1/1=4']);
  });

  it('[UM18] does not lose a source that says it is there, and hears no universe by that', () => {
    const { hear, input, clock } = bench();
    hear(1, 'a', [1]);
    for (let i = 0; i < 5; i++) {
      clock.advance(2000);
      input.hearAlive(1, 'a');
      input.hearAlive(2, 'a');
    }
    expect([input.heard(1)?.sources.length, input.universes()]).toEqual([1, [1]]);
  });

  it('[UM16] forgets universes that are left out, and merges the others as it is told', () => {
    const { hear, taken, clock, input, settings } = bench();
    hear(1, 'a', [9]);
    hear(2, 'a', [9]);
    hear(2, 'b', [10]);
    hear(2, 'a', [8]);
    taken();
    input.leaveOut((universe) => universe === 2);
    input.change({ ...settings, merge: { ...settings.merge, rule: 'ltp' } });
    expect([input.universes(), clock.waiting, taken()]).toEqual([[2], 1, ['/dmx/2/1=8']]);
  });
});

function bench(form: InputForm = 'slots') {
  const clock = new SimulatedClock();
  const batches: (readonly Signal[])[] = [];
  const settings = {
    form,
    merge: { rule: 'htp' as const, sourcesMax: 4, lostAfter: millis(2500), settle: millis(0) },
  };
  const input = new DmxInput({ ...settings, prefix: '/dmx', clock, publish: (batch) => batches.push(batch) });
  return {
    clock,
    input,
    batches,
    settings,
    hear: (universe: number, id: string, levels: readonly number[], priority = 100) =>
      input.hear(universe, { id, name: id, address: '10.0.0.1', priority, levels: Uint8Array.from(levels) }),
    taken: () =>
      batches
        .splice(0)
        .flat()
        .map(({ address, value }) => `${address}=${value.type === 'i32' ? value.value : '?'}`),
  };
}
