import type { BackupEntry, EditReceipt, ShowListing, ShowRef, ShowState } from '../contract/engine-api.ts';
import { InputError, messageOf } from '../contract/errors.ts';
import type { Edit, Once } from '../contract/show-edit.ts';
import { showRefText } from '../contract/show-ref.ts';
import { emptyShow, type ShowDocument } from '../contract/show.ts';
import { microsToMillis, millis } from '../contract/units.ts';
import { settleWithin } from '../core/retry/settle-within.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineSettingsStore } from '../ports/engine-settings.ts';
import { CommandOrder } from './command-order.ts';
import type { EventHub } from './event-hub.ts';
import { rememberShow } from './recent-shows.ts';
import { startShow, type StartedShow, type StartOptions } from './show-start.ts';
import { ShowTable, type ShowTableOptions } from './show-table.ts';
import { ShowWriter } from './show-writer.ts';
import { TableBackups } from './table-backups.ts';

export interface ShowSessionOptions extends StartOptions, Pick<ShowTableOptions, 'checkEdit'> {
  readonly settings: EngineSettingsStore;
  readonly clock: Clock;
  /** hears 'edited', 'document' and 'show' */
  readonly hub: Pick<EventHub, 'emit'>;
  readonly readDemo: () => Promise<ShowDocument>;
}

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
 *  disk; one that is refused changes nothing. */
export class ShowSession {
  readonly #options: ShowSessionOptions;
  readonly #order = new CommandOrder();
  readonly #table: ShowTable;
  readonly #writer: ShowWriter;
  readonly #backups: TableBackups;

  constructor(options: ShowSessionOptions, { working, saveProblem }: StartedShow) {
    this.#options = options;
    this.#table = new ShowTable(options, working, saveProblem);
    const { store, clock, log } = options;
    this.#writer = new ShowWriter({ store, clock, log, table: this.#table, order: this.#order });
    this.#backups = new TableBackups(options, this.#table);
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

  /** which laying of a show on the table this is, see EngineSnapshot */
  get laying(): string {
    return this.#table.laying;
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
   *  @param once see EditRequest
   *  @throws what `applyEdit` and `checkEdit` refuse, UnavailableError 'cannot-write-file', LimitError 'too-many-items'
   *  @throws InputError 'changed-meanwhile' */
  edit(edit: Edit, basedOn?: number, once?: Once): Promise<EditReceipt> {
    return this.#change(() => this.#table.edit(edit, basedOn, once));
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
    return this.#order.runAlone(async () => {
      await this.#backups.keepUnsaved();
      return this.#table.lay(emptyShow(this.#options.random.uuid(), name), () => null);
    });
  }

  /** What was not saved of the show before is kept as a backup.
   *  @throws InputError 'not-a-show' | 'show-newer' | 'show-damaged'
   *  @throws UnavailableError 'cannot-read-file' */
  openShow(ref: ShowRef): Promise<ShowState> {
    return this.#order.runAlone(async () => {
      const { store, log } = this.#options;
      const { document, openElsewhere, ...file } = await store.read(ref);
      const name = showRefText(file.ref);
      if (openElsewhere) log.warn('the show is open in another Flyrail too', { file: name, ...openElsewhere });
      await this.#backups.keepUnsaved();
      const savedAs = { ref: file.ref, mark: file.mark, at: file.modifiedAt };
      const state = await this.#table.lay(document, (cursor) => ({ ...savedAs, cursor }));
      await this.#backups.keepOpened();
      await this.#remember(file.ref);
      return state;
    });
  }

  /** Opens the demo as a show without a file. */
  openDemo(): Promise<ShowState> {
    return this.#order.runAlone(async () => {
      const document = await this.#options.readDemo();
      await this.#backups.keepUnsaved();
      return this.#table.lay(document, () => null);
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
      this.#table.assertSameShow(basedOn, 'saved');
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
    return this.#order.runAlone(async () => {
      const document = await this.#options.store.readBackup(id);
      await this.#backups.keepWorking();
      const saved = document.id === this.document.id ? this.#table.saved : null;
      const state = await this.#table.lay(document, () => saved);
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

  #change(task: () => Promise<EditReceipt>): Promise<EditReceipt> {
    return this.#order.run(async () => {
      const receipt = await task();
      this.#writer.touch();
      return receipt;
    });
  }

  #remember(ref: ShowRef): Promise<void> {
    const openedAt = microsToMillis(this.#options.clock.nowMicros());
    return rememberShow(this.#options, { ref, name: this.document.name, openedAt });
  }

  async #finish(): Promise<void> {
    await this.#writer.saveByItself();
    try {
      await this.#order.runAlone(() => this.#options.store.close());
    } catch (error) {
      this.#options.log.warn('the show store did not close', { reason: messageOf(error) });
    }
  }
}
