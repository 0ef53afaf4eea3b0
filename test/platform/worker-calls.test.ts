import { expect, it } from 'vitest';
import { callWorker } from '../../src-main/platform/worker-calls.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';

/** A thread with this store, which is JavaScript; `workerData` is known to it. */
function openThread(store: string, workerData: unknown = {}) {
  const answerCalls = new URL('../../src-main/platform/worker-calls.ts', import.meta.url).href;
  const script = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { answerCalls } = await import(${JSON.stringify(answerCalls)});
    answerCalls(parentPort, ${store}, ['wait', 'close']);
  `;
  return callWorker<{ wait(): Promise<void>; close(): Promise<void> }>({
    entry: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
    name: 'test store',
    calls: ['wait', 'close'],
    workerData,
    goneMessage: 'It is gone.',
    log: silentLog,
  });
}

it('[SF12] a thread ends although its store refuses to close', async () => {
  const store = openThread(`((calls) => ({
    wait: async () => calls++ === 0 || new Promise(() => {}),
    close: () => Promise.reject(new Error('No.')),
  }))(0)`);
  // A thread that has not begun by then would be left to itself.
  await store.wait();
  const waiting = store.wait();
  const [closed, waited] = await Promise.allSettled([store.close(), waiting]);
  expect(closed).toMatchObject({ reason: { message: 'No.' } });
  // What waits is answered when the thread has ended, and only then.
  expect(waited).toMatchObject({ reason: { code: 'cannot-write-file', message: 'The test store was closed.' } });
  await expect(store.wait()).rejects.toThrow('The test store was closed.');
});

it('[JR50] a thread that is late is left to end by itself, never torn from what it does', async () => {
  const at = { isWaiting: 0, mayGoOn: 1, isDone: 2 };
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const hang = `(Atomics.store(workerData, ${at.isWaiting}, 1), Atomics.wait(workerData, ${at.mayGoOn}, 0))`;
  const store = openThread(
    `{ wait: async () => {}, close: async () => { ${hang}; Atomics.store(workerData, ${at.isDone}, 1); } }`,
    shared,
  );
  await store.wait();
  await store.close();
  await expect(store.wait()).rejects.toThrow('The test store was closed.');
  expect([...shared]).toEqual([1, 0, 0]);
  Atomics.store(shared, at.mayGoOn, 1);
  Atomics.notify(shared, at.mayGoOn);
  await until('the end of its work', () => Atomics.load(shared, at.isDone) === 1);
});
