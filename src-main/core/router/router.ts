import { matcherOf, type Address, type Pattern } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Scope } from '../../contract/scope.ts';
import type { SignalSettings } from '../../contract/show.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import type { Hertz } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import type { Signalling } from '../../ports/signalling.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';
import type { Connection } from '../../ports/transport.ts';
import { intersect, ScopedAccess, type Access } from '../access/access.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { AnnouncedSignals } from './state/announced-signals.ts';
import { RouterCounters } from './counters.ts';
import type { Delivery, LocalSession } from './delivery/delivery.ts';
import { Exchange, type PassWatcher } from './exchange.ts';
import { currentKeeper, keepsNothing, type Keeper } from './keeper.ts';
import { routerLimits, type RouterLimits } from './limits.ts';
import { LocalParticipant } from './sessions/local-participant.ts';
import { LocalQueue } from './delivery/local-queue.ts';
import { LookedClock } from '../clock/looked-clock.ts';
import { defaultLatePolicy, type LatePolicy } from '../clock/late-policy.ts';
import { ScheduledBundles } from './requests/scheduled-bundles.ts';
import { SessionDoor } from './sessions/session-door.ts';
import type { SessionEvent } from './sessions/session-events.ts';
import { signallingOf } from './sessions/signalling.ts';
import type { ResumedClients } from './sessions/resumed-clients.ts';
import { RouterMeter } from './router-meter.ts';
import { statsOf, type RouterStats } from './router-stats.ts';
import type { SessionFigures } from './sessions/session.ts';
import type { StreamMemory } from './memory/stream-memory.ts';
import type { LocalSubscription } from './subscriptions/subscription.ts';
import type { OwnJudge } from './state/signal-rules.ts';
import { TimelineStage } from './state/timeline-stage.ts';
import { TurnLine } from './delivery/turn-line.ts';
import { Turn, type Defer } from './delivery/turn.ts';
import type { ValueTable } from './state/value-table.ts';

/** How time is kept. */
export interface RouterTiming {
  /** wakes scheduled bundles; must show the same time as `clock`, which stands in for it */
  readonly preciseClock?: Clock;
  /** the one to begin with; `defaultLatePolicy` without it */
  readonly latePolicy?: LatePolicy | undefined;
  /** ticks a second of timelines that ask for no rate themselves, whole, 1..240; 60 without it */
  readonly timelineRate?: Hertz;
}

/** What becomes of bundles that are not on time. */
export type LateJudgement = Pick<LatePolicy, 'late' | 'tolerance'>;

export interface RouterOptions extends RouterTiming {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** `setImmediate` in the product */
  readonly defer: Defer;
  /** what the router calls itself towards its peers */
  readonly name: string;
  readonly limits?: Partial<RouterLimits>;
}

/** The params as records. */
export type ParamShelf = Pick<
  ValueTable,
  'get' | 'records' | 'watch' | 'watchUnlocks' | 'restore' | 'forgetOwn' | 'revisionFloors'
>;

/** The clients that may come back, for who keeps what they were answered. */
export type ClientShelf = Pick<ResumedClients, 'restore'>;

/** The timelines, for who keeps them. */
export type TimelineShelf = Pick<TimelineStage, 'get' | 'watch' | 'restore'>;

export interface RouterGuard {
  readonly asksForTokens: boolean;
  /** From now on sessions have to show a token that opens something; undefined: nobody is asked. Who is here without one is
   *  sent away, and so is whoever shows one that expires or is revoked. */
  askForTokens(verifier: TokenVerifier | undefined): void;
  /** From now on nobody sends faster than this; what is beyond gets ERROR 429. */
  limitRates(limits: RateLimits): void;
  /** Runs when a remote session opens or ends, or is refused for what it may not do. */
  watchSessions(run: (event: SessionEvent) => void): Cancel;
}

export interface LocalOptions {
  readonly echo?: boolean;
  readonly scopes?: readonly (readonly Scope[])[];
}

/** Takes signals from everyone, keeps the params, and hands everything to those who subscribed. */
export interface Router {
  /** A remote CLASP session begins on this connection.
   *  @param scopes what its way in allows to anyone, whatever a token says; everything without */
  accept(connection: Connection, scopes?: readonly Scope[]): void;
  /** Who may come in, and what they may do. */
  readonly guard: RouterGuard;
  /** @param name unique among participants; stands as writer and lock holder of what it sets
   *  @param options echo: whether it gets back what it published itself; scopes: lists of what it may do, of which all have
   *    to allow it; everything without */
  openLocal(name: string, options?: LocalOptions): LocalSession;
  /** For ways in that peers agree on through the router. */
  readonly signalling: Signalling;
  /** Everything accepted, from anyone. Costs nothing while nobody taps. */
  tap(run: (delivery: Delivery) => void): Cancel;
  get(address: Address): Value | undefined;
  /** The params that a pattern covers as they stand now, oldest first. */
  current(pattern: Pattern): readonly Signal[];
  /** The newest levels that only streams carry. */
  readonly streams: Pick<StreamMemory, 'ask' | 'newest' | 'senderOf' | 'clear'>;
  stats(): RouterStats;
  /** The sessions that are here. */
  sessions(): Iterable<SessionFigures>;
  /** Measures from now on what would be too dear to measure always. */
  measure(): Pick<RouterMeter, 'latencies' | 'messagesFor' | 'follow'>;
  /** What a session that is here calls itself; may be empty. */
  nameOf(sessionId: string): string | undefined;
  /** Runs for everything that is passed on and not stored, with who sent it. One at a time; quick, and does not throw. */
  watchPasses(run: PassWatcher): void;
  /** For who keeps the params over a restart. */
  readonly params: ParamShelf;
  readonly clients: ClientShelf;
  /** From now on the show says this about writes that meet others, and about what was announced.
   *  @throws InputError 'bad-pattern' */
  applyRules(settings: SignalSettings): void;
  /** From now on this says which values are taken at addresses of Flyrail's own.
   *  @param prefix with a slash at its end */
  judgeOwn(prefix: string, judge: OwnJudge): void;
  /** From now on late bundles are judged so, those that wait already too. */
  judgeLate(policy: LateJudgement): void;
  /** The timelines that play or could. */
  readonly timelines: TimelineShelf & Pick<TimelineStage, 'list' | 'clear'>;
  /** From now on, whoever is told by `commit` that something is kept hears it when this one says so, and it gets all that
   *  is accepted. */
  keepWith(keeper: Keeper): void;
  /** Sends what is on its way, ends all sessions, and admits none any more. */
  close(reason: string): void;
}

/** @see CLASP-WIRE §7, §8, §19 */
export function createRouter(options: RouterOptions): Router {
  const { defer, preciseClock = options.clock } = options;
  // Everyone who judges looks at this one, at the moment of judging.
  const latePolicy = { ...(options.latePolicy ?? defaultLatePolicy) };
  const middle = createMiddle(options);
  const { clock, limits, counters, exchange, queue, timelines } = middle;
  const onRan = (): void => queue.drain();
  const scheduled = new ScheduledBundles({ clock: preciseClock, limits, policy: latePolicy, onRan });
  const line = new TurnLine({ clock, defer, limits });
  const door = new SessionDoor({
    ...options,
    ...middle,
    scheduled,
    latePolicy,
    keeper: currentKeeper(() => keeper),
    turn: new Turn(line.atEnd, () => scheduled.poll()),
    line,
    onHandled: () => {
      queue.drain();
      scheduled.poll();
    },
  });
  let keeper: Keeper = keepsNothing;
  const openLocal: Router['openLocal'] = (name, { echo = false, scopes = [] } = {}) =>
    new LocalParticipant({ ...middle, scheduled, latePolicy, name, echo, access: allOf(scopes) });
  let closedBecause: string | undefined;

  return {
    accept: (connection, scopes) =>
      closedBecause === undefined ? door.admit(connection, scopes) : connection.close(closedBecause),
    guard: door,
    openLocal,
    signalling: signallingOf(door.signals, openLocal),
    tap: (run) => openTap(exchange, run),
    get: (address) => exchange.table.get(address)?.value.value,
    current: (pattern) => paramsUnder(exchange, pattern),
    streams: exchange.streams,
    stats: () => statsOf({ counters, exchange, timelines, scheduled, sessions: door.size, heldBytes: door.heldBytes }),
    sessions: () => door.figures(),
    measure: () => startMeter(clock, [exchange, door]),
    nameOf: (sessionId) => door.nameOf(sessionId),
    watchPasses: (run) => exchange.watchPasses(run),
    params: exchange.table,
    clients: door.resumed,
    applyRules: (settings) => exchange.applyRules(settings),
    judgeOwn: (prefix, judge) => exchange.rules.judgeOwn(prefix, judge),
    judgeLate: ({ late, tolerance }) => void Object.assign(latePolicy, { late, tolerance }),
    timelines,
    keepWith: (next) => exchange.recordWith((keeper = next).record),
    close: (reason) => {
      closedBecause = reason;
      door.close(reason);
      timelines.close();
    },
  };
}

/** What all participants meet in. */
function createMiddle(options: RouterOptions) {
  const { log, defer, timelineRate: rate } = options;
  const clock = new LookedClock(options.clock);
  const limits: RouterLimits = { ...routerLimits, ...options.limits };
  const counters = new RouterCounters();
  const queue = new LocalQueue({ defer, log, limits, onShed: (count) => counters.drop('local', count) });
  const announced = new AnnouncedSignals(limits, () => exchange.table.releaseUnruled());
  const exchange = new Exchange({ clock, limits, counters, queue, announced });
  const timelines = new TimelineStage({ clock, limits, counters, exchange, queue, log, rate });
  return { clock, limits, counters, queue, announced, exchange, timelines };
}

function allOf(scopes: readonly (readonly Scope[])[]): Access | undefined {
  return scopes.map((list) => new ScopedAccess(list)).reduce<Access | undefined>(intersect, undefined);
}

function paramsUnder({ table }: Exchange, pattern: Pattern): readonly Signal[] {
  const covers = matcherOf(pattern);
  return [...table.records()]
    .filter(({ address }) => covers(address))
    .map(({ address, value }) => ({ kind: 'param', address, value: value.value }));
}

interface Measured {
  measureWith(meter: RouterMeter): void;
}

function startMeter(clock: Clock, measured: readonly Measured[]): RouterMeter {
  const meter = new RouterMeter(clock);
  for (const each of measured) each.measureWith(meter);
  return meter;
}

function openTap(exchange: Exchange, run: (delivery: Delivery) => void): Cancel {
  const tap: LocalSubscription = {
    name: 'tap',
    run: (deliveries) => deliveries.forEach(run),
    pending: [],
    isClosed: false,
    owner: exchange,
    echo: true,
  };
  exchange.addTap(tap);
  return () => {
    tap.isClosed = true;
    exchange.removeTap(tap);
  };
}
