import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { BugError } from '../contract/errors.ts';
import { endTarget, wakeUpMemory } from '../platform/wake-up.ts';

// The entry of the thread that wakes the router for scheduled bundles. Its other end is platform/wake-up.ts. It waits without
// a turn of its event loop, so nothing else may be asked of it.

if (!parentPort) throw new BugError('The wake-up is started as a worker thread.');
const { turns, target } = wakeUpMemory(workerData as SharedArrayBuffer);
for (;;) {
  // In this order: a target that changes after it was read changes `turns` after that was read, and the wait ends at once.
  const turn = Atomics.load(turns, 0);
  const at = Atomics.load(target, 0);
  if (at === endTarget) break;
  const waitNs = at === 0n ? undefined : at - process.hrtime.bigint();
  if (waitNs === undefined) Atomics.wait(turns, 0, turn);
  else if (waitNs > 0n) Atomics.wait(turns, 0, turn, Number(waitNs) / 1e6);
  else if (Atomics.compareExchange(target, 0, at, 0n) === at) parentPort.postMessage(null);
}
