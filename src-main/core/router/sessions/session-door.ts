import type { Cancel } from '../../../contract/message-link.ts';
import type { Scope } from '../../../contract/scope.ts';
import type { Log } from '../../../ports/log.ts';
import type { Random } from '../../../ports/random.ts';
import type { Grant, TokenVerifier } from '../../../ports/token-verifier.ts';
import type { Connection } from '../../../ports/transport.ts';
import { looksTogetherMax, ScopedAccess, type Access } from '../../access/access.ts';
import type { RateLimits } from '../../access/rate-limits.ts';
import { encodeFrame } from '../../protocol/frame.ts';
import { frameFor } from '../../protocol/framing.ts';
import { messageType, type ErrorMessage } from '../../protocol/messages.ts';
import { Outbox } from '../delivery/outbox.ts';
import { errorNumber } from '../requests/refusal.ts';
import type { RequestContext } from '../requests/request-context.ts';
import { AwayClients } from './away-clients.ts';
import { Greeter } from './greeter.ts';
import { PeerSignals } from './peer-signals.ts';
import { SessionEvents, type SessionEvent } from './session-events.ts';
import { SessionMessages } from './session-messages.ts';
import { ResumedClients } from './resumed-clients.ts';
import type { RouterMeter } from '../router-meter.ts';
import { Session, type SessionFigures } from './session.ts';
import { SessionGuard } from './session-guard.ts';
import { SessionInbox } from './session-inbox.ts';
import type { TurnLine } from '../delivery/turn-line.ts';
import type { Turn } from '../delivery/turn.ts';
import { WaitingLine } from '../delivery/waiting-line.ts';

export interface DoorOptions extends Omit<RequestContext, 'away' | 'signals'> {
  readonly random: Random;
  readonly log: Log;
  readonly turn: Turn;
  readonly line: TurnLine;
  /** what the router calls itself in WELCOME */
  readonly name: string;
  /** a frame has been dealt with, whole */
  readonly onHandled: () => void;
}

/** Lets remote sessions in, hands their messages on, and cleans up after them. Whatever a peer sends, only its own session
 *  can end by it. */
export class SessionDoor {
  readonly #options: DoorOptions & RequestContext;
  readonly #sessions = new Set<Session>();
  readonly #away: AwayClients;
  /** between sessions, and with participants in the process */
  readonly signals: PeerSignals;
  readonly #resumed: ResumedClients;
  readonly #messages: SessionMessages;
  readonly #guard: SessionGuard;
  readonly #events = new SessionEvents();
  #cancelRevocations: Cancel | undefined;

  constructor(options: DoorOptions) {
    this.#away = new AwayClients(options);
    this.signals = new PeerSignals({ ...options, sessionOf: (id) => this.#greeted(id) });
    this.#options = { ...options, away: this.#away, signals: this.signals };
    this.#resumed = new ResumedClients({ ...options, onForgotten: (client) => this.#away.forget(client) });
    const guard = new SessionGuard(options.clock);
    const around = { ...this.#options, guard, events: this.#events, leave: this.#leave.bind(this) };
    const greeter = new Greeter({
      ...around,
      away: this.#away,
      resumed: this.#resumed,
      refuse: (session, refusal) => this.#messages.refuse(session, refusal),
      onAdmitted: (session) => this.#admitted(session),
    });
    this.#guard = guard;
    this.#messages = new SessionMessages({ ...around, greeter });
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The clients of the last run may come back too. */
  get resumed(): Pick<ResumedClients, 'restore'> {
    return this.#resumed;
  }

  /** waiting for all slow sessions together */
  get heldBytes(): number {
    let sizeBytes = 0;
    for (const { outbox } of this.#sessions) sizeBytes += outbox.heldBytes;
    return sizeBytes;
  }

  /** Those that have said HELLO. */
  *figures(): Generator<SessionFigures, undefined> {
    for (const session of this.#sessions) if (session.phase === 'open') yield session.figures();
    return undefined;
  }

  measureWith(meter: RouterMeter): void {
    this.#messages.meter = meter;
  }

  nameOf(id: string): string | undefined {
    for (const session of this.#sessions) if (session.id === id) return session.name;
    return undefined;
  }

  #greeted(id: string): Session | undefined {
    for (const session of this.#sessions) if (session.id === id && session.phase === 'open') return session;
    return undefined;
  }

  get asksForTokens(): boolean {
    return this.#guard.asksForTokens;
  }

  /** From now on tokens are asked for; undefined: nobody is asked. Who is here without one is sent away. */
  askForTokens(verifier: TokenVerifier | undefined): void {
    this.#cancelRevocations?.();
    this.#guard.askWith(verifier);
    const { scheduled } = this.#options;
    this.#cancelRevocations = verifier?.onRevoked((id) => {
      const falls = (grant: Grant | undefined): boolean => grant?.id === id || grant?.standsOn?.includes(id) === true;
      for (const session of [...this.#sessions])
        if (falls(session.grant)) this.#endRights(session, 'unauthorized', 'The token was revoked.');
      scheduled.cancelOf(falls);
    });
    if (!verifier) return;
    const reason = 'From now on this router asks for a token.';
    for (const session of [...this.#sessions]) {
      if (session.phase !== 'open') continue;
      // What became of its token while nobody was asked is not known: it may show it again.
      if (session.grant) this.#leave(session, reason);
      else this.#endRights(session, 'unauthorized', reason);
    }
    scheduled.cancelOf(() => true);
  }

  watchSessions(run: (event: SessionEvent) => void): Cancel {
    return this.#events.watch(run);
  }

  limitRates(limits: RateLimits): void {
    this.#guard.limitTo(limits);
    for (const session of this.#sessions)
      if (session.phase === 'open') this.#guard.equip(session, { grant: session.grant });
  }

  /** @param scopes what this way in allows to anyone; without them, everything */
  admit(connection: Connection, scopes?: readonly Scope[]): void {
    const { random, limits, log, clock, counters, turn, line } = this.#options;
    const onOverflow = (reason: string): void => {
      counters.refuse(errorNumber.overloaded);
      log.warn('session too slow', { peer: connection.peer, reason });
      this.#leaveSoon(session, reason);
    };
    const outbox = new Outbox({
      connection,
      turn,
      line,
      limits,
      onShed: (reason, count) => counters.drop(reason, count),
      onOverflow,
    });
    const waiting = new WaitingLine({ limits, outbox, onOverflow });
    const door = scopes && new ScopedAccess(scopes);
    const session = new Session(random.uuid(), connection, { outbox, line: waiting, door });
    if (this.#sessions.size >= limits.sessionsMax) return this.#turnAway(session);
    this.#sessions.add(session);
    const cancelTimeout = clock.after(limits.helloTimeoutMs, () => {
      if (session.phase === 'waiting') this.#leave(session, 'no HELLO in time');
    });
    const inbox = this.#inboxOf(session);
    connection.onFrame((frame) => {
      if (session.phase === 'waiting') cancelTimeout();
      inbox.receive(frame);
    });
    connection.onClose((reason) => {
      cancelTimeout();
      const end = (): void => {
        inbox.drain();
        inbox.close();
        this.#leave(session, reason);
      };
      // What came behind a HELLO that is still looked at was sent in good faith.
      if (session.judging) void session.judging.then(end);
      else end();
    });
  }

  /** Sends what is on its way and ends all sessions. */
  close(reason: string): void {
    for (const session of [...this.#sessions]) this.#leave(session, reason);
    this.#cancelRevocations?.();
    this.#resumed.close();
    this.#away.close();
    this.#options.exchange.close();
    this.#options.scheduled.close();
  }

  #turnAway(session: Session): void {
    const { limits, counters, log } = this.#options;
    const message = `The router has all its ${limits.sessionsMax} sessions in use. Try again later.`;
    counters.refuse(errorNumber.overloaded);
    log.warn('session refused', { peer: session.connection.peer, sessionsMax: limits.sessionsMax });
    session.send({ type: messageType.error, code: errorNumber.overloaded, message });
    this.#leave(session, 'too many sessions');
  }

  #inboxOf(session: Session): SessionInbox {
    const { line, limits, log, counters } = this.#options;
    const { connection } = session;
    const inbox = new SessionInbox({
      connection,
      line,
      limits,
      arrived: () => this.#messages.meter?.arrived(),
      handle: (frame, arrivedAt) => {
        const cost = this.#messages.receive(session, frame, arrivedAt);
        if (session.judging) {
          inbox.hold();
          void session.judging.then(() => inbox.release());
        }
        return cost;
      },
      onOverflow: () => {
        counters.refuse(errorNumber.limitReached);
        log.warn('session sends too fast', { peer: connection.peer, bytesMax: limits.inboxBytesMax });
        this.#leave(session, 'sent faster than it was read');
      },
    });
    return inbox;
  }

  /** It has shown a token, perhaps another than before, or none was asked for. */
  #admitted(session: Session): void {
    const { clock } = this.#options;
    const { grant, access } = session;
    session.cancelExpiry?.();
    session.cancelExpiry =
      grant?.expiresAt === undefined
        ? undefined
        : clock.at(grant.expiresAt, () => this.#endRights(session, 'tokenExpired', 'The token has expired.'));
    if (access) this.#narrow(session, access);
  }

  /** What it holds, and may not take any more, is given up as if it had left. */
  #narrow(session: Session, access: Access): void {
    const { announced, exchange } = this.#options;
    const looks = { left: looksTogetherMax };
    for (const [id, subscription] of session.subscriptions) {
      if (access.mayAll('read', subscription.pattern, looks)) continue;
      session.subscriptions.delete(id);
      exchange.unsubscribe(subscription.pattern, subscription);
      const message = `The new token does not allow this subscription; it allows ${access.words}.`;
      this.#messages.refuse(session, { code: errorNumber.outOfScope, message, address: subscription.pattern });
    }
    announced.orphan(session.id, (pattern) => !access.mayAll('write', pattern, looks));
    session.locks.release(exchange.table, (address) => !access.may('write', address));
    exchange.gestures.leave(session, (address) => !access.may('write', address));
  }

  /** It is told why, and its session ends. */
  #endRights(session: Session, code: 'unauthorized' | 'tokenExpired', message: string): void {
    if (session.phase === 'open') this.#messages.refuse(session, { code: errorNumber[code], message });
    this.#leave(session, message);
  }

  /** It gets nothing more, and ends with the turn: what was too much for it may be the echo of a lock that is still to be noted,
   *  and what others do when it ends must not overtake what is being told. */
  #leaveSoon(session: Session, reason: string): void {
    session.shut();
    const last: ErrorMessage = { type: messageType.error, code: errorNumber.overloaded, message: reason };
    this.#options.line.atEnd(() => this.#leave(session, reason, last));
  }

  /** @param last what a peer is told that was too slow */
  #leave(session: Session, reason: string, last?: ErrorMessage): void {
    if (session.phase === 'closed') return;
    const { exchange, announced, log } = this.#options;
    const wasOpen = session.phase === 'open';
    session.shut();
    session.phase = 'closed';
    session.cancelExpiry?.();
    this.#sessions.delete(session);
    for (const subscription of session.subscriptions.values()) exchange.unsubscribe(subscription.pattern, subscription);
    session.locks.release(exchange.table);
    announced.orphan(session.id);
    exchange.gestures.leave(session);
    // Its own gestures' ends are not for itself.
    this.#away.keep(session);
    if (session.secret !== undefined) this.#resumed.leave(session.secret, session);
    const { connection } = session;
    connection.close(reason, last && frameFor(connection.framing, encodeFrame(last)));
    if (!wasOpen) return;
    log.info('session closed', { session: session.id, name: session.name, reason });
    this.#events.tell('closed', session, reason);
  }
}
