import { messageOf } from '../contract/errors.ts';
import { microsToMillis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { BackupRequest, ShowStore } from '../ports/show-store.ts';
import type { ShowTable } from './show-table.ts';

export interface TableBackupsOptions {
  readonly store: Pick<ShowStore, 'keepBackup'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps backups of the show on the table when another takes its place; what a save replaces is the store's own matter. */
export class TableBackups {
  readonly #options: TableBackupsOptions;
  readonly #table: Pick<ShowTable, 'document' | 'saved' | 'unsaved'>;

  constructor(options: TableBackupsOptions, table: Pick<ShowTable, 'document' | 'saved' | 'unsaved'>) {
    this.#options = options;
    this.#table = table;
  }

  /** What was acknowledged outlives the show that takes the table. An untouched demo or restored backup may be kept once
   *  more than needed; equal backups are kept once. */
  async keepUnsaved(): Promise<void> {
    const { document, saved, unsaved } = this.#table;
    const empty = document.bridges.length + document.groups.length + document.mappings.length === 0;
    if (unsaved || (!saved && !empty)) await this.keepWorking();
  }

  keepWorking(): Promise<void> {
    return this.#keep('working');
  }

  /** The file as it was opened. Without it the show opens all the same: nothing is replaced yet. */
  async keepOpened(): Promise<void> {
    try {
      await this.#keep('file');
    } catch (error) {
      this.#options.log.warn('no backup of the opened show', { reason: messageOf(error) });
    }
  }

  #keep(of: BackupRequest['of']): Promise<void> {
    const { store, clock } = this.#options;
    const { backupsKeep: keep } = this.#table.document.settings;
    return store.keepBackup({ of, at: microsToMillis(clock.nowMicros()), keep });
  }
}
