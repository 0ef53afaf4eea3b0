import { expect, it } from 'vitest';
import { callWorker } from '../../src-main/platform/worker-calls.ts';
import { silentLog } from '../silent-log.ts';

/** A thread that answers every call but `wait` with a refusal, in birpc's own words. */
const refusing = `
  import { parentPort } from 'node:worker_threads';
  const error = { kind: 'limit', code: 'too-many-items', message: 'No.' };
  parentPort.on('message', ({ i, m }) => m === 'wait' || parentPort.postMessage({ t: 's', i, r: { error } }));
`;

it('[SF12] a thread ends although its store refuses to close', { timeout: 30_000 }, async () => {
  const store = callWorker<{ wait(): Promise<void>; close(): Promise<void> }>({
    entry: new URL(`data:text/javascript,${encodeURIComponent(refusing)}`),
    name: 'test store',
    calls: ['wait', 'close'],
    workerData: {},
    goneMessage: 'It is gone.',
    log: silentLog,
  });
  const waiting = store.wait();
  const [closed, waited] = await Promise.allSettled([store.close(), waiting]);
  expect(closed).toMatchObject({ reason: { code: 'too-many-items' } });
  // What waits is answered when the thread has ended, and only then.
  expect(waited).toMatchObject({ reason: { code: 'cannot-write-file', message: 'The test store was closed.' } });
  await expect(store.wait()).rejects.toThrow('The test store was closed.');
});
