import type { BackupEntry, EditReceipt, ShowListing, ShowRef, ShowState } from '../contract/engine-api.ts';
import { InputError, messageOf } from '../contract/errors.ts';
import type { Edit } from '../contract/show-edit.ts';
import { showRefText } from '../contract/show-ref.ts';
import { emptyShow, type ShowDocument } from '../contract/show.ts';
import { microsToMillis, millis, type Millis } from '../contract/units.ts';
import { settleWithin } from '../core/retry/settle-within.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import type { EventHub } from './event-hub.ts';
import { rememberShow } from './recent-shows.ts';
import { SerialQueue } from './serial-queue.ts';
import { startShow, type StartedShow, type StartOptions } from './show-start.ts';
import { ShowTable, type ShowTableOptions } from './show-table.ts';
import { ShowWriter } from './show-writer.ts';

export interface ShowSessionOptions extends StartOptions, Pick<ShowTableOptions, 'checkEdit'> {
  readonly settings: EngineSettingsStore;
  readonly clock: Clock;
  /** hears 'edited', 'document' and 'show' */
  readonly hub: Pick<EventHub, 'emit'>;
  readonly readDemo: () => Promise<ShowDocument>;
}

/** Commands that may wait at once; a slow disk sheds the rest with 'too-many-items'. */
export const commandsWaitingMax = 1_000;
/** How long `close` waits for the disk; the working copy has everything anyway. */
export const closeWithinMs = 1_500;

/** Opens what is on the table at start, see `startShow`.
 *  @throws InputError | UnavailableError when the wanted show cannot be opened */
export async function createShowSession(options: ShowSessionOptions): Promise<ShowSession> {
  const started = await startShow(options);
  const session = new ShowSession(options, started);
  if (started.open) await session.openShow(started.open);
  return session;
}

/** The show on the table: its edits with undo and redo, its file, its backups. A command is answered when it is on the
 *  disk; one that is refused changes nothing. Commands happen one after the other, in the order they came; only the
 *  writing of a file goes on beside later edits, so that a slow stick does not hold up the operator. */
export class ShowSession {
  readonly #options: ShowSessionOptions;
  readonly #commands = new SerialQueue(commandsWaitingMax);
  readonly #saves = new SerialQueue(commandsWaitingMax);
  readonly #table: ShowTable;
  readonly #writer: ShowWriter;
  /** the revision that the show on the table began with; 0 for the one that was there at the start */
  #laidAt = 0;

  constructor(options: ShowSessionOptions, { working, saveProblem }: StartedShow) {
    this.#options = options;
    this.#table = new ShowTable(options, working, saveProblem);
    this.#writer = new ShowWriter({
      store: options.store,
      clock: options.clock,
      log: options.log,
      table: this.#table,
      commands: this.#commands,
      saves: this.#saves,
    });
    this.#writer.touch();
  }

  /** never changed in place: another document is another object */
  get document(): ShowDocument {
    return this.#table.document;
  }

  /** counts every change of the document, over restarts too */
  get revision(): number {
    return this.#table.revision;
  }

  /** whether nothing was ever opened, saved or edited in this data folder */
  get firstStart(): boolean {
    return this.#table.revision === 0 && this.#table.saved === null;
  }

  state(): ShowState {
    return this.#table.state();
  }

  /** @param edit checked against `editSchema`
   *  @param basedOn the revision it was made from; absent where it goes over everything
   *  @throws what `applyEdit` and `checkEdit` refuse, UnavailableError 'cannot-write-file', LimitError 'too-many-items'
   *  @throws InputError 'changed-meanwhile' */
  edit(edit: Edit, basedOn?: number): Promise<EditReceipt> {
    return this.#change(() => {
      this.#assertSameShow(basedOn, 'changed');
      return this.#table.edit(edit, basedOn);
    });
  }

  /** @throws InputError 'nothing-to-undo' */
  undo(): Promise<EditReceipt> {
    return this.#change(() => this.#table.undo());
  }

  /** @throws InputError 'nothing-to-redo' */
  redo(): Promise<EditReceipt> {
    return this.#change(() => this.#table.redo());
  }

  newShow(name: string): Promise<ShowState> {
    return this.#alone(async () => {
      await this.#keepUnsaved();
      return this.#lay(emptyShow(this.#options.random.uuid(), name), () => null);
    });
  }

  /** What was not saved of the show before is kept as a backup.
   *  @throws InputError 'not-a-show' | 'show-newer' | 'show-damaged'
   *  @throws UnavailableError 'cannot-read-file' */
  openShow(ref: ShowRef): Promise<ShowState> {
    return this.#alone(async () => {
      const { store, log } = this.#options;
      const { document, openElsewhere, ...file } = await store.read(ref);
      const name = showRefText(file.ref);
      if (openElsewhere) log.warn('the show is open in another Flyrail too', { file: name, ...openElsewhere });
      await this.#keepUnsaved();
      const savedAs = { ref: file.ref, mark: file.mark, at: file.modifiedAt };
      const state = await this.#lay(document, (cursor) => ({ ...savedAs, cursor }));
      await this.#keepOpened();
      await this.#remember(file.ref);
      return state;
    });
  }

  /** Opens the demo as a show without a file. */
  openDemo(): Promise<ShowState> {
    return this.#alone(async () => {
      const document = await this.#options.readDemo();
      await this.#keepUnsaved();
      return this.#lay(document, () => null);
    });
  }

  /** @throws InputError 'show-has-no-file', UnavailableError 'cannot-write-file' */
  save(): Promise<ShowState> {
    return this.#writer.write(() => {
      const { saved } = this.#table;
      if (!saved) throw new InputError('show-has-no-file', 'The show has no file yet. Save it under a name first.');
      return { to: saved.ref, overwrite: true };
    });
  }

  /** @param basedOn the newest revision known to who asks: a show that took the table since is not the one that is meant
   *  @throws InputError 'show-exists' unless `overwrite`, InputError 'changed-meanwhile'
   *  @throws UnavailableError 'cannot-write-file' */
  async saveAs(to: ShowRef, overwrite: boolean, basedOn?: number): Promise<ShowState> {
    const state = await this.#writer.write(() => {
      this.#assertSameShow(basedOn, 'saved');
      return { to, overwrite };
    });
    if (this.#table.saved) await this.#remember(this.#table.saved.ref);
    return state;
  }

  listShows(): Promise<ShowListing> {
    return this.#options.store.list(this.#options.settings.current().recentShows);
  }

  listBackups(): Promise<readonly BackupEntry[]> {
    return this.#options.store.listBackups();
  }

  /** Puts a backup on the table; what was there is kept as a backup first. A backup of this show goes on with its file,
   *  one of another show has none. The file changes with the next save.
   *  @throws InputError 'unknown-id' | 'show-damaged' */
  restoreBackup(id: string): Promise<ShowState> {
    return this.#alone(async () => {
      const document = await this.#options.store.readBackup(id);
      await this.#keepWorking();
      const saved = document.id === this.document.id ? this.#table.saved : null;
      const state = await this.#lay(document, () => saved);
      this.#writer.touch();
      return state;
    });
  }

  /** Saves, where the show has a file and saves by itself, and lets go of the store; waits `closeWithinMs` at most. */
  async close(): Promise<void> {
    this.#writer.stop();
    const { clock, log } = this.#options;
    if (!(await settleWithin(clock, millis(closeWithinMs), this.#finish())))
      log.warn('the disk did not answer in time, the working copy has all edits');
  }

  #assertSameShow(basedOn: number | undefined, nothingWas: 'changed' | 'saved'): void {
    if (basedOn === undefined || basedOn >= this.#laidAt) return;
    throw new InputError('changed-meanwhile', `Another show took the table meanwhile. Nothing was ${nothingWas}.`);
  }

  async #lay(...[document, savedAs]: Parameters<ShowTable['lay']>): Promise<ShowState> {
    const state = await this.#table.lay(document, savedAs);
    this.#laidAt = this.#table.revision;
    return state;
  }

  #now(): Millis {
    return microsToMillis(this.#options.clock.nowMicros());
  }

  #change(task: () => Promise<EditReceipt>): Promise<EditReceipt> {
    return this.#commands.run(async () => {
      const receipt = await task();
      this.#writer.touch();
      return receipt;
    });
  }

  /** A command that no file may be written beside. */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    return this.#commands.run(() => this.#saves.run(task));
  }

  /** What was acknowledged outlives the show that takes the table. An untouched demo or restored backup may be kept once
   *  more than needed; equal backups are kept once. */
  async #keepUnsaved(): Promise<void> {
    const { bridges, groups, mappings } = this.document;
    const empty = bridges.length + groups.length + mappings.length === 0;
    if (this.#table.unsaved || (!this.#table.saved && !empty)) await this.#keepWorking();
  }

  #keepWorking(): Promise<void> {
    const { backupsKeep: keep } = this.document.settings;
    return this.#options.store.keepBackup({ of: 'working', at: this.#now(), keep });
  }

  /** The file as it was opened. Without it the show opens all the same: nothing is replaced yet. */
  async #keepOpened(): Promise<void> {
    try {
      const { backupsKeep: keep } = this.document.settings;
      await this.#options.store.keepBackup({ of: 'file', at: this.#now(), keep });
    } catch (error) {
      this.#options.log.warn('no backup of the opened show', { reason: messageOf(error) });
    }
  }

  #remember(ref: ShowRef): Promise<void> {
    return rememberShow(this.#options, { ref, name: this.document.name, openedAt: this.#now() });
  }

  async #finish(): Promise<void> {
    await this.#writer.saveByItself();
    try {
      await this.#alone(() => this.#options.store.close());
    } catch (error) {
      this.#options.log.warn('the show store did not close', { reason: messageOf(error) });
    }
  }
}
