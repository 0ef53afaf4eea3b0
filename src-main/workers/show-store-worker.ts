import { parentPort, workerData } from 'node:worker_threads';
import { BugError } from '../contract/errors.ts';
import { z } from '../contract/zod.ts';
import { DiskShowStore } from '../platform/disk-show-store.ts';
import { answerCalls } from '../platform/worker-calls.ts';
import { showStoreCalls } from '../platform/worker-show-store.ts';

// The entry of the thread that waits for disks, so that the router's thread never does. Its other end is
// platform/worker-show-store.ts.

if (!parentPort) throw new BugError('The show store is started as a worker thread.');
const paths = z.object({ shows: z.string(), working: z.string(), backups: z.string() }).parse(workerData);
answerCalls(parentPort, new DiskShowStore(paths), showStoreCalls);
