import { describe, expect, it } from 'vitest';
import { emptyShow, type ShowDocument } from '../../../src-main/contract/show.ts';
import { countStates, mappingState, patchRows, type RowWish } from '../../../src-renderer/patch/patch-rows.ts';
import { fakeMapping } from '../fake-parts.ts';

const show: ShowDocument = {
  ...emptyShow('s', 'S'),
  groups: [
    { id: 'g1', name: 'Desk', folded: false },
    { id: 'g2', name: 'Sensors', folded: true },
  ],
  mappings: [
    fakeMapping(1, { groupId: 'g1' }),
    fakeMapping(2),
    fakeMapping(3, { groupId: 'g2', name: 'Rain' }),
    fakeMapping(4, { groupId: 'gone' }),
    fakeMapping(5, { groupId: 'g1', enabled: false }),
  ],
};

describe('rows of the patch', () => {
  it('[UI20] lists what has no group first, then each group under its head, folded ones closed', () => {
    expect(idsOf({})).toEqual(['m2', 'm4', 'g1', 'm1', 'm5', 'g2']);
  });

  it('[UI20] counts a group whole also when it is folded', () => {
    const heads = patchRows(show, wish({})).filter((row) => row.kind === 'group');
    expect(heads.map((row) => row.count)).toEqual([2, 1]);
  });

  it('[UI21] finds by number, name and both addresses, all words, and opens the group for what it found', () => {
    expect(idsOf({ find: 'rain' })).toEqual(['g2', 'm3']);
    expect(idsOf({ find: 'SACN fader/4' })).toEqual(['m4']);
    expect(idsOf({ find: 'nowhere' })).toEqual([]);
  });

  it('[UI21] filters by state and leaves empty groups out', () => {
    expect(idsOf({ filter: 'off' })).toEqual(['g1', 'm5']);
    expect(countStates(show.mappings, (mapping) => (mapping.enabled ? 'held' : 'off'))).toMatchObject({
      all: 5,
      off: 1,
      broken: 0,
    });
  });

  it('[UI22] lets a lock win over a fault, and a fault over what flows', () => {
    const problem = { mappingId: 'm1', code: 'no-device', reason: 'no device x' } as const;
    const known = { problem, flowing: true, carried: true };
    expect(mappingState(fakeMapping(1, { enabled: false }), known)).toBe('off');
    expect(mappingState(fakeMapping(1), known)).toBe('broken');
    expect(mappingState(fakeMapping(1), { ...known, problem: undefined })).toBe('flowing');
    expect(mappingState(fakeMapping(1), { problem: undefined, flowing: false, carried: true })).toBe('held');
    expect(mappingState(fakeMapping(1), { problem: undefined, flowing: false, carried: false })).toBe('idle');
  });
});

function wish(change: Partial<RowWish>): RowWish {
  return { filter: 'all', find: '', stateOf: (mapping) => (mapping.enabled ? 'held' : 'off'), ...change };
}

function idsOf(change: Partial<RowWish>): string[] {
  return patchRows(show, wish(change)).map((row) => row.id);
}
