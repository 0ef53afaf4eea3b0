import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src-main/contract/show.ts';
import type { Edit, EditStep } from '../../src-main/contract/show-edit.ts';
import { ItemRevisions, itemsRememberedMax } from '../../src-main/engine/item-revisions.ts';
import { putMapping, sampleMapping } from '../show-samples.ts';

const edit = (...steps: EditStep[]): Edit => ({ label: 'x', steps });
const remove = (id: string): Edit => edit({ do: 'remove', list: 'mappings', id });

describe('the revisions of what is in a show', () => {
  it('[SS18] refuses what changed after the revision an edit was made from', () => {
    const revisions = new ItemRevisions(5);
    revisions.note(putMapping(1), 6);
    revisions.note(remove('m2'), 7);
    expect(() => revisions.assertUnchangedSince(6, putMapping(1))).not.toThrow();
    expect(() => revisions.assertUnchangedSince(5, putMapping(1))).toThrow(
      expect.objectContaining({ code: 'changed-meanwhile', details: { item: 'mappings/m1', revision: 6 } }) as Error,
    );
    expect(() => revisions.assertUnchangedSince(5, remove('m1'))).toThrow();
    expect(() => revisions.assertUnchangedSince(6, putMapping(2))).toThrow();
    expect(() => revisions.assertUnchangedSince(5, putMapping(3))).not.toThrow();
    expect(() => revisions.assertUnchangedSince(4, putMapping(3))).toThrow();
  });

  it('[SS18] takes a move for no change, and settings for one thing', () => {
    const revisions = new ItemRevisions(0);
    const settings = { do: 'settings' as const, settings: settingsSchema.parse({ backupsKeep: 1 }) };
    revisions.note(edit({ do: 'move', list: 'mappings', id: 'm1', to: 3 }, settings), 1);
    expect(() => revisions.assertUnchangedSince(0, putMapping(1))).not.toThrow();
    expect(() => revisions.assertUnchangedSince(0, edit(settings))).toThrow();
  });

  it('[SS18] forgets nothing that would let an older edit through', () => {
    const revisions = new ItemRevisions(0);
    const steps = Array.from({ length: itemsRememberedMax + 1 }, (_, index) => index + 1).map((number): EditStep => ({
      do: 'put',
      list: 'mappings',
      item: { ...sampleMapping(1), id: `m${number}` },
    }));
    revisions.note(edit(...steps), 3);
    expect(() => revisions.assertUnchangedSince(2, putMapping(1))).toThrow();
    expect(() => revisions.assertUnchangedSince(3, putMapping(1))).not.toThrow();
  });
});
