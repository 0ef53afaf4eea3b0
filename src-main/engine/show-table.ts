import type { EditReceipt, ShowState } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { applyEdit, type Edit, type Once } from '../contract/show-edit.ts';
import { showRefText } from '../contract/show-ref.ts';
import type { ShowDocument } from '../contract/show.ts';
import type { SavedShow, ShowStore, WorkingShow } from '../ports/show-store.ts';
import {
  emptyJournal,
  planEdit,
  planRedo,
  planUndo,
  redoLabel,
  undoLabel,
  type EditJournal,
  type JournalPlan,
} from './edit-journal.ts';
import type { EventHub } from './event-hub.ts';
import { ItemRevisions } from './item-revisions.ts';
import { MadeEdits } from './made-edits.ts';

export interface ShowTableOptions {
  readonly store: Pick<ShowStore, 'commit' | 'replace'>;
  readonly hub: Pick<EventHub, 'emit'>;
  /** Refuses an edit for reasons that the schema does not know (a circle of mappings). Shows that are opened are not
   *  judged: an operator must be able to open one to repair it.
   *  @throws InputError */
  readonly checkEdit: (before: ShowDocument, after: ShowDocument) => void;
}

/** The show that is on the table: its document, journal and file, always as the store has acknowledged them. Its methods
 *  are called one after the other. */
export class ShowTable {
  readonly #options: ShowTableOptions;
  #document: ShowDocument;
  #revision: number;
  #journal: EditJournal;
  #changes: ItemRevisions;
  #made: MadeEdits;
  #saved: SavedShow | null;
  #saveProblem: string | null;
  #laying: string;
  /** the revision that the show began with; 0 for the one that was there at the start */
  #laidAt = 0;

  constructor(options: ShowTableOptions, working: WorkingShow, saveProblem: string | null) {
    this.#options = options;
    this.#document = working.document;
    this.#revision = working.revision;
    this.#journal = { entries: working.journal, cursor: working.cursor, base: working.base };
    this.#changes = new ItemRevisions(working.revision);
    this.#made = new MadeEdits(working.made);
    this.#saved = working.saved;
    this.#saveProblem = saveProblem;
    this.#laying = working.laying;
  }

  get document(): ShowDocument {
    return this.#document;
  }

  get revision(): number {
    return this.#revision;
  }

  /** see EngineSnapshot */
  get laying(): string {
    return this.#laying;
  }

  get saved(): SavedShow | null {
    return this.#saved;
  }

  get unsaved(): boolean {
    // A show without a file has nothing to differ from: any edit at all is work to keep.
    return this.#saved ? this.#saved.cursor !== this.#journal.cursor : this.#journal.entries.length > 0;
  }

  /** The seconds of quiet after which an autosave is due; 0 when none is. */
  get autosaveSeconds(): number {
    return this.#saved && this.unsaved ? this.#document.settings.autosaveSeconds : 0;
  }

  state(): ShowState {
    return {
      name: this.#document.name,
      file: this.#saved && showRefText(this.#saved.ref),
      unsaved: this.unsaved,
      savedAt: this.#saved?.at ?? null,
      undoLabel: undoLabel(this.#journal),
      redoLabel: redoLabel(this.#journal),
      saveProblem: this.#saveProblem,
    };
  }

  /** @param basedOn the newest revision known to who asks; absent where any show is meant
   *  @throws InputError 'changed-meanwhile' where another show took the table since */
  assertSameShow(basedOn: number | undefined, nothingWas: 'changed' | 'saved'): void {
    if (basedOn === undefined || basedOn >= this.#laidAt) return;
    throw new InputError('changed-meanwhile', `Another show took the table meanwhile. Nothing was ${nothingWas}.`);
  }

  /** @param basedOn the revision it was made from; absent where it goes over everything
   *  @param once of an edit that may have been made already: then nothing happens
   *  @throws InputError 'changed-meanwhile', what `applyEdit` and `checkEdit` refuse */
  async edit(edit: Edit, basedOn?: number, once?: Once): Promise<EditReceipt> {
    this.assertSameShow(basedOn, 'changed');
    const made = once && this.#made.revisionOf(once);
    if (made !== undefined) return { revision: made, show: this.state() };
    if (basedOn !== undefined) this.#changes.assertUnchangedSince(basedOn, edit);
    const { document, inverse } = applyEdit(this.#document, edit);
    this.#options.checkEdit(this.#document, document);
    const revision = this.#revision + 1;
    const { journal, change } = planEdit(this.#journal, { edit, inverse, revision });
    const kept = once && this.#made.plan(once.id, revision);
    const receipt = await this.#commit({ journal, change: kept ? { ...change, made: kept } : change }, document);
    if (kept) this.#made.note(kept);
    return receipt;
  }

  undo(): Promise<EditReceipt> {
    return this.#move(planUndo(this.#journal, this.#revision + 1));
  }

  redo(): Promise<EditReceipt> {
    return this.#move(planRedo(this.#journal, this.#revision + 1));
  }

  /** Puts another document on the table.
   *  @param savedAs its file, given the cursor that it begins with */
  async lay(document: ShowDocument, savedAs: (cursor: number) => SavedShow | null): Promise<ShowState> {
    const revision = this.#revision + 1;
    const saved = savedAs(revision);
    const laying = await this.#options.store.replace({ document, revision, saved });
    this.#document = document;
    this.#revision = revision;
    this.#laying = laying;
    this.#laidAt = revision;
    this.#journal = emptyJournal(revision);
    this.#changes = new ItemRevisions(revision);
    this.#made = new MadeEdits([]);
    this.#saved = saved;
    this.#saveProblem = null;
    const show = this.state();
    this.#options.hub.emit('document', { revision, laying, document, show });
    return show;
  }

  noteSaved(saved: SavedShow): void {
    this.#saved = saved;
    this.#saveProblem = null;
    this.#options.hub.emit('show', this.state());
  }

  noteSaveProblem(problem: string): void {
    this.#saveProblem = problem;
    this.#options.hub.emit('show', this.state());
  }

  #move(plan: JournalPlan): Promise<EditReceipt> {
    return this.#commit(plan, applyEdit(this.#document, plan.change.apply).document);
  }

  async #commit({ journal, change }: JournalPlan, document: ShowDocument): Promise<EditReceipt> {
    await this.#options.store.commit(change);
    this.#document = document;
    this.#revision = change.revision;
    this.#journal = journal;
    this.#changes.note(change.apply, change.revision);
    const receipt: EditReceipt = { revision: change.revision, show: this.state() };
    this.#options.hub.emit('edited', { ...receipt, edit: change.apply });
    return receipt;
  }
}
