import { addressBytesMax } from '../../../contract/address.ts';
import { AppError, messageOf } from '../../../contract/errors.ts';
import type { Micros } from '../../../contract/units.ts';
import type { Log } from '../../../ports/log.ts';
import type { PlacedFrame } from '../../../ports/placed-frame.ts';
import type { TurnLine } from '../delivery/turn-line.ts';
import { decodePlaced, type Frame } from '../../protocol/frame.ts';
import { messageType, type HelloMessage, type Message } from '../../protocol/messages.ts';
import { costOf } from '../requests/message-cost.ts';
import { permit } from '../requests/permit.ts';
import { errorNumber, refusalOf, refusalOfRequest, type Refusal } from '../requests/refusal.ts';
import type { RequestContext } from '../requests/request-context.ts';
import { belongsToSession, changesSomething, requestOf, type Request } from '../requests/request.ts';
import { answer } from '../requests/requests.ts';
import type { RouterMeter } from '../router-meter.ts';
import type { Greeter } from './greeter.ts';
import type { SessionEvents } from './session-events.ts';
import type { SessionGuard } from './session-guard.ts';
import type { Session } from './session.ts';

export interface SessionMessagesOptions extends RequestContext {
  readonly log: Log;
  readonly line: TurnLine;
  readonly guard: Pick<SessionGuard, 'asksForTokens'>;
  readonly greeter: Greeter;
  readonly events: SessionEvents;
  readonly leave: (session: Session, reason: string) => void;
  /** a frame has been dealt with, whole */
  readonly onHandled: () => void;
}

/** What becomes of the frames of remote sessions: read, permitted, done once, and answered. */
export class SessionMessages {
  readonly #options: SessionMessagesOptions;
  meter: RouterMeter | undefined;

  constructor(options: SessionMessagesOptions) {
    this.#options = options;
  }

  /** @returns what it cost beside its bytes, in small messages */
  receive(session: Session, frame: PlacedFrame, arrivedAt: Micros | undefined): number {
    if (session.phase === 'closed') return 0;
    const decoded = this.#decode(session, frame);
    if (!decoded) return 0;
    const { message } = decoded;
    session.framesReceived++;
    this.#options.counters.read(message.type);
    session.badFramesInARow = 0;
    if (arrivedAt === undefined) this.#take(session, decoded);
    else {
      this.meter?.during(arrivedAt, () => this.#take(session, decoded));
      this.#options.line.atEnd(() => this.meter?.left(message, arrivedAt));
    }
    return costOf(message, this.#options.exchange);
  }

  #take(session: Session, decoded: Frame): void {
    if (session.phase === 'waiting') this.#options.greeter.greet(session, decoded);
    else this.#handle(session, decoded);
    this.#options.onHandled();
  }

  #decode(session: Session, frame: PlacedFrame): Frame | undefined {
    try {
      return decodePlaced(frame);
    } catch (error) {
      if (!(error instanceof AppError))
        this.#options.log.error('decoding failed', { reason: messageOf(error), cause: error });
      this.#countBad(session, refusalOf(error));
      return undefined;
    }
  }

  /** Where datagrams arrive on their own, anybody may have put them in: then it is answered no more, and left in peace. */
  #countBad(session: Session, refusal: Refusal): void {
    const { limits, counters, leave } = this.#options;
    const isEnough = ++session.badFramesInARow >= limits.badFramesInARowMax;
    if (isEnough && !session.connection.reliable && session.phase === 'open') return counters.refuse(refusal.code);
    this.refuse(session, refusal);
    if (session.phase === 'waiting') leave(session, 'the first frame is not a HELLO');
    else if (isEnough) leave(session, 'too many bad frames');
  }

  /** @returns whether it is one that came twice, or shows a new token */
  #greetAgain(session: Session, { message, timestamp, qos }: Frame & { readonly message: HelloMessage }): boolean {
    const { greeter, guard } = this.#options;
    if (timestamp !== undefined && timestamp === session.greetedBy) {
      greeter.sendWelcome(session);
      return true;
    }
    if (!guard.asksForTokens || message.token === undefined) return false;
    const request = requestOf(qos, session.client && timestamp);
    const crowded = permit(this.#options, { session, request }, message);
    if (crowded) {
      this.refuse(session, crowded, request);
      return true;
    }
    greeter.renew(session, message, (refusal) => {
      if (session.phase !== 'open') return;
      if (refusal) this.refuse(session, refusal, request);
      else session.reply({ type: messageType.ack }, request);
    });
    return true;
  }

  #handle(session: Session, { message, qos, timestamp }: Frame): void {
    // Only clients that say who they are give ids; the timestamps of others need not be unique.
    let request = requestOf(qos, session.client && timestamp);
    try {
      if (message.type === messageType.hello && this.#greetAgain(session, { message, timestamp, qos })) return;
      const left = this.#leftOf(session, message, request);
      if (!left) return;
      request = left;
      const asked = { session, request };
      const refusal = permit(this.#options, asked, message) ?? answer(this.#options, asked, message);
      if (refusal) this.refuse(session, refusal, request);
    } catch (error) {
      if (!(error instanceof AppError))
        this.#options.log.error('answering failed', { type: message.type, reason: messageOf(error), cause: error });
      this.refuse(session, refusalOfRequest(error), request);
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
  refuse(
    session: Session,
    { code, message, address }: Refusal,
    request: Pick<Request, 'id'> = { id: undefined },
  ): void {
    const { counters, clock, events } = this.#options;
    counters.refuse(code);
    events.tellRefused(session, { code, message, ...(address !== undefined && { address }) });
    if (session.phase !== 'open') return;
    const isAwaited = request.id !== undefined || code !== errorNumber.limitReached;
    if (!isAwaited && session.rates?.mayTell(clock.seen) === false) return;
    const isTellable = address !== undefined && address.length <= addressBytesMax;
    session.reply({ type: messageType.error, code, message, ...(isTellable && { address }) }, request);
  }
}
