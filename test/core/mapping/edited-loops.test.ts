import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src-main/contract/address.ts';
import { findEditedLoops } from '../../../src-main/core/mapping/edited-loops.ts';
import { findLoops, type MappingPath } from '../../../src-main/core/mapping/loops.ts';

const seed = 20261122;
const plain = fc.nat(11).map((i) => `/${i}`);
const address = fc.oneof(
  { weight: 12, arbitrary: plain },
  { weight: 1, arbitrary: fc.constantFrom('/*', '/1*', '/*1', '/**', '/8/**', '/8/1', '/*/1') },
);
const path = fc.tuple(fc.nat(15).map(String), address, address).map(([mappingId, source, reach]): MappingPath => ({
  mappingId,
  source: parsePattern(source),
  reach: parsePattern(reach),
}));
/** What an edit leaves: some paths new, changed or moved to the end, some gone. */
const edit = fc.record({
  put: fc.array(path, { maxLength: 4 }),
  remove: fc.array(fc.nat(15).map(String), { maxLength: 2 }),
});

function asSets(loops: readonly (readonly string[])[]): string[] {
  return loops.map((loop) => loop.toSorted().join(' ')).toSorted();
}

describe('findEditedLoops', () => {
  it('[MP44] finds after any edits, done or taken back, the loops that a whole search finds', () => {
    const property = fc.property(
      fc.array(path, { maxLength: 30 }),
      fc.array(edit, { maxLength: 12 }),
      (first, edits) => {
        let paths = new Map(first.map((each) => [each.mappingId, each]));
        let before = { paths, loops: findLoops([...paths.values()]) as readonly (readonly string[])[] };
        for (const { put, remove } of edits) {
          paths = new Map(paths);
          for (const id of remove) paths.delete(id);
          for (const each of put) {
            paths.delete(each.mappingId);
            paths.set(each.mappingId, each);
          }
          const loops = findEditedLoops(paths, before);
          expect(asSets(loops)).toEqual(asSets(findLoops([...paths.values()])));
          before = { paths, loops };
        }
      },
    );
    fc.assert(property, { seed, numRuns: 2000 });
  });

  it('[MP44] searches everything where nothing is known', () => {
    const [there, back] = [
      { mappingId: '1', source: parsePattern('/a'), reach: parsePattern('/b') },
      { mappingId: '2', source: parsePattern('/b'), reach: parsePattern('/a') },
    ];
    const paths = new Map([there, back].map((each) => [each.mappingId, each]));
    expect(findEditedLoops(paths, undefined)).toEqual([['1', '2']]);
  });

  it('[MP44] is not held up by the rest of a full show: what an edit has nothing to do with is not searched', () => {
    // Slow enough for a whole search to give up.
    const slow = Array.from({ length: 5000 }, (_, i) => ({
      mappingId: `s${i}`,
      source: parsePattern(`/s/*${i}*/a/*`),
      reach: parsePattern(`/s/*${i}*/b/*`),
    }));
    const loop = { mappingId: 'l', source: parsePattern('/l'), reach: parsePattern('/l') };
    const [moved, still] = ['/x', '/l'].map((to) => ({
      mappingId: 'm',
      source: parsePattern('/m'),
      reach: parsePattern(to),
    }));
    expect(() => findLoops(slow)).toThrow();
    const of = (...paths: (MappingPath | undefined)[]) =>
      new Map([...slow, ...paths].flatMap((each) => (each ? [[each.mappingId, each] as const] : [])));
    const before = { paths: of(loop, moved), loops: [['l']] };
    expect(findEditedLoops(of(loop, still), before)).toEqual([['l']]);
    expect(findEditedLoops(of(still), before)).toEqual([]);
  });
});
