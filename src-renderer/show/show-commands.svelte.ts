import type { BackupEntry, ShowRef, ShowState } from '../../src-main/contract/engine-api.ts';
import { AppError, messageOf } from '../../src-main/contract/errors.ts';
import type { ShellApi, ShellCommand } from '../../src-main/contract/shell-api.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import type { ShowSettings } from '../../src-main/contract/show.ts';
import { nameOfFirstFile } from './name-of-first-file.ts';
import { fileName } from './show-words.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';

/** Another document on the table: what the operator asked for, and may have to be asked about first. */
export type Wish =
  | { readonly to: 'open'; readonly ref: ShowRef; readonly name: string }
  | { readonly to: 'new'; readonly name: string }
  | { readonly to: 'demo' }
  | { readonly to: 'restore'; readonly backup: BackupEntry };

/** What the page asks, in place, before it goes on. */
export type Question =
  | { readonly ask: 'name'; readonly of: 'new' | 'save-as'; readonly suggestion: string }
  | { readonly ask: 'unsaved'; readonly wish: Wish }
  | { readonly ask: 'restore'; readonly backup: BackupEntry }
  | { readonly ask: 'replace'; readonly ref: ShowRef; readonly name: string };

/** What an answer or a refusal belongs to. */
export type Matter = 'save' | 'open' | 'new' | 'demo' | 'restore' | 'history' | 'name' | 'settings';

/** Never turned away, or a save under way would lose them: the engine takes them in order. */
const editMatters: ReadonlySet<Matter> = new Set(['history', 'name', 'settings']);

interface ShowCommandsOptions {
  readonly engine: Pick<EngineState, 'api' | 'show' | 'document' | 'edit' | 'firstStart'>;
  /** undefined in a browser, where shows are named and never picked by path */
  readonly shell: ShellApi | undefined;
  /** brings the Show page up: a question or a refusal waits there */
  readonly goToShow: () => void;
}

/** New, open, save, save as, undo: from keys, menu and page alike. One show command at a time, and any edit beside
 *  it; each refusal stays at its place until the next try. */
export class ShowCommands {
  question = $state.raw<Question | undefined>();
  /** what is under way */
  busy = $state<Matter | undefined>();
  /** counts up when the list of shows is asked for where no dialog can be opened */
  listWanted = $state(0);
  #problem = $state.raw<{ readonly matter: Matter; readonly sentence: string } | undefined>();

  readonly #options: ShowCommandsOptions;
  /** carried out once the show on the table is saved */
  #afterSave: Wish | undefined;

  constructor(options: ShowCommandsOptions) {
    this.#options = options;
  }

  /** The sentence of the last refusal, when it was about this. */
  problemOf(matter: Matter): string | undefined {
    return this.#problem?.matter === matter ? this.#problem.sentence : undefined;
  }

  async save(): Promise<void> {
    if (this.#options.engine.show.file === null) return this.saveAs();
    await this.#try('save', () => this.#options.engine.api.saveShow());
    await this.#afterwards();
  }

  async saveAs(): Promise<void> {
    const { shell, engine, goToShow } = this.#options;
    if (!shell) {
      this.question = { ask: 'name', of: 'save-as', suggestion: engine.document.name };
      goToShow();
      return;
    }
    const path = await this.#try('save', () => shell.pickShowToSave(engine.document.name));
    if (path === undefined) this.#afterSave = undefined;
    // The dialog asked already whether to replace what is there.
    else await this.#saveTo({ path }, { overwrite: true });
  }

  newShow(): void {
    this.#afterSave = undefined;
    this.question = { ask: 'name', of: 'new', suggestion: 'New show' };
    this.#options.goToShow();
  }

  async open(): Promise<void> {
    const { shell, goToShow } = this.#options;
    if (!shell) {
      goToShow();
      this.listWanted++;
      return;
    }
    const path = await this.#try('open', () => shell.pickShowToOpen());
    if (path !== undefined) await this.want({ to: 'open', ref: { path }, name: fileName(path) });
  }

  /** Carries the wish out, or asks first while edits are not in the file. Going back to a backup is always asked. */
  async want(wish: Wish): Promise<void> {
    const { show } = this.#options.engine;
    this.#afterSave = undefined;
    if (wish.to === 'restore') this.question = { ask: 'restore', backup: wish.backup };
    else if (show.unsaved) this.question = { ask: 'unsaved', wish };
    else return this.#carryOut(wish);
    this.#options.goToShow();
  }

  /** The answer to `name`. */
  async answerName(name: string): Promise<void> {
    const { question } = this;
    if (question?.ask !== 'name') return;
    if (question.of === 'save-as') await this.#saveTo({ name }, { overwrite: false });
    else {
      this.question = undefined;
      await this.want({ to: 'new', name });
    }
  }

  /** The yes to `replace` and `restore`, and "without saving" to `unsaved`. */
  async goAhead(): Promise<void> {
    const { question } = this;
    this.question = undefined;
    if (question?.ask === 'replace') await this.#saveTo(question.ref, { overwrite: true });
    if (question?.ask === 'restore') await this.#carryOut({ to: 'restore', backup: question.backup });
    if (question?.ask === 'unsaved') await this.#carryOut(question.wish);
  }

  /** "Save first" to `unsaved`. */
  async saveFirst(): Promise<void> {
    if (this.question?.ask !== 'unsaved') return;
    this.#afterSave = this.question.wish;
    this.question = undefined;
    await this.save();
  }

  /** Nothing is changed. */
  cancel(): void {
    this.question = undefined;
    this.#afterSave = undefined;
    this.#problem = undefined;
  }

  async undo(): Promise<void> {
    await this.#try('history', () => this.#options.engine.api.undo());
  }

  async redo(): Promise<void> {
    await this.#try('history', () => this.#options.engine.api.redo());
  }

  async rename(name: string): Promise<void> {
    await this.#try('name', () => this.#options.engine.edit(renaming(name)));
  }

  async changeSettings(change: Partial<ShowSettings>): Promise<void> {
    const settings = { ...this.#options.engine.document.settings, ...change };
    const edit = { label: 'change the show’s settings', steps: [{ do: 'settings' as const, settings }] };
    await this.#try('settings', () => this.#options.engine.edit(edit));
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
        return this.undo();
      case 'redo':
        return this.redo();
      case 'engine':
        return;
      default:
        return command satisfies never;
    }
  }

  async #saveTo(ref: ShowRef, { overwrite }: { overwrite: boolean }): Promise<void> {
    const ask = this.question;
    this.question = undefined;
    await this.#try('save', async () => {
      try {
        await this.#nameAfter(ref);
        return await this.#options.engine.api.saveShowAs({ to: ref, overwrite });
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'show-exists')) {
          this.question = ask;
          throw error;
        }
        this.question = { ask: 'replace', ref, name: 'name' in ref ? ref.name : fileName(ref.path) };
        this.#options.goToShow();
        return undefined;
      }
    });
    await this.#afterwards();
  }

  /** A show that was never named takes the name of its first file. */
  async #nameAfter(ref: ShowRef): Promise<void> {
    const { engine } = this.#options;
    const name = engine.show.file === null ? nameOfFirstFile(engine.document, ref) : undefined;
    if (name !== undefined) await engine.edit(renaming(name));
  }

  /** A wish that waited for the save, once that is done. While the save itself asks, it waits on; a save that was
   *  refused gives the question back, so that a later save does not open another show unasked. */
  async #afterwards(): Promise<void> {
    const wish = this.#afterSave;
    if (!wish || this.question) return;
    this.#afterSave = undefined;
    if (this.#problem) this.question = { ask: 'unsaved', wish };
    else await this.#carryOut(wish);
  }

  async #carryOut(wish: Wish): Promise<void> {
    const { engine } = this.#options;
    const done = await this.#try(wish.to, () => carryOut(engine.api, wish));
    if (done) engine.firstStart = false;
  }

  async #try<T>(matter: Matter, run: () => Promise<T>): Promise<T | undefined> {
    const isEdit = editMatters.has(matter);
    if (!isEdit && this.busy !== undefined) return undefined;
    if (!isEdit) this.busy = matter;
    this.#problem = undefined;
    try {
      return await run();
    } catch (error) {
      this.#problem = { matter, sentence: messageOf(error) };
      if (matter !== 'history') this.#options.goToShow();
      return undefined;
    } finally {
      if (!isEdit) this.busy = undefined;
    }
  }
}

function renaming(name: string): Edit {
  return { label: `rename the show to ${name}`.slice(0, 120), steps: [{ do: 'rename', name }] };
}

function carryOut(api: EngineState['api'], wish: Wish): Promise<ShowState> {
  switch (wish.to) {
    case 'open':
      return api.openShow(wish.ref);
    case 'new':
      return api.newShow({ name: wish.name });
    case 'demo':
      return api.openDemo();
    case 'restore':
      return api.restoreBackup({ id: wish.backup.id });
    default:
      return wish satisfies never;
  }
}
