import { AppError, UnavailableError } from '../contract/errors.ts';
import type { Millis } from '../contract/units.ts';
import { createClaspClient } from '../core/client/clasp-client.ts';
import type { ClaspClient } from '../core/client/client-api.ts';
import type { ClientState } from '../core/client/connector.ts';
import { createLog } from '../platform/log.ts';
import { createSystemClock } from '../platform/system-clock.ts';
import { createSystemRandom } from '../platform/system-random.ts';
import { visibleText } from '../platform/visible-text.ts';
import type { Clock } from '../ports/clock.ts';
import { createDialler } from '../transports/catalogue.ts';
import { builtFiles } from './built-files.ts';
import type { RouterFlags } from './client-flags.ts';
import { exitCode, type CommandIo } from './command-io.ts';

/** Somebody waits at a terminal: shorter than a link that runs for weeks would wait. */
const limits = {
  dialTimeoutMs: 5000 as Millis,
  helloTimeoutMs: 5000 as Millis,
  requestTimeoutMs: 10_000 as Millis,
  retryCapMs: 2000 as Millis,
};

/** A client's router. */
export interface RouterLink {
  readonly client: ClaspClient;
  readonly clock: Clock;
  /** Settles with the first session.
   *  @throws as rejections: UnavailableError 'cannot-open-port' when no CLASP router answers there; the router's refusal */
  readonly opened: Promise<OpenState>;
  /** One line on stderr. */
  readonly say: (words: string) => void;
}
export type OpenState = Extract<ClientState, { phase: 'open' }>;

/** Connects, and runs `use` until it settles.
 *  @returns its exit code; 1, with a line on stderr, when the router refused what was asked or did not answer
 *  @throws AppError for all else: no router there, a bad value */
export async function withRouter(
  flags: RouterFlags,
  io: CommandIo,
  use: (link: RouterLink) => Promise<number>,
): Promise<number> {
  const clock = createSystemClock();
  const log = createLog('error');
  const { radioProcess } = builtFiles();
  const { url, authorities, token } = flags;
  const dialler = await createDialler(url, { clock, authorities, token, log, radioProcess });
  const client = createClaspClient({
    dial: () => dialler.dial(flags.url),
    clock,
    random: createSystemRandom(),
    log,
    name: 'flyrail command',
    ...(flags.token !== undefined && { token: flags.token }),
    limits,
  });
  const say = (words: string): void => {
    io.stderr.write(`flyrail: ${visibleText(words)}\n`);
  };
  const opened = whenOpen(client, flags.url);
  // A command may end before it asks.
  opened.catch(() => undefined);
  client.connect();
  try {
    return await use({ client, clock, opened, say });
  } catch (error) {
    const words = refusalWords(error);
    if (words === undefined) throw error;
    say(words);
    return exitCode.failed;
  } finally {
    client.close();
    dialler.abandon();
  }
}

/** One sentence for what the router refused or did not answer; undefined when the error is nothing of the kind. */
export function refusalWords(error: unknown): string | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { number } = error.details;
  if (typeof number === 'number') return `the router answered with ERROR ${number}: ${error.message}`;
  return ['no-answer', 'link-closed', 'cannot-send'].includes(error.code) ? error.message : undefined;
}

function whenOpen(client: ClaspClient, url: string): Promise<OpenState> {
  return new Promise((resolve, reject) => {
    const stop = client.onState((state) => {
      if (state.phase === 'open') resolve(state);
      else if (state.phase === 'refused') reject(state.error);
      else if (state.phase === 'waiting' || state.phase === 'closed') reject(noRouter(url, state.reason));
      else return;
      stop();
    });
  });
}

function noRouter(url: string, reason: string): UnavailableError {
  const message = reason.startsWith(url)
    ? reason
    : `${url} is no CLASP router that lets us in: ${reason.replace(/\.$/, '')}.`;
  return new UnavailableError('cannot-open-port', message, { url });
}
