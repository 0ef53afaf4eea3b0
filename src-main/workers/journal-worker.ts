import { parentPort, workerData } from 'node:worker_threads';
import { BugError } from '../contract/errors.ts';
import { DiskJournalStore } from '../platform/disk-journal-store.ts';
import { answerCalls } from '../platform/worker-calls.ts';
import { journalStoreCalls, type JournalThreadData } from '../platform/worker-journal-store.ts';

// The entry of the thread that commits params to the disk. Its other end is platform/worker-journal-store.ts.

if (!parentPort) throw new BugError('The journal is started as a worker thread.');
answerCalls(parentPort, new DiskJournalStore(workerData as JournalThreadData), journalStoreCalls);
