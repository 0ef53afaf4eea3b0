import { describe, expect, it } from 'vitest';
import { sacnBridgeSchema } from '../../../src-main/contract/bridges/sacn.ts';
import { isWithin, sharedUniverse, universesIn } from '../../../src-main/contract/bridges/universe-spans.ts';

const spans = [
  { first: 1, last: 4 },
  { first: 7, last: 7 },
];

describe('spans of universes', () => {
  it('[SA39] have a universe or not, and so many', () => {
    expect([0, 1, 4, 5, 7, 8].map((universe) => isWithin(spans, universe))).toEqual([
      ...[false, true, true],
      ...[false, true, false],
    ]);
    expect(universesIn(spans)).toBe(5);
  });

  it('[SA39] share their lowest common universe, or none', () => {
    expect(sharedUniverse(spans, [{ first: 3, last: 9 }])).toBe(3);
    expect(sharedUniverse(spans, [{ first: 6, last: 9 }])).toBe(7);
    expect(sharedUniverse(spans, [{ first: 5, last: 6 }])).toBeUndefined();
    expect(sharedUniverse([], spans)).toBeUndefined();
  });
});

describe('settings of an sACN bridge', () => {
  const read = (settings: object) =>
    sacnBridgeSchema.safeParse({
      ...{ id: 'a', number: 1, name: 'A', kind: 'sacn' },
      settings: { cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab', ...settings },
    });
  const faults = (settings: object) =>
    read(settings).error?.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`);

  it('[SA39] have a default for everything but the component identifier', () => {
    expect(read({ receive: [{ first: 5, last: 8 }] }).data?.settings).toMatchObject({
      ...{ universes: [], mode: 'multicast', unicastTo: [], networkCard: '', sourceName: 'Flyrail', port: 5568 },
      ...{ prefix: '/sacn', publish: 'slots', merge: 'htp', settleMs: 1500, watch: true, syncUniverse: 0 },
    });
    expect(read({ cid: undefined, receive: [{ first: 5, last: 8 }] }).success).toBe(false);
  });

  it('[SA39] are refused with what repairs them', () => {
    const universes = [{ first: 1, last: 4, priority: 100 }];
    expect(faults({})).toEqual(['universes: Name a universe to send or receive.']);
    expect(faults({ universes, receive: [{ first: 4, last: 6 }] })).toEqual([
      'receive: Universe 4 is sent and received. Keep it in one of the two.',
    ]);
    expect(faults({ receive: [{ first: 1, last: 2000 }] })).toEqual([
      'receive: A bridge receives 1024 universes at most. Make a second one for the rest.',
    ]);
    expect(faults({ receive: [{ first: 4, last: 3 }] })).toEqual([
      'receive.0.last: expected the same universe as first, or a later one',
    ]);
    for (const settings of [
      { receive: [{ first: 0, last: 1 }] },
      { receive: [{ first: 1, last: 64_000 }] },
      { universes: [{ first: 1, last: 1, priority: 201 }] },
      { universes, syncUniverse: 64_000 },
      { universes, slotPriorities: [{ universe: 1, first: 5, last: 4, priority: 1 }] },
      { universes, slotPriorities: [{ universe: 1, first: 0, last: 4, priority: 1 }] },
    ])
      expect(read(settings).success).toBe(false);
  });
});
