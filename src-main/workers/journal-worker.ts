import { parentPort, workerData } from 'node:worker_threads';
import { BugError } from '../contract/errors.ts';
import { z } from '../contract/zod.ts';
import { DiskJournalStore } from '../platform/disk-journal-store.ts';
import { answerCalls } from '../platform/worker-calls.ts';
import { journalStoreCalls } from '../platform/worker-journal-store.ts';

// The entry of the thread that commits params to the disk. Its other end is platform/worker-journal-store.ts.

if (!parentPort) throw new BugError('The journal is started as a worker thread.');
const paths = z.object({ working: z.string() }).parse(workerData);
answerCalls(parentPort, new DiskJournalStore(paths), journalStoreCalls);
