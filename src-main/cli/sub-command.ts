import { setTimeout, clearTimeout } from 'node:timers';
import type { Received } from '../core/client/received.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { createOutputLines, finishOutput, type OutputLines } from './output-lines.ts';
import { print } from './print.ts';
import { RepeatedSnapshots } from './repeated-snapshots.ts';
import { jsonLine, plainLine } from './signal-lines.ts';
import { waitForStop, type StopRequest } from './stop-signals.ts';
import { parseSubFlags, subUsage, type SubFlags } from './sub-flags.ts';
import { withRouter, type RouterLink } from './with-router.ts';

/** Bytes that may wait for the reader of stdout. What is there already comes in one go, and a pipe takes 64 KB of it at a time:
 *  this is as much as a router's params are on the wire. */
const subBacklogMax = 64 * 1024 * 1024;

/** Prints what a router sends until it is told to end, has printed enough, or its time is up.
 *  @returns 0; 1, with a line on stderr, when the router refused it or too few messages came in time
 *  @throws AppError for bad flags, and when no router answers */
export async function runSubCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseSubFlags(args);
  if (!flags) {
    await print(io.stdout, subUsage);
    return exitCode.ok;
  }
  const stopping = io.stopping ?? waitForStop();
  const lines = createOutputLines(io.stdout, subBacklogMax);
  return withRouter(flags, io, async (link) => {
    const code = await sub(link, { flags, lines, stopping });
    await finishOutput(lines, stopping);
    if (lines.leftOut() > 0) link.say(`${lines.leftOut()} lines were left out: the reader of stdout was too slow.`);
    return code;
  });
}

interface Surroundings {
  readonly flags: SubFlags;
  readonly lines: OutputLines;
  readonly stopping: StopRequest;
}

async function sub(link: RouterLink, { flags, lines, stopping }: Surroundings): Promise<number> {
  const { count, timeoutMs } = flags;
  let timer: NodeJS.Timeout | undefined;
  let printed = 0;
  try {
    return await new Promise<number>((resolve, reject) => {
      const end = (): void => resolve(exitCode.ok);
      link.opened.then(() => tellOfLosses(link, reject), reject);
      void stopping.requested.then(end);
      lines.readerGone.then(end, reject);
      const take = printer(link, flags, lines);
      link.client.subscribe(
        flags.pattern,
        (received) => {
          if (printed === count || !take(received)) return;
          printed++;
          if (printed === count) end();
        },
        { ...flags.past, onRefused: reject },
      );
      if (timeoutMs === undefined) return;
      timer = setTimeout(() => {
        if (count !== undefined) link.say(`${printed} of ${count} messages came within ${timeoutMs / 1000} s.`);
        resolve(count === undefined ? exitCode.ok : exitCode.failed);
      }, timeoutMs);
    });
  } finally {
    clearTimeout(timer);
  }
}

/** @returns prints a message, unless it was there before; false when it did not */
function printer({ clock }: RouterLink, { json }: SubFlags, lines: OutputLines): (received: Received) => boolean {
  const snapshots = new RepeatedSnapshots();
  return (received) => {
    if (snapshots.isRepeated(received)) return false;
    return lines.write(json ? jsonLine(received, clock.nowMicros()) : plainLine(received));
  };
}

/** Says when the router goes and comes back, and what it says unasked. @param onRefused it does not let us in again */
function tellOfLosses({ client, say }: RouterLink, onRefused: (error: Error) => void): void {
  let isOpen = true;
  client.onState((state) => {
    if (state.phase === 'waiting' && isOpen) say(`the router is gone (${state.reason}); it is dialled again.`);
    if (state.phase === 'open') say('the router is back.');
    if (state.phase === 'refused') onRefused(state.error);
    if (state.phase === 'waiting' || state.phase === 'open') isOpen = state.phase === 'open';
  });
  client.onNotice((error) => say(`the router says: ${error.message}`));
}
