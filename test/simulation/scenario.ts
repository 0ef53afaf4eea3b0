import type { JournalMode } from '../../src-main/core/journal/journal.ts';

/** All that is going to happen, as data: a script that can be played again, and cut down to what a fault needs. */
export interface Scenario {
  readonly seed: number;
  readonly journal: JournalMode;
  /** so little goes wrong that while the first router lives nobody may be told of what never arrived */
  readonly missesNothing?: boolean;
  readonly actors: readonly ActorPlan[];
  /** in order of time */
  readonly steps: readonly Step[];
}

/** client: our client library. old: a peer that knows no request ids. vandal: sends what comes to its mind. */
export type Role = 'client' | 'old' | 'vandal';

export interface ActorPlan {
  /** 1 or more */
  readonly who: number;
  readonly role: Role;
  readonly link: LinkPlan;
  readonly watches: readonly WatchPlan[];
}

export interface LinkPlan {
  /** stream: in order and complete while it lasts. datagram: loses, repeats, delays, turns around. */
  readonly kind: 'stream' | 'datagram';
  readonly framing: 'none' | 'length32';
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  readonly repeat: number;
  readonly queueBytesMax: number;
}

export interface WatchPlan {
  readonly pattern: string;
  readonly maxRate?: number;
  readonly epsilon?: number;
  readonly history?: number;
  /** ms of the past */
  readonly window?: number;
}

/** One actor does something, or something befalls one, or the router. */
export interface Step {
  readonly atMs: number;
  readonly who: number;
  /** a key of `acts` or of `mishaps` */
  readonly does: string;
  /** of its details, so that a step stays what it is when others are taken out */
  readonly seed: number;
}
