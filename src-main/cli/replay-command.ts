import { exitCode, type CommandIo } from './command-io.ts';
import { createOutputLines, type OutputLines } from './output-lines.ts';
import { print } from './print.ts';
import { parseReplayFlags, replayUsage, type ReplayFlags } from './replay-flags.ts';
import { jsonLine, plainLine } from './signal-lines.ts';
import { timeOf } from './time-flag.ts';
import { withRouter, type RouterLink } from './with-router.ts';

/** Prints what a router has kept, to the last of it. A reader that is slow is waited for: nothing is left out.
 *  @returns 0; 1, with a line on stderr, when the router refused it, as one without a full journal does
 *  @throws AppError for bad flags, when no router answers, and when stdout cannot be written */
export async function runReplayCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseReplayFlags(args);
  if (!flags) {
    await print(io.stdout, replayUsage);
    return exitCode.ok;
  }
  const lines = createOutputLines(io.stdout);
  return withRouter(flags, io, async (link) => {
    await link.opened;
    await replay(link, flags, lines);
    await lines.flush();
    return exitCode.ok;
  });
}

async function replay({ client, clock }: RouterLink, flags: ReplayFlags, lines: OutputLines): Promise<void> {
  const { pattern, from, to, limit, json } = flags;
  const now = client.serverNow() ?? clock.nowMicros();
  const request = {
    ...(from && { from: timeOf(from, now) }),
    ...(to && { to: timeOf(to, now) }),
    ...(limit !== undefined && { limit }),
  };
  const reader = { isGone: false };
  const end = (): void => void (reader.isGone = true);
  lines.readerGone.then(end, end);
  for await (const received of client.replay(pattern, request)) {
    const line = json ? jsonLine(received, clock.nowMicros()) : plainLine(received);
    while (!reader.isGone && !lines.write(line)) await lines.flush();
    if (reader.isGone) return;
  }
}
