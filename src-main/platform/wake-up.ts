import { Worker } from 'node:worker_threads';
import { messageOf } from '../contract/errors.ts';
import type { Log } from '../ports/log.ts';

/** As the target, it tells the thread to end. */
export const endTarget = -1n;

/** What the thread and its owner share: `turns` changes whenever `target` did. */
export interface WakeUpMemory {
  readonly turns: Int32Array<SharedArrayBuffer>;
  /** when to call next, in ns of `process.hrtime`, which all threads share; 0: not at all */
  readonly target: BigInt64Array<SharedArrayBuffer>;
}

export function wakeUpMemory(shared: SharedArrayBuffer): WakeUpMemory {
  return { turns: new Int32Array(shared, 8, 1), target: new BigInt64Array(shared, 0, 1) };
}

/** A thread that sleeps until an instant, to some 0.1 ms, and then calls. */
export interface WakeUp {
  /** Takes the place of the instant before. @param ns of `process.hrtime` */
  set(ns: bigint): void;
  close(): Promise<void>;
}

export interface WakeUpOptions {
  /** the worker's entry: `out/main/wake-up-worker.js`, or the source in tests */
  readonly worker: string | URL;
  readonly log: Log;
  /** the instant has come, or one that was set before it */
  readonly onWake: () => void;
}

/** Should the thread die it is said, and nobody is called any more. It keeps no process alive. */
export function startWakeUp({ worker: entry, log, onWake }: WakeUpOptions): WakeUp {
  const shared = new SharedArrayBuffer(16);
  const { turns, target } = wakeUpMemory(shared);
  const resourceLimits = { maxYoungGenerationSizeMb: 1 };
  const worker = new Worker(entry, { workerData: shared, name: 'wake-up', resourceLimits });
  worker.unref();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('message', onWake);
  worker.on('error', (error) => {
    log.warn('a thread failed: scheduled bundles are up to a millisecond less exact', {
      thread: 'wake-up',
      reason: messageOf(error),
    });
  });
  return {
    set,
    close: async () => {
      // A thread that is terminated while others start can take the process with it; this one ends by itself.
      worker.ref();
      set(endTarget);
      await exited;
    },
  };

  function set(ns: bigint): void {
    Atomics.store(target, 0, ns);
    Atomics.add(turns, 0, 1);
    Atomics.notify(turns, 0);
  }
}
