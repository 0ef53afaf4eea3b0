import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyJournal,
  gestureStepsMax,
  journalLimits,
  planEdit,
  planRedo,
  planUndo,
  redoLabel,
  undoLabel,
  type EditJournal,
  type JournalPlan,
} from '../../src-main/engine/edit-journal.ts';
import { applyEdit, type Edit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument } from '../../src-main/contract/show.ts';
import { putMapping, renameShow, sampleMapping, sampleShow } from '../show-samples.ts';

interface Bench {
  document: ShowDocument;
  journal: EditJournal;
  revision: number;
}

const start = (mappings = 3): Bench => ({
  document: sampleShow('one', mappings),
  journal: emptyJournal(1),
  revision: 1,
});

function take(bench: Bench, plan: JournalPlan): JournalPlan['change'] {
  bench.document = applyEdit(bench.document, plan.change.apply).document;
  bench.journal = plan.journal;
  bench.revision = plan.change.revision;
  return plan.change;
}
const edit = (bench: Bench, given: Edit) => {
  const { inverse } = applyEdit(bench.document, given);
  return take(bench, planEdit(bench.journal, { edit: given, inverse, revision: bench.revision + 1 }));
};
const undo = (bench: Bench) => take(bench, planUndo(bench.journal, bench.revision + 1));
const redo = (bench: Bench) => take(bench, planRedo(bench.journal, bench.revision + 1));

describe('the command journal', () => {
  it('[SS1] takes edits back one by one and does them again', () => {
    const bench = start();
    edit(bench, renameShow('a'));
    edit(bench, putMapping(1, 'b'));
    expect([undoLabel(bench.journal), redoLabel(bench.journal)]).toEqual(['edit set 1', null]);
    undo(bench);
    undo(bench);
    expect(bench.document).toEqual(sampleShow('one', 3));
    expect([undoLabel(bench.journal), redoLabel(bench.journal)]).toEqual([null, 'rename to a']);
    expect(() => undo(bench)).toThrow(expect.objectContaining({ code: 'nothing-to-undo' }));
    redo(bench);
    redo(bench);
    expect(bench.document).toMatchObject({ name: 'a', mappings: [{ name: 'b' }, {}, {}] });
    expect(() => redo(bench)).toThrow(expect.objectContaining({ code: 'nothing-to-redo' }));
  });

  it('[SS1] comes back to the same cursor with the same document, and never otherwise', () => {
    const bench = start();
    const { cursor } = edit(bench, renameShow('a'));
    edit(bench, renameShow('b'));
    expect(undo(bench).cursor).toBe(cursor);
    expect(edit(bench, renameShow('c')).cursor).not.toBe(cursor);
  });

  it('[SS2] drops what was undone when a new edit comes', () => {
    const bench = start();
    edit(bench, renameShow('a'));
    edit(bench, renameShow('b'));
    edit(bench, renameShow('c'));
    undo(bench);
    undo(bench);
    expect(edit(bench, renameShow('d')).forget).toEqual([3, 4]);
    expect(bench.journal.entries.map(({ edit: { label } }) => label)).toEqual(['rename to a', 'rename to d']);
    expect(() => redo(bench)).toThrow();
  });

  it('[SS3] makes one entry of a gesture, however long, and undoes it as one', () => {
    const bench = start();
    for (let value = 0; value < 5_000; value++) edit(bench, putMapping(1, `value ${value}`, 'drag'));
    expect(bench.journal.entries).toHaveLength(1);
    expect(bench.journal.entries[0]?.edit.steps).toHaveLength(1);
    undo(bench);
    expect(bench.document).toEqual(sampleShow('one', 3));
    redo(bench);
    expect(bench.document.mappings[0]?.name).toBe('value 4999');
  });

  it('[SS3] does not join other gestures, edits without one, or a gesture that was undone in between', () => {
    const bench = start();
    edit(bench, putMapping(1, 'a', 'one'));
    edit(bench, putMapping(1, 'b', 'two'));
    edit(bench, putMapping(1, 'c'));
    edit(bench, putMapping(1, 'd'));
    edit(bench, putMapping(1, 'e', 'two'));
    edit(bench, putMapping(1, 'f', 'three'));
    undo(bench);
    edit(bench, putMapping(1, 'g', 'three'));
    expect(bench.journal.entries).toHaveLength(6);
  });

  it('[SS3] bounds a gesture that cannot be shortened', () => {
    const bench = start();
    for (let n = 0; n < gestureStepsMax; n++) {
      edit(bench, { label: 'move', gesture: 'drag', steps: [{ do: 'move', list: 'mappings', id: 'm1', to: n % 3 }] });
    }
    expect(bench.journal.entries.length).toBeGreaterThan(1);
    expect(Math.max(...bench.journal.entries.map((entry) => entry.edit.steps.length))).toBeLessThanOrEqual(
      gestureStepsMax,
    );
    while (undoLabel(bench.journal)) undo(bench);
    expect(bench.document).toEqual(sampleShow('one', 3));
  });

  it('[SS4] goes back a bounded number of edits; the oldest are forgotten', () => {
    const bench = start();
    for (let n = 0; n < journalLimits.entries + 5; n++) edit(bench, renameShow(`n${n}`));
    expect(bench.journal.entries).toHaveLength(journalLimits.entries);
    expect(bench.journal.base).toBe(6);
    while (undoLabel(bench.journal)) undo(bench);
    expect(bench.document.name).toBe('n4');
    expect(bench.journal.cursor).toBe(6);
  });

  it('[SS4] holds a bounded number of steps, and the newest edit whatever its size', () => {
    const bench = start(1);
    const big = (n: number): Edit => ({
      label: `big ${n}`,
      steps: Array.from(
        { length: 9_000 },
        () => ({ do: 'put', list: 'mappings', item: sampleMapping(1, `n${n}`) }) as const,
      ),
    });
    for (let n = 0; n < 6; n++) edit(bench, big(n));
    expect(bench.journal.entries.length).toBe(Math.floor(journalLimits.steps / 18_000));
    undo(bench);
    expect(bench.document.mappings[0]?.name).toBe('n4');
  });

  it('[SS1] goes anywhere by undo and redo and finds each document as it was', () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.tuple(
          fc.constantFrom('x', 'y', undefined),
          fc.integer({ min: 1, max: 5 }),
          fc.string({ maxLength: 4 }),
        ),
      },
      { weight: 2, arbitrary: fc.constantFrom('undo' as const, 'redo' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bench = start();
        const seen = new Map([[1, bench.document]]);
        for (const each of steps) {
          if (each === 'undo' && undoLabel(bench.journal)) undo(bench);
          else if (each === 'redo' && redoLabel(bench.journal)) redo(bench);
          else if (Array.isArray(each)) edit(bench, putMapping(each[1], each[2], each[0]));
          const known = seen.get(bench.journal.cursor);
          if (known) expect(bench.document).toEqual(known);
          else seen.set(bench.journal.cursor, bench.document);
        }
        while (undoLabel(bench.journal)) undo(bench);
        expect(bench.document).toEqual(sampleShow('one', 3));
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
