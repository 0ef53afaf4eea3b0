import type { Millis } from '../../contract/units.ts';

/** Every bound and time of the client. What happens at each stands beside it. */
export interface ClientLimits {
  /** until `dial` must have given a connection; then it is tried anew */
  readonly dialTimeoutMs: Millis;
  /** from the connection to WELCOME; then it is tried anew */
  readonly helloTimeoutMs: Millis;
  /** the first wait before another try; each is about twice the last … */
  readonly retryFirstMs: Millis;
  /** … up to this one, without end */
  readonly retryCapMs: Millis;
  /** a session that lasted this long lets the waits begin anew */
  readonly steadyAfterMs: Millis;
  /** nothing heard for so long: PING … */
  readonly quietMs: Millis;
  /** … and if nothing comes for so long again, the connection is given up */
  readonly silentMs: Millis;
  /** from the call to its answer, connected or not; then the request is rejected with 'no-answer' */
  readonly requestTimeoutMs: Millis;
  /** where connections lose frames: the first wait before a request is sent again; each is twice the last … */
  readonly resendFirstMs: Millis;
  /** … up to this one */
  readonly resendCapMs: Millis;
  /** requests without an answer and params that wait; more are rejected with 'queue-full' */
  readonly queueMax: number;
  /** the same in bytes of their frames */
  readonly queueBytesMax: number;
  /** more are refused with 'too-many-subscriptions' */
  readonly subscriptionsMax: number;
  /** addresses whose subscriptions are remembered; then the memory starts afresh */
  readonly cachedTargetsMax: number;
  /** params that subscriptions have heard of, of all of them together; of further ones nobody is told that they ended while we
   *  were away */
  readonly knownParamsMax: number;
  /** with routers that do not know request ids: frames whose answer is still to come; then the oldest is forgotten */
  readonly ticketsMax: number;
  /** frames that arrived since the router was told last; then it is told at once … */
  readonly arrivalsUntoldMax: number;
  /** … and otherwise so long after the first of them */
  readonly arrivalsToldMs: Millis;
  /** signals of a replay held at a time, beside those of the same time as the last */
  readonly replayPageMax: number;
  /** frames joined into one write, where the framing allows */
  readonly joinedBytesMax: number;
}

export const clientLimits: ClientLimits = {
  dialTimeoutMs: 10_000 as Millis,
  helloTimeoutMs: 10_000 as Millis,
  retryFirstMs: 250 as Millis,
  retryCapMs: 10_000 as Millis,
  steadyAfterMs: 10_000 as Millis,
  quietMs: 15_000 as Millis,
  silentMs: 15_000 as Millis,
  requestTimeoutMs: 30_000 as Millis,
  resendFirstMs: 200 as Millis,
  resendCapMs: 2000 as Millis,
  queueMax: 10_000,
  queueBytesMax: 8 * 1024 * 1024,
  subscriptionsMax: 1000,
  cachedTargetsMax: 10_000,
  knownParamsMax: 200_000,
  ticketsMax: 20_000,
  arrivalsUntoldMax: 64,
  arrivalsToldMs: 1000 as Millis,
  replayPageMax: 1000,
  joinedBytesMax: 64 * 1024,
};
