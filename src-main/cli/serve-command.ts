import process from 'node:process';
import packageJson from '../../package.json' with { type: 'json' };
import type { Cancel } from '../contract/message-link.ts';
import { createEngine } from '../engine/create-engine.ts';
import { findDesktop, refuseDesktop } from '../engine/desktop-host.ts';
import { inlineMore } from '../platform/inline-more.ts';
import { createLog } from '../platform/log.ts';
import { createPreciseClock } from '../platform/precise-clock.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { createSystemRandom } from '../platform/system-random.ts';
import type { Log } from '../ports/log.ts';
import { builtFiles } from './built-files.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { parseServeFlags, type ServeFlags } from './serve-flags.ts';
import { createServeLines } from './serve-lines.ts';
import { serveUsage } from './serve-usage.ts';
import { waitForStop, type StopRequest } from './stop-signals.ts';

/** Time an orderly end may take, from the request on; then the process kills itself. */
const stopWithinMs = 2800;

/** Runs the engine until it is told to stop.
 *  @throws AppError when it cannot start: a bad flag, an unreadable show, a port or the data folder in use */
export async function runServeCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseServeFlags(args);
  if (flags.help) {
    await print(io.stdout, serveUsage);
    return exitCode.ok;
  }
  const stopping = io.stopping ?? waitForStop();
  inlineMore();
  const log = createLog(flags.logLevel);
  const bugs = endOnBug(stopping, log);
  killWhenLate(stopping, io);
  try {
    await serve(flags, { io, stopping, log });
    return bugs.met() ? exitCode.failed : exitCode.ok;
  } catch (error) {
    refuseDesktop(error);
    stopping.request('it did not start');
    throw error;
  } finally {
    bugs.forget();
  }
}

interface Surroundings {
  readonly io: CommandIo;
  readonly stopping: StopRequest;
  readonly log: Log;
}

async function serve(flags: ServeFlags, { io, stopping, log }: Surroundings): Promise<void> {
  const lines = createServeLines(io.stdout, flags);
  const files = builtFiles();
  const preciseClock = createPreciseClock({ worker: files.wakeUpWorker, log });
  const desktop = findDesktop(stopping.request);
  const engine = await createEngine({
    ...flags,
    version: packageJson.version,
    files,
    clock: createSystemClock(),
    timing: { ...flags, preciseClock },
    random: createSystemRandom(),
    log,
    secretsKey: desktop?.secretsKey,
    onNews: lines.news,
  });
  const readiness = await Promise.race([engine.ready(), stopping.requested.then(() => undefined)]);
  let unhost: Cancel | undefined;
  // Asked to stop while it started: nobody waits for it any more.
  if (readiness) {
    lines.ready(readiness);
    unhost = desktop?.host({ engine, claspUrl: readiness.claspUrl });
  }
  await engine.stop(await stopping.requested);
  await preciseClock.close();
  unhost?.();
}

/** What nobody caught may have left anything half-done: outputs are released and the show is saved while that can still
 *  be, and the exit code says that it was no orderly end. */
function endOnBug({ request }: StopRequest, log: Log): { met(): boolean; forget(): void } {
  let met = false;
  const onBug = (error: unknown): void => {
    met = true;
    log.error('something inside Flyrail failed, it stops', { error });
    request('something inside Flyrail failed');
  };
  process.on('uncaughtException', onBug);
  return { met: () => met, forget: () => process.off('uncaughtException', onBug) };
}

/** A thread that waits for a share that hangs cannot be ended, and holds up `process.exit` too. Everything that could end
 *  in order has ended by then. */
function killWhenLate({ requested }: StopRequest, io: CommandIo): void {
  void requested.then(() => {
    const late = (): void => {
      io.stderr.write(`flyrail: did not end in order within ${stopWithinMs / 1000} s, ending now.\n`);
      process.kill(process.pid, 'SIGKILL');
    };
    setTimeout(late, stopWithinMs).unref();
  });
}
