import type { Address, Pattern } from '../../contract/address.ts';
import type { AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import type { Connection } from '../../ports/transport.ts';
import type { OffsetEstimate } from '../clock/offset-filter.ts';
import type { AnnouncedSignal, Feature, Qos, SnapshotParam, Ttl } from '../protocol/messages.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import type { ClientLimits } from './client-limits.ts';
import type { ClientState } from './connector.ts';
import type { Gesture } from './gesture.ts';
import type { QueriedSignal } from './query.ts';
import type { Received } from './received.ts';
import type { ReplayRequest } from './replay.ts';
import type { SubscribeRequest } from './subscriptions.ts';

export interface ClaspClientOptions {
  /** a new connection to the router each time; may reject for ever */
  readonly dial: () => Promise<Connection>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** what the client calls itself */
  readonly name: string;
  readonly token?: string;
  /** all kinds of signals unless given */
  readonly features?: readonly Feature[];
  /** keeps `serverNow` good by SYNC as core/clock paces it; else only WELCOME and `sync` tell the time */
  readonly keepTime?: boolean;
  readonly limits?: Partial<ClientLimits>;
}

export interface SetOptions {
  /** confirm unless given */
  readonly qos?: Qos;
  readonly lock?: boolean;
  readonly unlock?: boolean;
  readonly ttl?: Ttl;
  /** refused with 'changed-meanwhile' unless the param stands there */
  readonly expectedRevision?: bigint;
}

export interface LockOptions extends Omit<SetOptions, 'lock' | 'unlock'> {
  readonly qos?: Exclude<Qos, 'fire'>;
}

/** Whether a lock is ours. `holder` is the session id of who has it, where the router says it. */
export type LockOutcome =
  | { readonly locked: true; readonly holder: string | undefined; readonly revision: bigint | undefined }
  /** nothing was done; or, without a holder, the router began anew meanwhile and knows of no lock */
  | { readonly locked: false; readonly holder: string | undefined };

export interface StreamOptions {
  readonly qos?: Qos;
  /** samples per second */
  readonly rate?: number;
  /** when the first of them was taken */
  readonly timestamp?: Micros;
}

/** A step of a bundle: a signal; for a param also what `set` can ask for. */
export type BundleItem =
  Exclude<Signal, { kind: 'param' }> | (Extract<Signal, { kind: 'param' }> & Omit<SetOptions, 'qos'>);

export interface ScheduledBundle {
  /** once it waits in the router; rejects as every request does */
  readonly accepted: Promise<Acknowledgement>;
  /** One that has not left yet is withdrawn, and `accepted` rejects with 'bundle-missed'.
   *  @returns whether it will not be done; false when it was done already, and from routers that cannot
   *  @throws as rejections: as every request */
  cancel(): Promise<boolean>;
}

export type ParamAnswer = Omit<SnapshotParam, 'value'> & { readonly value: Value };

export interface ClientStats {
  /** requests without an answer, and params that wait for the router */
  readonly queued: number;
  readonly queuedBytes: number;
  /** frames left out because they would have come too late */
  readonly droppedTotal: number;
  /** requests sent again */
  readonly resentTotal: number;
  readonly badFramesTotal: number;
  readonly ignoredTotal: number;
}

/** What can be asked of the router, whether it is there or not. QoS: 'fire' resolves at once and is left out if it cannot
 *  leave while it is worth anything (the newest value of a param waits). 'confirm' resolves when the router has it, at least
 *  once; 'commit' exactly once, in the order of the calls, and on disk. Both survive reconnects: what has no answer is sent
 *  again under its old id, and a router that knows request ids does it once. One that does not may do it twice, and never
 *  acknowledges `publish`, which then resolves with `acknowledged` false when it was sent.
 *  Everything that is asked settles within `requestTimeoutMs`, connected or not.
 *  @throws as rejections: what the router refuses as AppError with its ERROR's `details.number`; LimitError 'queue-full' |
 *  'frame-too-large'; UnavailableError 'no-answer' | 'link-closed'; 'access-refused' when the router does not let us in */
export interface ClientRequests {
  set(address: Address, value: Value, options?: SetOptions): Promise<Acknowledgement>;
  /** Sets a param and asks that nobody else may until we unlock it, or our session ends. What is denied is an outcome, not an
   *  error; `set` with `lock` rejects with 'param-locked' and `details.holder` instead. */
  lock(address: Address, value: Value, options?: LockOptions): Promise<LockOutcome>;
  /** Sends any signal; a param as SET. QoS unless given: events and params confirm, timelines commit, others fire. */
  publish(signal: Signal, options?: { readonly qos?: Qos }): Promise<Acknowledgement>;
  /** All or nothing. Commit unless a QoS is given.
   *  @param options at: when, by the server's clock. The ACK of commit comes when it was done: what is further ahead than
   *    `requestTimeoutMs` wants `schedule` */
  bundle(
    items: readonly BundleItem[],
    options?: { readonly at?: Micros; readonly qos?: Qos },
  ): Promise<Acknowledgement>;
  /** A bundle for later, done by the router at its time by its clock. What cannot be done then, or is too late for the router's
   *  policy, is told by `onNotice` as 'bundle-missed' or with the refusal's own code.
   *  @param at by the server's clock */
  schedule(items: readonly BundleItem[], at: Micros): ScheduledBundle;
  /** @returns undefined when nothing is known there; old routers say nothing in that case, so it ends with 'no-answer' */
  get(address: Address): Promise<ParamAnswer | undefined>;
  query(pattern: Pattern): Promise<readonly QueriedSignal[]>;
  announce(namespace: Address, signals: readonly AnnouncedSignal[]): Promise<Acknowledgement>;
  /** Publishes samples as one batch; receivers of single values get the last. Fire unless a QoS is given.
   *  @param samples in order; one frame carries about 8,000 of them
   *  @throws as rejections: InputError 'bad-arguments' for no samples, or a rate that is no whole number of 1 or more */
  stream(address: Address, samples: readonly number[], options?: StreamOptions): Promise<Acknowledgement>;
  gesture(address: Address): Gesture;
  /** Publishes a timeline, which a router that can plays. */
  timeline(address: Address, value: Value): Promise<Acknowledgement>;
}

/** Our own client of any CLASP router, over any transport. It never gives up until it is closed. */
export interface ClaspClient extends ClientRequests {
  state(): ClientState;
  /** Runs at every change of state. */
  onState(run: (state: ClientState) => void): Cancel;
  /** Begins to connect, or tries again at once; after 'refused' only this does. Nothing happens after `close`. */
  connect(): void;
  /** Ends everything for ever; what is asked and not answered is rejected with 'link-closed'. */
  close(reason?: string): void;
  /** Lasts over reconnects. Signals come in the order in which the router sent them. With Flyrail's router, over links that keep
   *  order, events, timelines and starts, ends and cancels of gestures that were under way when a connection was lost, or
   *  came meanwhile, come with the next one, each once; what never will is told by `onNotice` (`details.neverArrived`). A param
   *  that was heard of and is gone by then is heard as null.
   *  `run` must not throw.
   *  @throws InputError 'bad-pattern'; LimitError 'too-many-subscriptions' | 'queue-full'; UnavailableError 'link-closed' */
  subscribe(pattern: Pattern, run: (received: Received) => void, request?: SubscribeRequest): Cancel;
  /** What happened, oldest first, each once, with `pastAt`: as far as the router has kept it when it is asked for the last of it.
   *  It is read a thousand at a time, the next when those are used up, so whoever takes its time holds up nobody; `break` ends
   *  it. A connection that is lost on the way is waited for, and it goes on where it was.
   *  @throws while it is read: InputError 'bad-pattern' | 'bad-arguments'; 'peer-failed' where the router keeps nothing to
   *    replay; UnavailableError 'no-answer' | 'link-closed', 'cannot-send' with routers that know no request ids and over
   *    links that lose frames; what the router refuses */
  replay(pattern: Pattern, request?: ReplayRequest): AsyncGenerator<Received, undefined>;
  /** ERRORs of the router that answer nothing, such as what it left out because we were slow. */
  onNotice(run: (error: AppError) => void): Cancel;
  /** Asks the router for its time. @throws as rejections: UnavailableError 'cannot-send' | 'no-answer' | 'link-closed' */
  sync(): Promise<OffsetEstimate>;
  clockEstimate(): OffsetEstimate | undefined;
  /** the router's time now; undefined before the first session */
  serverNow(): Micros | undefined;
  stats(): ClientStats;
}
