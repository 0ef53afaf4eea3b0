import { parsePattern } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import { micros, type Micros } from '../contract/units.ts';
import type { ClientState } from '../core/client/connector.ts';
import { expectWords, parseClientArgs, parseRouterFlags, routerUsage } from './client-flags.ts';
import { exitCode, type CommandIo, type LineOutput } from './command-io.ts';
import { createOutputLines, finishOutput, type OutputLines } from './output-lines.ts';
import { print } from './print.ts';
import { RepeatedSnapshots } from './repeated-snapshots.ts';
import { waitForStop, type StopRequest } from './stop-signals.ts';
import { topBlock, topJson, topRowsMax, type TopHead } from './top-lines.ts';
import { Traffic, type TrafficReport } from './traffic.ts';
import { withRouter, type RouterLink } from './with-router.ts';

export const topUsage = `flyrail top: watch which addresses are sent how often, fastest first, with their last values

  flyrail top [flags]

  --json           one object a second
${routerUsage}
It shows itself anew each second; on anything but a terminal as blocks with an empty line between.
It hears everything that is sent, and goes on until it is told to end (Ctrl C).
Exit codes: 0 ended, 1 refused, 2 a bad flag or no router.
`;

const periodMicros = 1_000_000;

/** Shows the traffic of a router each second until it is told to end.
 *  @returns 0; 1, with a line on stderr, when the router refused it
 *  @throws AppError for bad flags, and when no router answers */
export async function runTopCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseClientArgs('top', args, { json: { type: 'boolean' } });
  if (values.help) {
    await print(io.stdout, topUsage);
    return exitCode.ok;
  }
  const router = parseRouterFlags(values);
  expectWords('top', positionals, []);
  const stopping = io.stopping ?? waitForStop();
  const lines = createOutputLines(io.stdout);
  const format = formatFor(values.json ?? false, io.stdout);
  return withRouter(router, io, async (link) => {
    await top(link, { lines, stopping, format });
    await finishOutput(lines, stopping);
    return exitCode.ok;
  });
}

type Format = (head: TopHead, report: TrafficReport, at: Micros) => string;

interface Surroundings {
  readonly lines: OutputLines;
  readonly stopping: StopRequest;
  readonly format: Format;
}

async function top(link: RouterLink, { lines, stopping, format }: Surroundings): Promise<void> {
  const { client, opened } = link;
  const traffic = new Traffic();
  const snapshots = new RepeatedSnapshots();
  let cancel: Cancel | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      void stopping.requested.then(() => resolve());
      lines.readerGone.then(resolve, reject);
      client.subscribe(
        parsePattern('/**'),
        (received) => {
          if (!snapshots.isRepeated(received)) traffic.heard(received);
        },
        { onRefused: reject },
      );
      client.onState((state) => {
        if (state.phase === 'refused') reject(state.error);
      });
      opened.then(({ router }) => {
        cancel = eachSecond(link, (seconds, at) => {
          lines.write(format({ router, trouble: troubleIn(client.state()) }, traffic.report(seconds), at));
        });
      }, reject);
    });
  } finally {
    cancel?.();
  }
}

function troubleIn(state: ClientState): string | undefined {
  if (state.phase === 'open') return undefined;
  return 'reason' in state ? state.reason : state.phase;
}

/** Runs once a second, as long as it is not cancelled; a second that was slept through is not made up for. */
function eachSecond({ clock }: RouterLink, run: (seconds: number, at: Micros) => void): Cancel {
  let last = clock.nowMicros();
  let cancel = plan();
  return () => cancel();

  function plan(): Cancel {
    return clock.at(micros(last + periodMicros), () => {
      const at = clock.nowMicros();
      run((at - last) / 1_000_000, at);
      last = at;
      cancel = plan();
    });
  }
}

/** On a terminal each block takes the place of the last; lines that are too long for it are cut, not wrapped. */
export function formatFor(json: boolean, stdout: LineOutput): Format {
  if (json) return (head, report, at) => `${topJson(head, report, at)}\n`;
  if (!stdout.isTTY) {
    const size = { columns: 200, rows: topRowsMax + 2 };
    return (head, report) => `${topBlock(head, report, size).join('\n')}\n\n`;
  }
  return (head, report) => {
    const size = { columns: stdout.columns ?? 80, rows: (stdout.rows ?? 24) - 1 };
    const lines = topBlock(head, report, size).map((line) => `${line}\x1b[K\n`);
    return `\x1b[?7l\x1b[H${lines.join('')}\x1b[J\x1b[?7h`;
  };
}
