import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPatchFault, type PatchLists } from '../../src-main/contract/patch-faults.ts';
import { parseShow } from '../../src-main/contract/parse-show.ts';
import { applyEdit } from '../../src-main/contract/show-edit.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import type { SoftPatch } from '../../src-main/contract/fixture.ts';
import { arbitraryPatch, sampleFixture, sampleProfile } from '../arbitrary-patch.ts';

const profiles = [sampleProfile];
const faultOf = (lists: Partial<PatchLists>): string | undefined =>
  findPatchFault({ profiles, patch: [], softPatch: [], ...lists })?.message;
const move = (some: Partial<SoftPatch>): SoftPatch => ({
  ...{ id: 's1', bridgeId: 'sacn1', universe: 1, slot: 1, count: 1, to: [{ universe: 1, slot: 2 }] },
  ...some,
});

describe('the patch of a show', () => {
  it('[FX5] refuses fixtures that lie over each other, go past slot 512, share an address or have no profile', () => {
    const first = sampleFixture();
    const second = sampleFixture({ id: 'par6', number: 6, name: 'PAR 6', slot: 23 });
    const after = (some: object) => faultOf({ patch: [first, { ...second, ...some }] });
    expect(after({})).toBeUndefined();
    expect(after({ slot: 22 })).toBe('PAR 6 at U 1 slots 22–27 lies over PAR 5 at slot 22.');
    expect(after({ slot: 22, universe: 2 })).toBeUndefined();
    expect(after({ slot: 22, bridgeId: 'other' })).toBeUndefined();
    expect(after({ slot: 508 })).toBe('PAR 6 would end at slot 513: with 6 slots it begins at 507 at the latest.');
    expect(after({ slot: 507 })).toBeUndefined();
    expect(after({ name: 'par-5' })).toContain('would have one address, /fixtures/par-5');
    expect(after({ name: '—' })).toContain('needs a letter or a digit');
    expect(after({ mode: 'huge' })).toBe('The show has no profile for PAR 6 with the mode huge.');
  });

  it('[DK6] refuses a soft patch that moves a slot twice, leads two to one output, or goes past slot 512', () => {
    expect(faultOf({ softPatch: [move({}), move({ id: 's2', slot: 2, to: [] })] })).toBeUndefined();
    expect(faultOf({ softPatch: [move({}), move({ id: 's2', to: [] })] })).toBe('U 1 slot 1 is moved twice.');
    expect(faultOf({ softPatch: [move({}), move({ id: 's2', slot: 9 })] })).toBe(
      'Two slots would leave at U 1 slot 2.',
    );
    expect(faultOf({ softPatch: [move({ slot: 510, count: 4 })] })).toBe('U 1 slots 510–513 go past slot 512.');
    expect(faultOf({ softPatch: [move({ to: [{ universe: 1, slot: 512 }], count: 2 })] })).toContain(
      'go past slot 512',
    );
    expect(faultOf({ softPatch: [move({}), move({ id: 's2', bridgeId: 'other' })] })).toBeUndefined();
  });

  it('[FX6] is judged when a show is read and with every edit; a refused one leaves nothing behind', () => {
    const show = parseShow({ ...emptyShow('s', 'S'), profiles, patch: [sampleFixture()] });
    const twin = sampleFixture({ id: 'twin', number: 6, name: 'Twin' });
    expect(() => parseShow({ ...show, patch: [sampleFixture(), twin] })).toThrow(
      'patch[1]: Twin at U 1 slots 17–22 lies over',
    );
    const edit = (item: typeof twin) =>
      applyEdit(show, { label: 'patch', steps: [{ do: 'put', list: 'patch', item }] });
    expect(() => edit(twin)).toThrow(expect.objectContaining({ code: 'patch-conflict' }));
    expect(() => edit({ ...twin, slot: 40, number: 5 })).toThrow(expect.objectContaining({ code: 'duplicate-number' }));
    const { document, inverse } = edit({ ...twin, slot: 40 });
    expect(document.patch).toHaveLength(2);
    expect(applyEdit(document, inverse).document).toEqual(show);
    const gone = () => applyEdit(show, { label: 'x', steps: [{ do: 'remove', list: 'profiles', id: 'spot' }] });
    expect(gone).toThrow('The show has no profile for PAR 5');
  });

  it('[FX5] finds nothing in what fits, and something once any fixture is there twice', () => {
    fc.assert(
      fc.property(arbitraryPatch, (lists) => {
        expect(findPatchFault(lists)).toBeUndefined();
        const [first] = lists.patch;
        const twin = first && { ...first, id: 'twin', name: 'twin of it' };
        if (twin) expect(findPatchFault({ ...lists, patch: [...lists.patch, twin] })?.id).toBe('twin');
      }),
    );
  });
});
