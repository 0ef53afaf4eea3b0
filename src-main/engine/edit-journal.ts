import { InputError } from '../contract/errors.ts';
import type { Edit, EditStep } from '../contract/show-edit.ts';
import type { JournalEntry, WorkingChange } from '../ports/show-store.ts';

/** The command journal: what was done, oldest first, and how far it is applied. `cursor` is the id of the last applied
 *  entry, or `base` when none is; entries after it were undone and wait for redo. An id is the revision that the entry
 *  led to, so two equal cursors of one show mean the same document. */
export interface EditJournal {
  readonly entries: readonly JournalEntry[];
  readonly cursor: number;
  readonly base: number;
}

/** What to store, and the journal once it is stored. */
export interface JournalPlan {
  readonly journal: EditJournal;
  readonly change: WorkingChange;
}

export interface NewEdit {
  readonly edit: Edit;
  readonly inverse: Edit;
  /** the one it leads to */
  readonly revision: number;
}

/** What one journal holds at most; beyond, the oldest entries are forgotten and can no longer be undone. */
export const journalLimits = { entries: 1_000, steps: 50_000 } as const;
/** A gesture that has grown to this many steps goes on as a second entry. */
export const gestureStepsMax = 2_000;

export function emptyJournal(revision: number): EditJournal {
  return { entries: [], cursor: revision, base: revision };
}

/** Plans a new edit: undone entries are dropped, and a gesture that goes on is merged with its beginning. */
export function planEdit(journal: EditJournal, { edit, inverse, revision }: NewEdit): JournalPlan {
  const applied = journal.entries.slice(0, appliedCount(journal));
  const tip = applied.at(-1);
  const merged = tip && appliedCount(journal) === journal.entries.length ? tryMerge(tip, edit, inverse) : undefined;
  const entry: JournalEntry = { id: revision, ...(merged ?? { edit, inverse }) };
  const entries = trimmed([...(merged ? applied.slice(0, -1) : applied), entry]);
  const kept = new Set(entries.map(({ id }) => id));
  const forget = journal.entries.map(({ id }) => id).filter((id) => !kept.has(id));
  const forgottenFromStart = applied.findLast(({ id }) => !kept.has(id) && id !== (merged ? tip?.id : undefined));
  const base = forgottenFromStart?.id ?? journal.base;
  const progress = { revision, cursor: revision, base };
  return { journal: { entries, cursor: revision, base }, change: { ...progress, apply: edit, forget, keep: entry } };
}

/** @throws InputError 'nothing-to-undo' */
export function planUndo(journal: EditJournal, revision: number): JournalPlan {
  const count = appliedCount(journal);
  const entry = journal.entries[count - 1];
  if (!entry) throw new InputError('nothing-to-undo', 'There is nothing to undo.');
  const cursor = journal.entries[count - 2]?.id ?? journal.base;
  return planMove(journal, cursor, entry.inverse, revision);
}

/** @throws InputError 'nothing-to-redo' */
export function planRedo(journal: EditJournal, revision: number): JournalPlan {
  const entry = journal.entries[appliedCount(journal)];
  if (!entry) throw new InputError('nothing-to-redo', 'There is nothing to redo.');
  return planMove(journal, entry.id, entry.edit, revision);
}

export function undoLabel(journal: EditJournal): string | null {
  return journal.entries[appliedCount(journal) - 1]?.edit.label ?? null;
}

export function redoLabel(journal: EditJournal): string | null {
  return journal.entries[appliedCount(journal)]?.edit.label ?? null;
}

function planMove(journal: EditJournal, cursor: number, apply: Edit, revision: number): JournalPlan {
  const change: WorkingChange = { revision, cursor, base: journal.base, apply, forget: [], keep: null };
  return { journal: { ...journal, cursor }, change };
}

function appliedCount({ entries, cursor }: EditJournal): number {
  return entries.findLastIndex(({ id }) => id === cursor) + 1;
}

function trimmed(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let steps = 0;
  const first = entries.findLastIndex((entry, index) => {
    steps += stepsIn(entry);
    const newest = index === entries.length - 1;
    return !newest && (steps > journalLimits.steps || entries.length - index > journalLimits.entries);
  });
  return entries.slice(first + 1);
}

function stepsIn({ edit, inverse }: Pick<JournalEntry, 'edit' | 'inverse'>): number {
  return edit.steps.length + inverse.steps.length;
}

function tryMerge(tip: JournalEntry, edit: Edit, inverse: Edit): Pick<JournalEntry, 'edit' | 'inverse'> | undefined {
  if (edit.gesture === undefined || tip.edit.gesture !== edit.gesture) return undefined;
  // Where every step only gives something another content, the last content is what to redo and the first what to undo.
  const contentOnly = [tip.inverse, inverse].every(({ steps }) => steps.every(isReplacement));
  const done = [...tip.edit.steps, ...edit.steps];
  const back = [...inverse.steps, ...tip.inverse.steps];
  const merged = {
    edit: { ...edit, steps: contentOnly ? lastOfEach(done) : done },
    inverse: { ...inverse, label: edit.label, steps: contentOnly ? lastOfEach(back) : back },
  };
  return stepsIn(merged) <= gestureStepsMax ? merged : undefined;
}

/** Of an inverse: whether it puts another content back where content stays. */
function isReplacement(step: EditStep): boolean {
  return step.do === 'rename' || step.do === 'settings' || (step.do === 'put' && step.at === undefined);
}

function lastOfEach(steps: readonly EditStep[]): EditStep[] {
  const last = new Map<string, EditStep>();
  for (const step of steps) last.set(step.do === 'put' ? `${step.list}/${step.item.id}` : step.do, step);
  return [...last.values()];
}
