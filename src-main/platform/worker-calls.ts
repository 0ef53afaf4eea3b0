import { Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import {
  AppError,
  BugError,
  fromWireError,
  messageOf,
  toWireError,
  UnavailableError,
  type WireError,
} from '../contract/errors.ts';
import type { Log } from '../ports/log.ts';

/** What crosses the threads in place of a promise that settles; a thrown error would lose its code on the way. */
type Answer = { readonly value: unknown } | { readonly error: WireError };
type Calls<S> = { readonly [C in keyof S]: (...args: never[]) => Promise<Answer> };
type Methods<S> = { readonly [C in keyof S]: (...args: never[]) => Promise<unknown> };

/** How long `close` waits for what runs. */
const closeWithinMs = 800;

export interface WorkerCallsOptions<S> {
  /** the worker's entry: a file of `out/main`, or the source in tests */
  readonly entry: string | URL;
  /** for the log, and the thread's name */
  readonly name: string;
  /** every method of the store, `close` among them */
  readonly calls: readonly (keyof S & string)[];
  /** given to the store in its thread */
  readonly workerData: unknown;
  /** what a caller is told when the thread has died */
  readonly goneMessage: string;
  readonly log: Log;
}

/** A store in a thread of its own. Should that thread die, every call rejects from then on with UnavailableError
 *  'cannot-write-file', and what was acknowledged before is on the disk.
 *
 *  The thread ends by itself and is never terminated: SQLite's addon ends the whole process when its thread is torn from
 *  a call, or while the addon loads. One that hangs in the system cannot be terminated anyway. */
export function callWorker<S extends Methods<S> & { close(): Promise<void> }>(options: WorkerCallsOptions<S>): S {
  const { entry, name, calls, workerData, goneMessage, log } = options;
  // A store makes little garbage; left alone, V8 would give it 16 MB for that.
  const resourceLimits = { maxYoungGenerationSizeMb: 2 };
  const worker = new Worker(entry, { workerData, name, resourceLimits });
  let ended: UnavailableError | undefined;
  let isClosing = false;
  const rpc = createBirpc<Calls<S>, object>(
    {},
    {
      post: (message) => {
        worker.postMessage(message);
      },
      on: (receive) => worker.on('message', receive),
      // A slow disk or share may take minutes; whoever cannot wait that long decides so by itself.
      timeout: -1,
    },
  );
  worker.on('error', (error) => {
    log.error('a thread failed', { thread: name, reason: messageOf(error) });
  });
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      // It may be seen before the answer of its `close`.
      ended ??= isClosing ? closed() : new UnavailableError('cannot-write-file', goneMessage);
      rpc.$close(ended);
      resolve();
    });
  });

  const table = calls.map((method) => [method, (...args: unknown[]) => call(method, args)] as const);
  return { ...(Object.fromEntries(table) as unknown as S), close };

  async function call(method: string, args: unknown[]): Promise<unknown> {
    if (ended) throw ended;
    const answer = (await rpc.$callRaw({ method, args })) as unknown as Answer;
    if ('error' in answer) throw fromWireError(answer.error);
    return answer.value;
  }

  function closed(): UnavailableError {
    return new UnavailableError('cannot-write-file', `The ${name} was closed.`);
  }

  async function close(): Promise<void> {
    if (ended) return;
    isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, closeWithinMs, 'late')));
    // A disk that hangs would hold us for ever; what was acknowledged needs no orderly end.
    try {
      await Promise.race([call('close', []), late]);
    } finally {
      ended = closed();
      if ((await Promise.race([exited, late])) === 'late') log.warn('a thread has not ended yet', { thread: name });
      clearTimeout(timer);
    }
  }
}

/** What `answerCalls` needs of a worker's `parentPort`. */
interface CallsPort {
  postMessage(message: unknown): void;
  on(event: 'message', run: (message: unknown) => void): unknown;
  close(): void;
}

/** The other end: answers the calls inside the worker. After `close`, also one that was refused, nothing is answered any
 *  more, and the thread ends with what it still has to do. */
export function answerCalls<S extends Methods<S> & { close(): Promise<void> }>(
  port: CallsPort,
  store: S,
  calls: readonly (keyof S & string)[],
): void {
  // Without a prototype, whose methods could be called too.
  const functions = Object.create(null) as Record<string, (...args: never[]) => Promise<Answer>>;
  for (const name of calls) functions[name] = answering(store, name);
  functions['close'] = async () => {
    const answer = await answering(store, 'close')();
    // The answer goes first; a port that is closed lets the thread end.
    setImmediate(() => port.close());
    return answer;
  };
  createBirpc<object, object>(functions, {
    post: (message) => {
      port.postMessage(message);
    },
    on: (receive) => port.on('message', receive),
  });
}

function answering<S extends Methods<S>>(store: S, name: keyof S): (...args: never[]) => Promise<Answer> {
  const call: (...args: never[]) => Promise<unknown> = store[name].bind(store);
  return async (...args) => {
    try {
      return { value: await call(...args) };
    } catch (error) {
      // A bug's own words belong in the engine's log, where this thread has none.
      return { error: toWireError(error instanceof AppError ? error : new BugError(messageOf(error))) };
    }
  };
}
