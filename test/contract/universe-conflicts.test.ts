import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeSchema, type Bridge } from '../../src-main/contract/show.ts';
import { describeConflict, findUniverseConflicts } from '../../src-main/contract/universe-conflicts.ts';

const seed = 20261121;

function sacn(number: number, universes: readonly (readonly [number, number])[], enabled = true): Bridge {
  return bridgeSchema.parse({
    kind: 'sacn',
    id: `b${number}`,
    number,
    name: `node-${number}`,
    enabled,
    settings: {
      universes: universes.map(([first, last]) => ({ first, last, priority: 100 })),
      mode: 'multicast',
      unicastTo: [],
      networkCard: '',
      sourceName: 'Flyrail',
      cid: `3f1c1d5e-6c3b-4d0e-9a55-0d6f3a0e7f${String(number).padStart(2, '0')}`,
    },
  });
}

function artnet(number: number, settings: object): Bridge {
  return bridgeSchema.parse({ kind: 'artnet', id: `b${number}`, number, name: `node-${number}`, settings });
}

describe('findUniverseConflicts', () => {
  it('[SU30] names the later bridge, who has the universe, and what both send', () => {
    const conflicts = findUniverseConflicts([
      sacn(1, [[1, 4]]),
      sacn(2, [[9, 12]]),
      sacn(3, [
        [4, 4],
        [10, 20],
      ]),
    ]);
    expect(conflicts).toEqual([
      { bridgeId: 'b3', takenById: 'b1', takenByName: 'node-1', kind: 'sacn', sameCid: false, universes: [[4, 4]] },
      { bridgeId: 'b3', takenById: 'b2', takenByName: 'node-2', kind: 'sacn', sameCid: false, universes: [[10, 12]] },
    ]);
    expect(conflicts.map(describeConflict)).toEqual([
      'node-1 sends universe 4 too. Receivers see both.',
      'node-2 sends universes 10–12 too. Receivers see both.',
    ]);
  });

  it('[SU35] says of two with one component identifier what receivers do, and how it is repaired', () => {
    const [first, second] = [sacn(1, [[1, 4]]), sacn(1, [[4, 4]])];
    const conflicts = findUniverseConflicts([first, { ...second, id: 'b2' }]);
    expect(conflicts).toMatchObject([{ bridgeId: 'b2', takenById: 'b1', sameCid: true }]);
    expect(conflicts.map(describeConflict)).toEqual([
      'node-1 sends universe 4 too. Both have the same component identifier (CID), so receivers drop packets of either. ' +
        'Delete this one and add it anew: it gets its own.',
    ]);
  });

  it('[AN28] names port addresses that two Art-Net bridges send to the same nodes, and none that cannot meet', () => {
    const first = artnet(1, { universes: [{ first: 0, last: 4 }] });
    const both = (some: object) => findUniverseConflicts([first, artnet(2, some), sacn(3, [[1, 4]])]);
    const conflicts = both({ universes: [{ first: 0, last: 0 }] });
    expect(conflicts.map(describeConflict)).toEqual([
      'node-1 sends port address 0 too. Nodes take both for one source and show now this one, now the other.',
    ]);
    const universes = [{ first: 3, last: 9 }];
    expect(both({ universes }).map(({ universes: ranges }) => ranges)).toEqual([[[3, 4]]]);
    expect(both({ universes: [{ first: 5, last: 9 }] })).toEqual([]);
    expect(both({ universes, port: 6455 })).toEqual([]);
    expect(both({ universes, networkCard: 'eth1' })).toHaveLength(1);
    const cards = [artnet(1, { universes, networkCard: 'eth0' }), artnet(2, { universes, networkCard: 'eth1' })];
    expect(findUniverseConflicts(cards)).toEqual([]);
    const hosts = (host: string, number: number) => artnet(number, { universes, send: 'hosts', hosts: [host] });
    expect(findUniverseConflicts([hosts('10.0.0.1', 1), hosts('10.0.0.2', 2)])).toEqual([]);
    expect(findUniverseConflicts([hosts('10.0.0.1', 1), hosts('10.0.0.1', 2)])).toHaveLength(1);
  });

  it('[SU31] leaves out bridges that are switched off and universes a bridge names twice itself', () => {
    expect(findUniverseConflicts([sacn(1, [[1, 4]], false), sacn(2, [[1, 4]])])).toEqual([]);
    expect(
      findUniverseConflicts([
        sacn(1, [
          [1, 4],
          [2, 3],
        ]),
      ]),
    ).toEqual([]);
  });

  it('[SU31] leaves out sACN outputs that cannot meet: other cards, hosts or ports', () => {
    const on = (number: number, some: object): Bridge => {
      const bridge = sacn(number, [[1, 4]]);
      return bridgeSchema.parse({ ...bridge, settings: { ...bridge.settings, ...some } });
    };
    const count = (one: object, other: object) => findUniverseConflicts([on(1, one), on(2, other)]).length;
    expect(count({ networkCard: 'eth0' }, { networkCard: 'eth1' })).toBe(0);
    expect(count({ networkCard: '10.0.0.5' }, { networkCard: '10.1.0.5' })).toBe(0);
    expect(count({ networkCard: 'eth0' }, { networkCard: '10.0.0.5' })).toBe(1);
    expect(count({ networkCard: 'eth0' }, {})).toBe(1);
    expect(count({ port: 5569 }, {})).toBe(0);
    const to = (...unicastTo: string[]) => ({ mode: 'unicast', unicastTo });
    expect(count(to('10.0.0.1'), to('10.0.0.2'))).toBe(0);
    expect(count(to('10.0.0.1', '10.0.0.2'), to('10.0.0.2'))).toBe(1);
    expect(count(to('10.0.0.1'), {})).toBe(1);
  });

  it('[SU32] finds exactly the universes that a look at each universe finds', () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 8 }))
      .map(([at, more]) => [at, at + more] as const);
    const rig = fc.array(fc.tuple(fc.array(range, { minLength: 1, maxLength: 5 }), fc.boolean()), { maxLength: 6 });
    const property = fc.property(rig, (bridges) => {
      const conflicts = findUniverseConflicts(bridges.map(([ranges, enabled], i) => sacn(i + 1, ranges, enabled)));
      const found = conflicts.flatMap(({ bridgeId, takenById, universes }) =>
        universes.flatMap(([first, last]) =>
          numbers(first, last).map((universe) => `${bridgeId} ${takenById} ${universe}`),
        ),
      );
      const expected = bridges.flatMap(([later, laterOn], i) =>
        bridges.slice(0, i).flatMap(([earlier, earlierOn], j) =>
          numbers(1, 70)
            .filter((universe) => laterOn && earlierOn && covers(later, universe) && covers(earlier, universe))
            .map((universe) => `b${i + 1} b${j + 1} ${universe}`),
        ),
      );
      expect(found).toEqual(expected);
    });
    fc.assert(property, { seed, numRuns: 500 });
  });
});

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function covers(ranges: readonly (readonly [number, number])[], universe: number): boolean {
  return ranges.some(([first, last]) => first <= universe && universe <= last);
}
