import { describe, expect, it } from 'vitest';
import type { SoftPatch } from '../../../src-main/contract/fixture.ts';
import {
  checkSoftPatchDraft,
  describeLine,
  linesOf,
  newSoftPatchDraft,
  softPatchDraftOf,
  universesNotSent,
  type SoftPatchDraft,
} from '../../../src-renderer/dmx/soft-patch-draft.ts';

const place = { bridgeId: 'node-a', universe: 1 };
const line = (more: Partial<SoftPatch>): SoftPatch => ({
  ...{ id: 's1', bridgeId: 'node-a', universe: 1, slot: 1, count: 4, to: [{ universe: 1, slot: 101 }] },
  ...more,
});
const draft: SoftPatchDraft = { id: undefined, from: '1.9', count: '2', to: '1.201, 2.1' };
const check = (more: Partial<SoftPatchDraft>, softPatch: readonly SoftPatch[] = [line({})]) =>
  checkSoftPatchDraft({ ...draft, ...more }, { place, softPatch, newId: () => 'new' });

describe('the form of a line of the soft patch', () => {
  it('[UI545] begins with the chosen slot, or with what the line says', () => {
    expect(newSoftPatchDraft(place, 17)).toEqual({ id: undefined, from: '1.17', count: '1', to: '' });
    expect(newSoftPatchDraft(place, undefined).from).toBe('1.1');
    expect(
      softPatchDraftOf(
        line({
          to: [
            { universe: 1, slot: 101 },
            { universe: 2, slot: 5 },
          ],
        }),
      ),
    ).toEqual({
      ...{ id: 's1', from: '1.1', count: '4', to: '1.101, 2.5' },
    });
  });

  it('[UI545] makes a line of it, and takes a slot alone for one of the universe that is looked at', () => {
    const to = [
      { universe: 1, slot: 201 },
      { universe: 2, slot: 1 },
    ];
    expect(check({}).line).toEqual({ id: 'new', bridgeId: 'node-a', universe: 1, slot: 9, count: 2, to });
    expect(check({ from: ' 9 ', to: '201 2.1,' }).line).toMatchObject({ universe: 1, slot: 9, to });
    expect(check({ to: '' }).line?.to).toEqual([]);
    expect(check({ id: 's1', from: '1.2', to: '102' }).line).toMatchObject({ id: 's1', slot: 2 });
    expect(check({ from: '1.1', to: '' }, [line({ bridgeId: 'other' })]).line).toBeDefined();
  });

  it.each<['from' | 'count' | 'to', Partial<SoftPatchDraft>, string]>([
    ['from', { from: '' }, 'Universe and slot, as in 1.17. Slots are 1 to 512.'],
    ['from', { from: '1.513' }, 'Slots are 1 to 512.'],
    ['from', { from: '64000.1' }, 'Universe and slot'],
    ['from', { from: '1.3' }, 'U 1 slot 3 is moved twice.'],
    ['from', { from: '1.512' }, 'U 1 slots 512–513 go past slot 512.'],
    ['count', { count: '0' }, 'A whole number from 1 to 512.'],
    ['count', { count: '1.5' }, 'A whole number from 1 to 512.'],
    ['to', { to: '1.x' }, 'Universe and slot of each place, as in 1.101'],
    ['to', { to: '1.512' }, 'U 1 slots 512–513 go past slot 512.'],
    ['to', { to: '1.102' }, 'Two slots would leave at U 1 slot 102.'],
    ['to', { to: '2.1, 2.2' }, 'Two slots would leave at U 2 slot 2.'],
    ['to', { to: Array.from({ length: 33 }, (_, i) => `2.${i * 2 + 1}`).join() }, 'at 32 places at most'],
  ])('[UI545] asks for a repair of %s: %j', (field, more, repair) => {
    const { problems, line: made } = check(more);
    expect(problems[field]).toContain(repair);
    expect(Object.keys(problems)).toEqual([field]);
    expect(made).toBeUndefined();
  });

  it('[UI545] says in words what leaves where, and which universes nobody sends', () => {
    expect(describeLine(line({}))).toBe('U 1 slots 1–4 leave at U 1 slots 101–104.');
    expect(describeLine(line({ count: 1, to: [] }))).toBe('U 1 slot 1 leaves nowhere.');
    expect(universesNotSent(line({ to: [{ universe: 9, slot: 1 }] }), (universe) => universe === 1)).toEqual([9]);
    const lines = [line({ id: 'b', slot: 9 }), line({ id: 'c', bridgeId: 'other' }), line({ id: 'a' })];
    expect(linesOf('node-a', lines).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
