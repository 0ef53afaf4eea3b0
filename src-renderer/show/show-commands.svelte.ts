import type { EditReceipt, ShowRef, ShowState } from '../../src-main/contract/engine-api.ts';
import { AppError, InputError } from '../../src-main/contract/errors.ts';
import type { ShellApi, ShellCommand } from '../../src-main/contract/shell-api.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import type { ShowDocument, ShowSettings } from '../../src-main/contract/show.ts';
import { nameAfterFirstFile, renaming } from './name-of-first-file.ts';
import { ShowMatters, type Matter } from './show-matters.svelte.ts';
import { ShowLibrary } from './show-library.svelte.ts';
import { carryOut, OpenQuestion, type Question, type Wish } from './show-question.svelte.ts';
import { fileName } from './show-words.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isSame } from '../engine/is-same.ts';

interface ShowCommandsOptions {
  readonly engine: Pick<
    EngineState,
    'api' | 'show' | 'document' | 'documentTurn' | 'revision' | 'edit' | 'change' | 'firstStart' | 'settled'
  >;
  /** undefined in a browser, where shows are named and never picked by path */
  readonly shell: ShellApi | undefined;
  /** what was typed for devices of the show and would go with it, in words */
  readonly unapplied: () => readonly string[];
  /** brings the Show page up: a question or a refusal waits there */
  readonly goToShow: () => void;
}

/** New, open, save, save as, undo: from keys, menu and page alike. One show command at a time, and any edit beside
 *  it; each refusal stays at its place until the next try. */
export class ShowCommands {
  /** counts up when the list of shows is asked for where no dialog can be opened */
  listWanted = $state(0);
  readonly asking: OpenQuestion;
  readonly library = new ShowLibrary();
  readonly #matters: ShowMatters;
  readonly #options: ShowCommandsOptions;
  /** carried out once the show that was on the table in this turn is saved */
  #afterSave: { readonly wish: Wish; readonly turn: number } | undefined;

  constructor(options: ShowCommandsOptions) {
    this.#options = options;
    this.asking = new OpenQuestion(options.engine);
    this.#matters = new ShowMatters(options.goToShow);
  }

  /** what waits for an answer */
  get question(): Question | undefined {
    return this.asking.current;
  }

  /** What another show would drop, beside edits that are not saved. */
  get unapplied(): readonly string[] {
    return this.#options.unapplied();
  }

  /** what is under way */
  get busy(): Matter | undefined {
    return this.#matters.busy;
  }

  /** The sentence of the last refusal, when it was about this. */
  problemOf(matter: Matter): string | undefined {
    return this.#matters.problemOf(matter);
  }

  async save(): Promise<void> {
    if (this.#options.engine.show.file === null) return this.saveAs();
    await this.#matters.try('save', () => this.#options.engine.api.saveShow());
    await this.#afterwards();
  }

  async saveAs(): Promise<void> {
    const { shell, engine } = this.#options;
    if (!shell) {
      this.#ask({ ask: 'name', of: 'save-as', suggestion: engine.document.name });
      return;
    }
    const path = await this.#matters.try('save', () => this.#pickPath(shell));
    if (path === undefined) this.#afterSave = undefined;
    // The dialog asked already whether to replace what is there.
    else await this.#saveTo({ path }, { overwrite: true });
  }

  newShow(): void {
    this.#afterSave = undefined;
    this.#ask({ ask: 'name', of: 'new', suggestion: 'New show' });
  }

  async open(): Promise<void> {
    const { shell, goToShow } = this.#options;
    if (!shell) {
      goToShow();
      this.listWanted++;
      return;
    }
    const path = await this.#matters.try('open', () => shell.pickShowToOpen());
    if (path !== undefined) await this.want({ to: 'open', ref: { path }, name: fileName(path) });
  }

  /** Carries the wish out, or asks first while edits are not in the file, or texts not in the show. Going back to a backup is always asked. */
  async want(wish: Wish): Promise<void> {
    this.#afterSave = undefined;
    const { engine } = this.#options;
    // Whether the file holds every edit is known once the engine has them.
    if (engine.settled) await engine.settled;
    if (wish.to === 'restore') this.#ask({ ask: 'restore', backup: wish.backup });
    else if (engine.show.unsaved) this.#ask({ ask: 'unsaved', wish });
    else if (this.unapplied.length > 0) this.#ask({ ask: 'unapplied', wish });
    else await this.#carryOut(wish);
  }

  /** The answer to `name`. */
  async answerName(name: string): Promise<void> {
    const { question } = this;
    if (question?.ask !== 'name') return;
    if (question.of === 'save-as') await this.#saveTo({ name }, { overwrite: false });
    else await this.want({ to: 'new', name });
  }

  /** The yes to `replace` and `restore`, and "without" to `unsaved` and `unapplied`. */
  async goAhead(): Promise<void> {
    const { question } = this;
    if (question?.ask === 'replace') await this.#saveTo(question.ref, { overwrite: true });
    if (question?.ask === 'restore') await this.#carryOut({ to: 'restore', backup: question.backup });
    if (question?.ask === 'unsaved' || question?.ask === 'unapplied') await this.#carryOut(question.wish);
  }

  /** "Save first" to `unsaved`. */
  async saveFirst(): Promise<void> {
    const asked = this.asking.take();
    if (asked?.question.ask !== 'unsaved') return;
    this.#afterSave = { wish: asked.question.wish, turn: asked.turn };
    await this.save();
  }

  /** Nothing is changed. */
  cancel(): void {
    this.asking.take();
    this.#afterSave = undefined;
    this.#matters.forget();
  }

  /** @returns undefined when it was refused */
  undo(): Promise<EditReceipt | undefined> {
    return this.#matters.try('history', () => this.#options.engine.api.undo());
  }

  /** @returns undefined when it was refused */
  redo(): Promise<EditReceipt | undefined> {
    return this.#matters.try('history', () => this.#options.engine.api.redo());
  }

  async rename(name: string): Promise<void> {
    const plan = (document: ShowDocument): Edit | undefined => (document.name === name ? undefined : renaming(name));
    await this.#matters.try('name', () => this.#options.engine.change({ plan }));
  }

  async changeSettings(change: Partial<ShowSettings>): Promise<void> {
    const plan = ({ settings: before }: ShowDocument): Edit | undefined => {
      const settings = { ...before, ...change };
      if (isSame(settings, before)) return undefined;
      return { label: 'change the show’s settings', steps: [{ do: 'settings', settings }] };
    };
    await this.#matters.try('settings', () => this.#options.engine.change({ plan }));
  }

  /** The menu of the desktop window, and files opened from the desktop. The engine's own news are the frame's. */
  async obey(command: ShellCommand): Promise<void> {
    switch (command.type) {
      case 'new':
        this.newShow();
        return;
      case 'open':
        return this.open();
      case 'open-path':
        return this.want({ to: 'open', ref: { path: command.path }, name: fileName(command.path) });
      case 'save':
        return this.save();
      case 'save-as':
        return this.saveAs();
      case 'undo':
        await this.undo();
        return;
      case 'redo':
        await this.redo();
        return;
      case 'engine':
        return;
      default:
        return command satisfies never;
    }
  }

  #ask(question: Question): void {
    this.asking.ask(question);
    this.#options.goToShow();
  }

  /** The path was picked for the show that was on the table when the dialog came up. */
  async #pickPath(shell: ShellApi): Promise<string | undefined> {
    const { engine } = this.#options;
    const { documentTurn: turn } = engine;
    const path = await shell.pickShowToSave(engine.document.name);
    if (path !== undefined && engine.documentTurn !== turn) {
      throw new InputError('changed-meanwhile', 'Another show took the table meanwhile. Nothing was saved.');
    }
    return path;
  }

  async #saveTo(ref: ShowRef, { overwrite }: { overwrite: boolean }): Promise<void> {
    if (this.busy !== undefined) return;
    const asked = this.asking.take();
    await this.#matters.try('save', async () => {
      try {
        return await this.#nameAndSave(ref, overwrite);
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'show-exists')) {
          this.asking.giveBack(asked);
          throw error;
        }
        this.#ask({ ask: 'replace', ref, name: 'name' in ref ? ref.name : fileName(ref.path) });
        return undefined;
      }
    });
    await this.#afterwards();
  }

  async #nameAndSave(ref: ShowRef, overwrite: boolean): Promise<ShowState> {
    const { engine } = this.#options;
    const takeNameBack = await nameAfterFirstFile(engine, ref);
    try {
      return await engine.api.saveShowAs({ to: ref, overwrite, basedOn: engine.revision });
    } catch (error) {
      await takeNameBack();
      throw error;
    }
  }

  /** A wish that waited for the save, once that is done. While the save itself asks, it waits on; a save that was
   *  refused gives the question back, so that a later save does not open another show unasked. */
  async #afterwards(): Promise<void> {
    const after = this.#afterSave;
    if (!after || this.question) return;
    this.#afterSave = undefined;
    if (after.turn !== this.#options.engine.documentTurn) return;
    if (this.#matters.refused) this.asking.ask({ ask: 'unsaved', wish: after.wish });
    else await this.#carryOut(after.wish);
  }

  async #carryOut(wish: Wish): Promise<void> {
    const { engine } = this.#options;
    this.asking.take();
    const done = await this.#matters.try(wish.to, () => carryOut(engine.api, wish));
    if (done) engine.firstStart = false;
  }
}
