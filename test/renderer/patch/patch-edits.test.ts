import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../../src-main/contract/show-edit.ts';
import { emptyShow, transformSchema, type ShowDocument, type TransformType } from '../../../src-main/contract/show.ts';
import {
  addMapping,
  dissolveGroup,
  draftMapping,
  duplicateMapping,
  freshTransform,
  groupMapping,
  moveMapping,
} from '../../../src-renderer/patch/patch-edits.ts';
import { patchRows } from '../../../src-renderer/patch/patch-rows.ts';
import { fakeMapping } from '../fake-parts.ts';

const show: ShowDocument = {
  ...emptyShow('s', 'S'),
  groups: [
    { id: 'g1', name: 'Desk', folded: false },
    { id: 'g2', name: 'Sensors', folded: false },
  ],
  mappings: [
    fakeMapping(1, { groupId: 'g1' }),
    fakeMapping(2),
    fakeMapping(3, { groupId: 'g2' }),
    fakeMapping(4),
    fakeMapping(6, { groupId: 'g1' }),
  ],
};

describe('edits of the patch', () => {
  it('[UI23] gives a new mapping the lowest free number', () => {
    expect(draftMapping(show, 'g1')).toMatchObject({ number: 5, groupId: 'g1', enabled: true, transforms: [] });
  });

  it('[UI23] adds below the row it was begun at', () => {
    const draft = draftMapping(show, null);
    const after = applyEdit(show, addMapping(show, draft, 'm2')).document;
    expect(after.mappings.map((mapping) => mapping.number)).toEqual([1, 2, 5, 3, 4, 6]);
  });

  it('[UI86] adds a mapping whose number was taken meanwhile with another one', () => {
    const draft = draftMapping(show, 'g1');
    const meanwhile = { ...show, groups: [], mappings: [...show.mappings, fakeMapping(5)] };
    const edit = addMapping(meanwhile, draft, undefined);
    expect(edit.label).toBe('add set 7');
    expect(applyEdit(meanwhile, edit).document.mappings.at(-1)).toMatchObject({
      id: draft.id,
      number: 7,
      groupId: null,
    });
    const again = applyEdit(meanwhile, edit).document;
    expect(addMapping(again, draft, undefined).steps).toMatchObject([{ item: { number: 7 } }]);
  });

  it('[UI24] locks a copy, so that two sets do not move one target unasked', () => {
    const after = applyEdit(show, duplicateMapping(show, show.mappings[1]!, 'copy')).document;
    expect(after.mappings.map((mapping) => mapping.id)).toEqual(['m1', 'm2', 'copy', 'm3', 'm4', 'm6']);
    expect(after.mappings[2]).toMatchObject({ number: 5, enabled: false, source: show.mappings[1]!.source });
  });

  it('[UI25] moves a row one place as the page shows it, through every group and back', () => {
    const order = shown(show);
    expect(order).toEqual(['m2', 'm4', 'g1', 'm1', 'm6', 'g2', 'm3']);
    expect(shown(moved(show, 'm2', 1))).toEqual(['m4', 'm2', 'g1', 'm1', 'm6', 'g2', 'm3']);
    expect(shown(moved(show, 'm4', 1))).toEqual(['m2', 'g1', 'm4', 'm1', 'm6', 'g2', 'm3']);
    expect(shown(moved(show, 'm3', -1))).toEqual(['m2', 'm4', 'g1', 'm1', 'm6', 'm3', 'g2']);
    expect(moveMapping(show, show.mappings[1]!, -1)).toBeUndefined();
    expect(moveMapping(show, show.mappings[2]!, 1)).toBeUndefined();
  });

  it('[UI25] is taken back by moving the other way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('m1', 'm2', 'm3', 'm4', 'm6'),
        fc.constantFrom(1 as const, -1 as const),
        (id, direction) => {
          const mapping = show.mappings.find((one) => one.id === id)!;
          if (!moveMapping(show, mapping, direction)) return;
          expect(shown(moved(moved(show, id, direction), id, direction === 1 ? -1 : 1))).toEqual(shown(show));
        },
      ),
    );
  });

  it('[UI26] groups and dissolves, and undo of either gives the show back as it was', () => {
    for (const edit of [
      groupMapping(show.mappings[1]!, { id: 'g3', name: 'Front', folded: false }),
      dissolveGroup(show, show.groups[0]!),
    ]) {
      const { document, inverse } = applyEdit(show, edit);
      expect(document).not.toEqual(show);
      expect(applyEdit(document, inverse).document).toEqual(show);
    }
    expect(applyEdit(show, dissolveGroup(show, show.groups[0]!)).document.mappings).toHaveLength(5);
  });

  it('[UI27] begins every kind of step with numbers the show accepts', () => {
    for (const type of ['scale', 'clamp', 'invert', 'curve', 'threshold', 'quantize'] satisfies TransformType[]) {
      expect(transformSchema.parse(freshTransform(type)).type).toBe(type);
    }
  });
});

function moved(document: ShowDocument, id: string, direction: 1 | -1): ShowDocument {
  const edit = moveMapping(
    document,
    document.mappings.find((one) => one.id === id)!,
    direction,
  );
  return edit ? applyEdit(document, edit).document : document;
}

function shown(document: ShowDocument): string[] {
  return patchRows(document, { filter: 'all', find: '', stateOf: () => 'idle' }).map((row) => row.id);
}
