import { addressBytesMax } from '../../../contract/address.ts';
import { AppError, messageOf } from '../../../contract/errors.ts';
import type { Micros } from '../../../contract/units.ts';
import type { Log } from '../../../ports/log.ts';
import type { Random } from '../../../ports/random.ts';
import type { PlacedFrame } from '../../../ports/placed-frame.ts';
import type { Connection } from '../../../ports/transport.ts';
import { decodePlaced, encodeFrame, type Frame } from '../../protocol/frame.ts';
import { frameFor } from '../../protocol/framing.ts';
import { messageType, type ErrorMessage, type Message } from '../../protocol/messages.ts';
import { Outbox } from '../delivery/outbox.ts';
import { errorNumber, refusalOf, refusalOfRequest, type Refusal } from '../requests/refusal.ts';
import type { RequestContext } from '../requests/request-context.ts';
import { costOf } from '../requests/message-cost.ts';
import { belongsToSession, changesSomething, requestOf, type Request } from '../requests/request.ts';
import { answer } from '../requests/requests.ts';
import { AwayClients } from './away-clients.ts';
import { Greeter } from './greeter.ts';
import { ResumedClients } from './resumed-clients.ts';
import type { RouterMeter } from '../router-meter.ts';
import { Session, type SessionFigures } from './session.ts';
import { SessionInbox } from './session-inbox.ts';
import type { TurnLine } from '../delivery/turn-line.ts';
import type { Turn } from '../delivery/turn.ts';
import { WaitingLine } from '../delivery/waiting-line.ts';

export interface DoorOptions extends Omit<RequestContext, 'away'> {
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
  readonly #resumed: ResumedClients;
  readonly #greeter: Greeter;
  #meter: RouterMeter | undefined;

  constructor(options: DoorOptions) {
    this.#away = new AwayClients(options);
    this.#options = { ...options, away: this.#away };
    this.#resumed = new ResumedClients({ ...options, onForgotten: (client) => this.#away.forget(client) });
    this.#greeter = new Greeter({
      ...options,
      resumed: this.#resumed,
      away: this.#away,
      refuse: (session, refusal) => this.#refuse(session, refusal),
      leave: (session, reason) => this.#leave(session, reason),
    });
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
    this.#meter = meter;
  }

  nameOf(id: string): string | undefined {
    for (const session of this.#sessions) if (session.id === id) return session.name;
    return undefined;
  }

  admit(connection: Connection): void {
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
    const session = new Session(random.uuid(), connection, { outbox, line: waiting });
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
      inbox.drain();
      inbox.close();
      this.#leave(session, reason);
    });
  }

  /** Sends what is on its way and ends all sessions. */
  close(reason: string): void {
    for (const session of [...this.#sessions]) this.#leave(session, reason);
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
    return new SessionInbox({
      connection,
      line,
      limits,
      arrived: () => this.#meter?.arrived(),
      handle: (frame, arrivedAt) => this.#receive(session, frame, arrivedAt),
      onOverflow: () => {
        counters.refuse(errorNumber.limitReached);
        log.warn('session sends too fast', { peer: connection.peer, bytesMax: limits.inboxBytesMax });
        this.#leave(session, 'sent faster than it was read');
      },
    });
  }

  /** @returns what it cost beside its bytes, in small messages */
  #receive(session: Session, frame: PlacedFrame, arrivedAt: Micros | undefined): number {
    if (session.phase === 'closed') return 0;
    const decoded = this.#decode(session, frame);
    if (!decoded) return 0;
    const { message } = decoded;
    session.framesReceived++;
    this.#options.counters.read(message.type);
    session.badFramesInARow = 0;
    if (arrivedAt === undefined) this.#take(session, decoded);
    else {
      this.#meter?.during(arrivedAt, () => this.#take(session, decoded));
      this.#options.line.atEnd(() => this.#meter?.left(message, arrivedAt));
    }
    return costOf(message, this.#options.exchange);
  }

  #take(session: Session, decoded: Frame): void {
    if (session.phase === 'waiting') this.#greeter.greet(session, decoded);
    else this.#handle(session, decoded);
    this.#options.onHandled();
  }

  #decode(session: Session, frame: PlacedFrame): Frame | undefined {
    try {
      return decodePlaced(frame);
    } catch (error) {
      if (!(error instanceof AppError))
        this.#options.log.error('decoding failed', { reason: messageOf(error), cause: error });
      this.#refuse(session, refusalOf(error));
      session.badFramesInARow++;
      if (session.phase === 'waiting') this.#leave(session, 'the first frame is not a HELLO');
      else if (session.badFramesInARow >= this.#options.limits.badFramesInARowMax)
        this.#leave(session, 'too many bad frames');
      return undefined;
    }
  }

  #handle(session: Session, { message, qos, timestamp }: Frame): void {
    // Only clients that say who they are give ids; the timestamps of others need not be unique.
    let request = requestOf(qos, session.client && timestamp);
    try {
      if (message.type === messageType.hello && timestamp !== undefined && timestamp === session.greetedBy)
        return this.#greeter.sendWelcome(session);
      const left = this.#leftOf(session, message, request);
      if (!left) return;
      request = left;
      const refusal = answer(this.#options, { session, request }, message);
      if (refusal) this.#refuse(session, refusal, request);
    } catch (error) {
      if (!(error instanceof AppError))
        this.#options.log.error('answering failed', { type: message.type, reason: messageOf(error), cause: error });
      this.#refuse(session, refusalOfRequest(error), request);
    }
  }

  /** @returns what is to be done of the request; undefined when it came before: then it gets the same answer, once there is
   *    one */
  #leftOf(session: Session, message: Message, request: Request): Request | undefined {
    const { id } = request;
    const { client } = session;
    if (id === undefined || !client || !changesSomething(message.type)) return request;
    const known = client.answered.begin(id, belongsToSession(message.type) ? session.id : undefined);
    const earlier = known === 'new' ? client.earlier?.recall(message, request) : undefined;
    if (known === 'new' && (!earlier || 'kept' in earlier))
      return earlier ? { ...request, halfKept: earlier } : request;
    this.#options.counters.repeatedTotal++;
    if (earlier && !('kept' in earlier)) session.reply(earlier, request);
    else if (known !== 'pending' && known !== 'new') session.send(known);
    return undefined;
  }

  /** Counts, and tells the sender unless it has not been greeted: such peers are closed without a word. */
  #refuse(
    session: Session,
    { code, message, address }: Refusal,
    request: Pick<Request, 'id'> = { id: undefined },
  ): void {
    this.#options.counters.refuse(code);
    if (session.phase !== 'open') return;
    const isTellable = address !== undefined && address.length <= addressBytesMax;
    session.reply({ type: messageType.error, code, message, ...(isTellable && { address }) }, request);
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
    if (wasOpen) log.info('session closed', { session: session.id, name: session.name, reason });
  }
}
