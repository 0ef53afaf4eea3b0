import type { Log } from '../ports/log.ts';
import type { ShowStore } from '../ports/show-store.ts';
import type { DataPaths } from './data-paths.ts';
import { callWorker } from './worker-calls.ts';

/** Every method of the store, as named between the two threads. */
export const showStoreCalls = [
  'load',
  'replace',
  'commit',
  'save',
  'read',
  'list',
  'keepBackup',
  'listBackups',
  'readBackup',
  'close',
] as const satisfies readonly (keyof ShowStore)[];

export interface WorkerShowStoreOptions {
  /** the worker's entry: `out/main/show-store-worker.js`, or the source in tests */
  readonly worker: string | URL;
  readonly paths: Pick<DataPaths, 'shows' | 'working' | 'backups'>;
  readonly log: Log;
}

/** The show store in a thread of its own, see `callWorker`. */
export function createWorkerShowStore({ worker, paths, log }: WorkerShowStoreOptions): ShowStore {
  const { shows, working, backups } = paths;
  return callWorker<ShowStore>({
    entry: worker,
    name: 'show store',
    calls: showStoreCalls,
    workerData: { shows, working, backups },
    goneMessage: 'The part of Flyrail that keeps shows has stopped. Restart Flyrail.',
    log,
  });
}
