import { parentPort, workerData } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import { AppError, BugError, messageOf, toWireError } from '../contract/errors.ts';
import { z } from '../contract/zod.ts';
import { DiskShowStore } from '../platform/disk-show-store.ts';
import { storeCalls, type StoreAnswer, type StoreCalls } from '../platform/worker-show-store.ts';

// The entry of the thread that waits for disks, so that the router's thread never does. Its other end is
// platform/worker-show-store.ts.

const port = parentPort;
if (!port) throw new BugError('The show store is started as a worker thread.');
const store = new DiskShowStore(
  z.object({ shows: z.string(), working: z.string(), backups: z.string() }).parse(workerData),
);

createBirpc<object, StoreCalls>(
  Object.assign(
    Object.create(null) as object,
    Object.fromEntries(storeCalls.map((name) => [name, answering(name)])),
  ) as StoreCalls,
  {
    post: (message) => {
      port.postMessage(message);
    },
    on: (receive) => port.on('message', receive),
  },
);

function answering(name: (typeof storeCalls)[number]): (...args: never[]) => Promise<StoreAnswer> {
  const call = store[name].bind(store) as (...args: never[]) => Promise<unknown>;
  return async (...args) => {
    try {
      return { value: await call(...args) };
    } catch (error) {
      // A bug's own words belong in the engine's log, where this thread has none.
      return { error: toWireError(error instanceof AppError ? error : new BugError(messageOf(error))) };
    }
  };
}
