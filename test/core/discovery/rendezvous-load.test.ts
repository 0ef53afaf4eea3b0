import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { rendezvousLimits } from '../../../src-main/core/discovery/rendezvous-registry.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { device, from, openRegistry } from './rendezvous-samples.ts';

const { entriesMax, perSource } = rendezvousLimits;

/** Bytes of the heap that something holds. */
function heapNow(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** @returns µs, in the middle and at the end of 200 */
function timesOf(run: () => unknown): string {
  const took = Array.from({ length: 200 }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) * 1000;
  }).sort((a, b) => a - b);
  return `p50 ${Math.round(took[100]!)}, p99 ${Math.round(took[198]!)} µs`;
}

describe('the registry with 10,000 entries', () => {
  it('[RZ55] finds among them by tag and feature, has room for one more, and prints what that takes', () => {
    const before = heapNow();
    const { registry } = openRegistry({ clock: createSystemClock() });
    const start = performance.now();
    for (let n = 0; n < entriesMax; n++)
      registry.register(
        device(`Device ${n}`, {
          tags: [`hall-${n % 100}`, n === entriesMax - 1 ? 'needle' : 'hay'],
          features: ['param', 'event'],
          metadata: { room: String(n % 7) },
        }),
        from(`source ${Math.floor(n / perSource)}`),
      );
    const microsEach = ((performance.now() - start) * 1000) / entriesMax;
    const heapMiB = (heapNow() - before) / 1024 ** 2;
    expect(registry.figures()).toMatchObject({ entries: entriesMax, sources: entriesMax / perSource });
    const needle = { tag: 'needle', feature: 'param' };
    expect(registry.discover(needle).map(({ name }) => name)).toEqual([`Device ${entriesMax - 1}`]);
    expect(registry.discover({ tag: 'hall-7' })).toHaveLength(100);
    console.log(
      `rendezvous: 10,000 entries in ${heapMiB.toFixed(1)} MiB, ${microsEach.toFixed(0)} µs each; ` +
        `the first 100: ${timesOf(() => registry.discover({}))}; ` +
        `1000: ${timesOf(() => registry.discover({ limit: 1000 }))}; ` +
        `one by its tag: ${timesOf(() => registry.discover(needle))}`,
    );
    registry.register(device('one more'), from('another'));
    expect(registry.figures()).toMatchObject({ entries: entriesMax, ended: { 'gave-way': 1 } });
    registry.close();
  });
});
