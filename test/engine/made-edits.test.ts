import { describe, expect, it } from 'vitest';
import { MadeEdits, madeEditsMax } from '../../src-main/engine/made-edits.ts';

const forgotten = expect.objectContaining({ code: 'changed-meanwhile' }) as Error;

/** @param count edits that led to the revisions 1, 2, … */
function full(count: number): MadeEdits {
  const made = new MadeEdits([]);
  for (let revision = 1; revision <= count; revision++) made.note(made.plan(`e${revision}`, revision));
  return made;
}

describe('edits that may be asked for again', () => {
  it('[SS61] are known by their ids, with the revision they led to', () => {
    const made = new MadeEdits([{ id: 'kept', revision: 7 }]);
    made.note(made.plan('new', 9));
    expect(made.revisionOf({ id: 'kept', since: 6 })).toBe(7);
    expect(made.revisionOf({ id: 'new', since: 0 })).toBe(9);
    expect(made.revisionOf({ id: 'other', since: 0 })).toBeUndefined();
  });

  it('[SS62] are remembered up to a number, and one that may be forgotten is refused', () => {
    const made = full(madeEditsMax);
    expect(made.revisionOf({ id: 'e1', since: 0 })).toBe(1);
    const next = made.plan('next', madeEditsMax + 1);
    expect(next.forgetTo).toBe(1);
    made.note(next);
    expect(() => made.revisionOf({ id: 'e1', since: 0 })).toThrow(forgotten);
    expect(made.revisionOf({ id: 'e2', since: 1 })).toBe(2);
    // What was first sent at revision 1 or later cannot have been made at revision 1.
    expect(made.revisionOf({ id: 'fresh', since: 1 })).toBeUndefined();
  });

  it('[SS62] forget nothing before they are many', () => {
    expect(full(madeEditsMax - 1).plan('next', madeEditsMax).forgetTo).toBe(0);
    expect(full(madeEditsMax - 1).revisionOf({ id: 'fresh', since: 0 })).toBeUndefined();
  });
});
