import type { JournalStore } from '../ports/journal-store.ts';
import type { Log } from '../ports/log.ts';
import type { DataPaths } from './data-paths.ts';
import { callWorker } from './worker-calls.ts';

/** Every method of the store, as named between the two threads. */
export const journalStoreCalls = [
  'load',
  'append',
  'appendSignals',
  'readSignals',
  'pruneSignals',
  'close',
] as const satisfies readonly (keyof JournalStore)[];

/** What the thread is told when it starts. */
export type JournalThreadData = Pick<DataPaths, 'working'>;

export interface WorkerJournalStoreOptions {
  /** the worker's entry: `out/main/journal-worker.js`, or the source in tests */
  readonly worker: string | URL;
  readonly paths: JournalThreadData;
  readonly log: Log;
}

/** The journal in a thread of its own, see `callWorker`: its commits must not wait for a slow share that a show is saved to. */
export function createWorkerJournalStore({ worker, paths: { working }, log }: WorkerJournalStoreOptions): JournalStore {
  return callWorker<JournalStore>({
    entry: worker,
    name: 'journal',
    calls: journalStoreCalls,
    workerData: { working } satisfies JournalThreadData,
    goneMessage: 'The part of Flyrail that keeps params has stopped. Restart Flyrail.',
    log,
  });
}
