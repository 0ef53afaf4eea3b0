import type { Value } from '../contract/signal.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Random } from './random.ts';
import type { Dialler } from './transport.ts';

/** What a link and the other router both had last. */
export interface SharedParam {
  readonly value: Value;
  /** as the other router counts; undefined where that is not known, or it began anew */
  readonly revision: bigint | undefined;
  /** it went from here to there */
  readonly isOurs: boolean;
}

/** By the address there. */
export type LinkMemory = Map<string, SharedParam>;

export interface DialledHow {
  /** of this machine, in PEM */
  readonly caFile: string | null;
  /** its name or one of its addresses; empty: the system chooses */
  readonly networkCard: string;
}

/** What the engine gives to links. */
export interface LinkNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** tells this router from all others, also after a restart */
  readonly routerId: string;
  /** @throws UnavailableError 'cannot-read-file' */
  readonly secret: (name: string) => Promise<string | undefined>;
  /** @throws AppError when there is no way to this URL, or the file cannot be read */
  readonly openDialler: (url: string, how: DialledHow) => Promise<Dialler>;
  /** outlives this instance, for the next one */
  readonly memory: LinkMemory;
}
