import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceShares } from '../../../src-main/core/discovery/source-shares.ts';
import { device, from, openRegistry } from './rendezvous-samples.ts';

const entriesMax = 40;

/** One step of a run: who does what. */
const step = fc.record({
  kind: fc.constantFrom('register', 'register', 'register', 'refresh', 'unregister', 'wait'),
  source: fc.integer({ min: 0, max: 8 }),
  name: fc.nat(30),
});

describe('a flood at the rendezvous server', () => {
  it('[RZ9] of one source, however long, pushes out none of those who have fewer entries', () => {
    const { registry, clock, names } = openRegistry({ entriesMax, perSource: 1000 });
    const quiet = Array.from({ length: 9 }, (_, n) => {
      const { id } = registry.register(device(`quiet ${n}`), from(`quiet ${n}`));
      return { id, source: `quiet ${n}` };
    });
    for (let n = 0; n < 5000; n++) {
      registry.register(device(`flood ${n}`), from('flood'));
      if (n % 100 !== 0) continue;
      clock.advance(1000);
      for (const { id, source } of quiet) registry.refresh(id, from(source));
    }
    expect(names().filter((name) => name.startsWith('quiet'))).toHaveLength(9);
    expect(registry.figures()).toMatchObject({ entries: entriesMax });
    // All nine are in a short answer too.
    expect(registry.discover({ limit: 10 }).filter(({ name }) => name.startsWith('quiet'))).toHaveLength(9);
  });

  it('[RZ9] whatever is done in whatever order, is bounded, counts right, and takes only from who has most', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const { registry, clock } = openRegistry({ entriesMax, perSource: 12 });
        const ids: { readonly id: string; readonly source: string }[] = [];
        for (const { kind, source, name } of steps) {
          const me = from(`s${source}`);
          const known = ids[name % Math.max(1, ids.length)];
          const attempt = (run: () => unknown): void => {
            try {
              run();
            } catch {
              // It was refused.
            }
          };
          if (kind === 'register')
            attempt(() => ids.push({ id: registry.register(device(`d${name}`), me).id, source: me.source }));
          else if (kind === 'wait') clock.advance(name * 1000);
          else if (known) attempt(() => registry[kind](known.id, from(known.source)));
        }
        const { entries, sources, ended } = registry.figures();
        const found = registry.discover({ limit: 1000 });
        expect(entries).toBeLessThanOrEqual(entriesMax);
        expect(found.length).toBeLessThanOrEqual(entries);
        expect(sources).toBeLessThanOrEqual(9);
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
        clock.advance(400_000);
        expect(registry.figures()).toMatchObject({ entries: 0, sources: 0 });
        expect(ended.expired).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });

  it('[RZ9] [RZ10] shares agree with counting by hand: who gives way, and one of each source first', () => {
    const act = fc.record({ add: fc.boolean(), source: fc.nat(5), pick: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        const shares = new SourceShares<number>();
        const byHand = new Map<string, number[]>();
        for (const [item, { add, source, pick }] of acts.entries()) {
          const name = `s${source}`;
          const own = byHand.get(name) ?? [];
          if (add) {
            shares.add(name, item);
            byHand.set(name, [...own, item]);
          } else if (own.length > 0) {
            const gone = own[pick % own.length]!;
            shares.remove(name, gone);
            byHand.set(
              name,
              own.filter((each) => each !== gone),
            );
          }
        }
        const counts = [...byHand.values()].map(({ length }) => length);
        const most = Math.max(0, ...counts);
        expect(shares.size).toBe(counts.reduce((sum, count) => sum + count, 0));
        const goes = shares.givesWay('s0');
        const giver = [...byHand].find(([, items]) => goes !== undefined && items.includes(goes));
        expect(giver?.[1].length ?? 0).toBe(most);
        expect(goes).toBe(giver?.[1][0]);
        if (most > 0 && byHand.get('s0')?.length === most) expect(giver?.[0]).toBe('s0');
        const turns = [...shares.byTurns()];
        expect(turns.toSorted((a, b) => a - b)).toEqual([...byHand.values()].flat().toSorted((a, b) => a - b));
        const firsts = turns.slice(0, counts.filter((count) => count > 0).length);
        const sourceOfItem = (item: number) => [...byHand].find(([, items]) => items.includes(item))?.[0];
        expect(new Set(firsts.map(sourceOfItem)).size).toBe(firsts.length);
      }),
      { numRuns: 300 },
    );
  });
});
