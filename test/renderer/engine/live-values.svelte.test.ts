import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { LiveValues, tracksMax } from '../../../src-renderer/engine/live-values.svelte.ts';
import { fakeLive, fakeMapping } from '../fake-parts.ts';
import { TurnedClock } from '../page-host.ts';

const start = 1_000_000;

describe('live values', () => {
  it('[UI5] tells the page at most 15 times a second, however much arrives', () => {
    const { clock, live } = running();
    const before = live.beat;
    for (let i = 0; i < 1000; i++) {
      clock.advance(1);
      live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', clock.now())] });
    }
    expect(live.beat - before).toBeLessThanOrEqual(15);
    expect(live.beat - before).toBeGreaterThanOrEqual(14);
  });

  it('[UI5] gives the newest value and four seconds of samples', () => {
    const { clock, live } = running();
    for (let i = 0; i < 5; i++) {
      clock.advance(20);
      live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', clock.now())] });
    }
    expect(live.latest('m1')?.at).toBe(clock.now());
    expect(live.track('m1')?.source.size).toBe(5);
    expect(live.latest('unheard')).toBeUndefined();
  });

  it('[UI5] follows the beat inside an effect', () => {
    const { clock, live } = running();
    const seen: (number | undefined)[] = [];
    const stop = $effect.root(() => {
      $effect(() => void seen.push(live.latest('m1')?.at));
    });
    flushSync();
    live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', clock.now())] });
    flushSync();
    expect(seen).toEqual([undefined]);
    clock.advance(100);
    flushSync();
    expect(seen).toEqual([undefined, start]);
    stop();
  });

  it('[UI6] calls a mapping flowing for a second after its last signal, then held', () => {
    const { clock, live } = running();
    live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', clock.now())] });
    clock.advance(400);
    expect([...live.flowing]).toEqual(['m1']);
    clock.advance(1000);
    expect(live.flowing.size).toBe(0);
    expect(live.latest('m1')).toBeDefined();
  });

  it('[UI7] says that the picture is late while batches come late, and stops saying so when they catch up', () => {
    const { clock, live } = running();
    live.apply({ at: millis(clock.now()), mappings: [] });
    clock.advance(1000);
    live.apply({ at: millis(clock.now() - 420), mappings: [] });
    expect(live.lateSeconds).toBe(0.4);
    clock.advance(900);
    live.apply({ at: millis(clock.now()), mappings: [] });
    clock.advance(200);
    expect(live.lateSeconds).toBe(0);
  });

  it('[UI7] takes an engine whose clock is set differently for no reason to call the picture late', () => {
    const { clock, live } = running();
    for (let i = 0; i < 10; i++) {
      clock.advance(20);
      live.apply({ at: millis(clock.now() - 3_600_000), mappings: [fakeLive('m1', clock.now() - 3_600_000)] });
    }
    expect(live.lateSeconds).toBe(0);
    clock.advance(300);
    expect(live.flowing.has('m1')).toBe(true);
  });

  it('[UI5] keeps no more traces than a show may have mappings', () => {
    const { clock, live } = running();
    const mappings = Array.from({ length: tracksMax + 5 }, (_, i) => fakeLive(`m${i}`, clock.now()));
    live.apply({ at: millis(clock.now()), mappings });
    expect(live.track('m4')).toBeUndefined();
    expect(live.track('m5')).toBeDefined();
  });

  it('[UI5] forgets everything when another show is on the table, and begins with what is known', () => {
    const { clock, live } = running();
    live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', clock.now())] });
    live.reset([fakeLive('m2', clock.now() - 60_000)]);
    clock.advance(400);
    expect(live.latest('m1')).toBeUndefined();
    expect(live.latest('m2')).toBeDefined();
    expect(live.flowing.size).toBe(0);
  });

  it('[UI45] forgets what came by a way that is no more, and takes nothing late from it', () => {
    const { clock, live } = running();
    const [one, two] = [fakeMapping(1), fakeMapping(2)];
    live.followRoutes([one, two]);
    live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', start), fakeLive('m2', start)] });
    const moved = { ...one, source: { pattern: '/desk/knob/*' } };
    live.followRoutes([moved, { ...two, name: 'Balcony' }]);
    expect(live.track('m1')).toBeUndefined();
    expect(live.track('m2')).toBeDefined();
    live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', start)] });
    expect(live.latest('m1')).toBeUndefined();
    live.apply({ at: millis(clock.now()), mappings: [fakeLive('m1', start, { sourceAddress: '/desk/knob/7' })] });
    expect(live.latest('m1')?.sourceAddress).toBe('/desk/knob/7');
  });

  it('[UI45] keeps what the engine told of a show that has just come on the table', () => {
    const { live } = running();
    live.followRoutes([fakeMapping(1)]);
    live.reset([fakeLive('m1', start)]);
    live.followRoutes([fakeMapping(1, { source: { pattern: '/desk/other' } })]);
    expect(live.latest('m1')).toBeDefined();
  });
});

function running(): { clock: TurnedClock; live: LiveValues } {
  const clock = new TurnedClock(start);
  const live = new LiveValues(clock);
  live.start();
  return { clock, live };
}
