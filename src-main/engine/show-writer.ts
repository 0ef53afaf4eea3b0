import type { ShowState } from '../contract/engine-api.ts';
import { messageOf } from '../contract/errors.ts';
import { microsToMillis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SaveRequest, ShowStore } from '../ports/show-store.ts';
import { Autosave } from './autosave.ts';
import type { CommandOrder } from './command-order.ts';
import type { ShowTable } from './show-table.ts';

export interface ShowWriterOptions {
  readonly store: Pick<ShowStore, 'save'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly table: ShowTable;
  readonly order: CommandOrder;
}

export type WriteRequest = Pick<SaveRequest, 'to' | 'overwrite'>;

/** Autosave keeps at most one backup in this time. */
export const autosaveBackupEveryMs = 60_000;

/** Writes the show on the table to its file, when told to and by itself. */
export class ShowWriter {
  readonly #options: ShowWriterOptions;
  readonly #autosave: Autosave;
  #autosaveBackupAt = 0;

  constructor(options: ShowWriterOptions) {
    this.#options = options;
    this.#autosave = new Autosave(options.clock, () => this.saveByItself());
  }

  /** @param request made when its turn comes */
  write(request: () => WriteRequest): Promise<ShowState> {
    const { order } = this.#options;
    return order.writeFile(() => this.#save({ ...request(), onlyIfUnchanged: false, backup: true }));
  }

  /** Begins the quiet before an autosave anew, where there is something to save. */
  touch(): void {
    this.#autosave.touch(this.#options.table.autosaveSeconds);
  }

  stop(): void {
    this.#autosave.stop();
  }

  /** Saves what is not saved, where the show wants that; never rejects.
   *  @returns 'again' when it failed; why stands in the state of the show */
  async saveByItself(): Promise<'done' | 'again'> {
    const { table, log, order } = this.#options;
    const before = table.state().saveProblem;
    try {
      await order.writeFile(() => this.#autosaveNow());
      return 'done';
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== before) log.warn('autosave failed, it is tried again', { reason });
      return 'again';
    }
  }

  async #autosaveNow(): Promise<void> {
    const { table, clock } = this.#options;
    if (!table.saved || table.autosaveSeconds === 0) return;
    const at = microsToMillis(clock.nowMicros());
    const backup = at - this.#autosaveBackupAt >= autosaveBackupEveryMs;
    try {
      await this.#save({ to: table.saved.ref, overwrite: true, onlyIfUnchanged: true, backup });
      if (backup) this.#autosaveBackupAt = at;
    } catch (error) {
      // Here, in its turn, so that it cannot be noted of a show that was opened since.
      table.noteSaveProblem(messageOf(error));
      throw error;
    }
  }

  async #save(request: Omit<SaveRequest, 'at' | 'backupsKeep'>): Promise<ShowState> {
    const { store, clock, log, table } = this.#options;
    const { backupsKeep } = table.document.settings;
    const at = microsToMillis(clock.nowMicros());
    const { backupProblem, ...saved } = await store.save({ ...request, at, backupsKeep });
    if (backupProblem !== undefined)
      log.warn('the show is saved, but its file before is not among the backups', { reason: backupProblem });
    table.noteSaved(saved);
    this.touch();
    return table.state();
  }
}
