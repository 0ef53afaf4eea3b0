import { Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { fromWireError, messageOf, UnavailableError, type WireError } from '../contract/errors.ts';
import type { Log } from '../ports/log.ts';
import type { ShowStore } from '../ports/show-store.ts';
import type { DataPaths } from './data-paths.ts';

/** Every method of the store, as named between the two threads. */
export const storeCalls = [
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

/** What crosses the threads in place of a promise that settles; a thrown error would lose its code on the way. */
export type StoreAnswer = { readonly value: unknown } | { readonly error: WireError };
export type StoreCalls = {
  readonly [C in keyof ShowStore]: (...args: Parameters<ShowStore[C]>) => Promise<StoreAnswer>;
};

/** How long `close` waits for what runs. */
const closeWithinMs = 800;

export interface WorkerShowStoreOptions {
  /** the worker's entry: `out/main/show-store-worker.js`, or the source in tests */
  readonly worker: string | URL;
  readonly paths: Pick<DataPaths, 'shows' | 'working' | 'backups'>;
  readonly log: Log;
}

/** The store in a thread of its own. Should that thread die, every call rejects from then on, and what was acknowledged
 *  before is on the disk. */
export function createWorkerShowStore({ worker: entry, paths, log }: WorkerShowStoreOptions): ShowStore {
  const { shows, working, backups } = paths;
  const worker = new Worker(entry, { workerData: { shows, working, backups }, name: 'show-store' });
  let ended: UnavailableError | undefined;
  const rpc = createBirpc<StoreCalls, object>(
    {},
    {
      post: (message) => {
        worker.postMessage(message);
      },
      on: (receive) => worker.on('message', receive),
      // A slow share may take minutes; whoever cannot wait that long decides so by itself.
      timeout: -1,
    },
  );
  worker.on('error', (error) => {
    log.error('show store failed', { reason: messageOf(error) });
  });
  worker.on('exit', () => {
    ended ??= new UnavailableError(
      'cannot-write-file',
      'The part of Flyrail that keeps shows has stopped. Restart Flyrail.',
    );
    rpc.$close(ended);
  });

  const table = storeCalls.map((name) => [name, (...args: unknown[]) => call(name, args)] as const);
  return { ...(Object.fromEntries(table) as unknown as ShowStore), close };

  async function call(name: keyof ShowStore, args: unknown[]): Promise<unknown> {
    if (ended) throw ended;
    const answer = (await rpc.$callRaw({ method: name, args })) as unknown as StoreAnswer;
    if ('error' in answer) throw fromWireError(answer.error);
    return answer.value;
  }

  async function close(): Promise<void> {
    if (ended) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeWithinMs)));
    // A share that hangs would hold the thread for ever; the working copy does not need an orderly end.
    await Promise.race([call('close', []), late]);
    ended = new UnavailableError('cannot-write-file', 'The show store was closed.');
    await Promise.race([worker.terminate(), late]);
    clearTimeout(timer);
  }
}
