import { describe, expect, it } from 'vitest';
import { layPatch } from '../../../src-main/contract/patched-fixture.ts';
import { checkPatchDraft, freeSlot, newPatchDraft, type PatchDraft } from '../../../src-renderer/dmx/patch-draft.ts';
import { fixtureAt, par } from './rig.ts';

const place = { bridgeId: 'node-a', universe: 1 };
const patched = layPatch({ profiles: [par], patch: [fixtureAt(1), fixtureAt(6)] });
let made = 0;
const rig = { place, patched, profiles: [par], number: 7, newId: () => `id-${++made}` };
const draft: PatchDraft = { profileId: 'par', mode: 'fine', name: 'Wash 3', slot: '10', count: '1' };
const check = (more: Partial<PatchDraft>) => checkPatchDraft({ ...draft, ...more }, rig);

describe('the form of fixtures', () => {
  it('[UI536] begins at the first place where the fixture fits', () => {
    expect(newPatchDraft(par, { place, patched })).toEqual({
      profileId: 'par',
      mode: '1 slot',
      name: 'PAR 7',
      slot: '4',
      count: '1',
    });
    expect([freeSlot(2, rig), freeSlot(3, rig), freeSlot(504, rig), freeSlot(505, rig)]).toEqual([4, 9, 9, undefined]);
    expect(newPatchDraft(undefined, { place, patched })).toMatchObject({ profileId: '', mode: '', slot: '1' });
  });

  it('[UI563] begins with a name that is free', () => {
    const nameAfter = (names: readonly string[]): string => {
      const patch = names.map((name, index) => ({ ...fixtureAt(1 + 5 * index), name }));
      return newPatchDraft(par, { place, patched: layPatch({ profiles: [par], patch }) }).name;
    };
    expect(nameAfter([])).toBe('PAR');
    expect(nameAfter(['Wash 9', 'PARty 4'])).toBe('PAR');
    expect(nameAfter(['PAR'])).toBe('PAR 2');
    expect(nameAfter(['PAR 2', 'PAR 11', 'PAR left'])).toBe('PAR 12');
  });

  it('[UI536] makes fixtures in a row, with numbers and names that go on', () => {
    expect(check({}).fixtures).toMatchObject([
      { number: 7, name: 'Wash 3', slot: 10, mode: 'fine', profileId: 'par', ...place },
    ]);
    expect(check({ count: '3' }).fixtures?.map(({ number, name, slot }) => [number, name, slot])).toEqual([
      [7, 'Wash 3', 10],
      [8, 'Wash 4', 13],
      [9, 'Wash 5', 16],
    ]);
    expect(check({ name: 'Cyc', count: '2' }).fixtures?.map(({ name }) => name)).toEqual(['Cyc 1', 'Cyc 2']);
  });

  it.each<[keyof PatchDraft, Partial<PatchDraft>, RegExp]>([
    ['profileId', { profileId: '' }, /^Import a profile first/],
    ['mode', { mode: 'gone' }, /^Choose a mode/],
    ['count', { count: '0' }, /from 1 to 512/],
    ['slot', { slot: '513' }, /from 1 to 512/],
    ['slot', { slot: '511' }, /^It would end at slot 513/],
    ['slot', { slot: '4' }, /^Slot 6 belongs to PAR 6\.$/],
    ['name', { name: ' ' }, /^Give it a name/],
    ['name', { name: 'par-6' }, /^PAR 6 is there already\.$/],
    ['name', { name: 'PAR 5', count: '2' }, /^PAR 6 is there already\.$/],
  ])('[UI536] asks for a repair of %s', (field, more, repair) => {
    const { problems, fixtures } = check(more);
    expect(problems[field]).toMatch(repair);
    expect(fixtures).toBeUndefined();
  });
});
