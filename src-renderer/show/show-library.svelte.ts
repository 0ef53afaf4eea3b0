import type { BackupEntry, ShowListing } from '../../src-main/contract/engine-api.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';

/** The shows and backups there are, as last read; it outlives the page that shows them. */
export class ShowLibrary {
  listing = $state.raw<ShowListing>({ inDataFolder: [], recent: [] });
  /** newest first */
  backups = $state.raw<readonly BackupEntry[]>([]);
  /** whether the list was ever read: an empty one says nothing before */
  showsKnown = $state(false);
  backupsKnown = $state(false);
  showsProblem = $state('');
  backupsProblem = $state('');

  /** Reads both lists again; one that cannot be read keeps what it held and says why. */
  async read(engine: Pick<EngineState, 'api'>): Promise<void> {
    await Promise.all([this.#readShows(engine), this.#readBackups(engine)]);
  }

  async #readShows(engine: Pick<EngineState, 'api'>): Promise<void> {
    try {
      this.listing = await engine.api.listShows();
      this.showsKnown = true;
      this.showsProblem = '';
    } catch (error) {
      this.showsProblem = messageOf(error);
    }
  }

  async #readBackups(engine: Pick<EngineState, 'api'>): Promise<void> {
    try {
      const backups = await engine.api.listBackups();
      this.backups = backups.toSorted((left, right) => right.madeAt - left.madeAt);
      this.backupsKnown = true;
      this.backupsProblem = '';
    } catch (error) {
      this.backupsProblem = messageOf(error);
    }
  }
}
