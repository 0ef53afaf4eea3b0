import type { Pattern } from '../../../contract/address.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import type { Signal } from '../../../contract/signal.ts';
import type { Micros } from '../../../contract/units.ts';
import type { Refusal } from '../requests/refusal.ts';

/** One accepted signal on its way to a participant in the process. Shared between them: read only. */
export interface Delivery {
  readonly signal: Signal;
  /** session id, or name of the local participant */
  readonly from: string;
  /** what a session calls itself, for people: not unique, may be empty; absent for local participants */
  readonly fromName?: string;
  readonly fromLocal: boolean;
  /** when the router accepted it */
  readonly at: Micros;
  readonly cause?: Cause;
}

/** Why a participant published: lets a mapping see how far a signal has come and refuse to go in circles. */
export interface Cause {
  readonly because: string;
  readonly hops: number;
  readonly arrivedAt: Micros;
  readonly mappingId?: string;
  /** when somebody moved what led to it, where that was before `arrivedAt` */
  readonly movedAt?: Micros;
  /** shared by all that one signal led to, for whoever bounds that */
  readonly spent?: { passes: number };
}

/** Who sent a signal, as the router keeps it. */
export interface Origin {
  /** session id, or name of the local participant */
  readonly name: string;
  /** the session or participant itself, known by identity */
  readonly owner: object & {
    /** what a session calls itself */
    readonly name?: string;
    /** whose session it is, where that is known over reconnects */
    readonly client?: object | undefined;
  };
  readonly fromLocal: boolean;
  readonly cause: Cause | undefined;
  /** it is acknowledged when it is on disk */
  readonly isCommit?: boolean;
}

/** What becomes of signals that are timed. waits: they are published at their time. done: they were due, and were published.
 *  late: too late by the show's policy. full: too much waits already, or the time is too far ahead. Of the last two nothing
 *  is published. */
export type Timed = 'waits' | 'done' | 'late' | 'full';

/** A participant in the process: mapping engine, bridge, timeline, the window. Nothing is encoded on its way. */
export interface LocalSession {
  /** In order. What the router refuses (a locked param, a value no frame can carry) is left out and counted.
   *  @returns why the first of those was refused; undefined when all were accepted */
  publish(signals: readonly Signal[], cause?: Cause): Refusal | undefined;
  /** As `publish` at a time of the router's clock, all together with nothing from elsewhere in between. What waits when the
   *  session closes is never published. */
  schedule(signals: readonly Signal[], at: Micros): Timed;
  /** `run` gets what was accepted since its last call, in order, before the publisher's turn ends. It may publish: what
   *  comes of that is delivered after it returns. What the participant may not read is left out. */
  subscribe(pattern: Pattern, run: (deliveries: readonly Delivery[]) => void): Cancel;
  /** Ends its subscriptions and releases its locks. */
  close(): void;
}
