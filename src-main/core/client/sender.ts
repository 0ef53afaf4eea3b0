import { LimitError, type AppError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { messageType } from '../protocol/messages.ts';
import { AnswerTickets } from './answer-tickets.ts';
import { Backlog } from './backlog.ts';
import type { ClientLimits } from './client-limits.ts';
import type { Outgoing, PlainFrame, Request } from './outgoing.ts';
import { Requests } from './requests.ts';
import { Resender } from './resender.ts';
import type { RouterLine } from './router-line.ts';

export interface SenderOptions {
  readonly clock: Clock;
  readonly limits: ClientLimits;
}

/** Everything on its way to the router, over all connections: what cannot leave waits here in order, and what has no answer
 *  when a connection ends leaves again on the next one, under the same id and before all that is newer. */
export class Sender {
  readonly requests: Requests;
  /** of the router that is there now, if it knows no ids */
  readonly tickets: AnswerTickets;
  /** frames left out, because they were worth nothing later */
  droppedTotal = 0;
  /** requests sent again */
  resentTotal = 0;
  readonly #options: SenderOptions;
  readonly #backlog = new Backlog();
  readonly #resender: Resender<Request>;
  #line: RouterLine | undefined;
  /** the connection takes nothing until it has drained */
  #isFull = false;

  constructor(options: SenderOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.tickets = new AnswerTickets(limits.ticketsMax);
    this.requests = new Requests({ clock, limits, onGone: (request) => this.#onGone(request) });
    this.#resender = new Resender<Request>({
      clock,
      first: limits.resendFirstMs,
      cap: limits.resendCapMs,
      resend: (request) => this.#resend(request),
    });
  }

  get line(): RouterLine | undefined {
    return this.#line;
  }

  /** frames that wait to be sent */
  get heldCount(): number {
    return this.#backlog.heldCount + this.requests.count;
  }

  get heldBytes(): number {
    return this.#backlog.heldBytes + this.requests.sizeBytes;
  }

  /** Sends it now, or later, or leaves it out, as it `waits`.
   *  @throws LimitError 'queue-full' | 'frame-too-large'; then it had no effect */
  submit(frame: Outgoing): void {
    if (this.#line && frame.bytes.length > this.#line.connection.maxBytes) throw this.#tooLarge(frame);
    if (frame.isRequest) {
      this.#assertRoom(frame);
      this.requests.add(frame);
    }
    if (this.#leaveAtOnce(frame)) return;
    if (frame.waits === 'never' || (frame.waits === 'session' && !this.#line)) {
      this.droppedTotal++;
      return;
    }
    if (!frame.isRequest) this.#assertRoom(frame);
    this.#backlog.add(frame);
  }

  /** A session begins.
   *  @param first what leaves before all else */
  open(line: RouterLine, first: readonly PlainFrame[]): void {
    const waiting = new Map<bigint, Outgoing>();
    for (const frame of [...this.requests.all(), ...this.#backlog.takeAll()]) waiting.set(frame.id, frame);
    const inOrder = [...waiting.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const frame of [...first, ...inOrder]) {
      if (frame.isRequest && frame.wasSent) this.resentTotal++;
      this.#backlog.add(frame);
    }
    this.#line = line;
    this.#isFull = false;
    this.#pump();
  }

  /** The session is over; what was meant for it alone goes with it. */
  lost(): void {
    this.#line = undefined;
    this.requests.lost();
    this.tickets.clear();
    this.#resender.stop();
    for (const frame of [...this.#backlog.frames()]) {
      if (frame.waits !== 'session') continue;
      this.#backlog.remove(frame);
      if (frame.message.type === messageType.publish) this.droppedTotal++;
    }
  }

  /** The connection takes frames again. */
  drained(): void {
    this.#isFull = false;
    this.#pump();
  }

  /** An answer came: it may have been what a commit was waiting for. */
  answered(): void {
    if (this.#line && !this.#line.connection.reliable) this.#pump();
  }

  /** Nothing will be sent any more. */
  failAll(error: AppError): void {
    this.requests.failAll(error);
    this.droppedTotal += this.#backlog.takeAll().length;
  }

  #leaveAtOnce(frame: Outgoing): boolean {
    const line = this.#line;
    if (!line || this.#isFull || !this.#mayLeave(frame, this.requests.commitsSent > 0)) return false;
    // What cannot wait need not stand in line.
    if (!this.#backlog.isEmpty && frame.waits !== 'never') return false;
    if (line.send([frame.bytes]) === 0) {
      this.#isFull = true;
      return false;
    }
    this.#left(frame, line);
    return true;
  }

  /** Where frames overtake each other and get lost, only one commit is under way, since nothing else keeps their order. */
  #mayLeave(frame: Outgoing, hasCommit: boolean): boolean {
    return !hasCommit || !frame.isRequest || !frame.isCommit || this.#line?.connection.reliable === true;
  }

  #pump(): void {
    const line = this.#line;
    if (!line || this.#isFull || this.#backlog.isEmpty) return;
    const ready = this.#ready(line);
    const taken = line.send(ready.map(({ bytes }) => bytes));
    for (const frame of ready.slice(0, taken)) {
      this.#backlog.remove(frame);
      this.#left(frame, line);
    }
    if (taken < ready.length) this.#isFull = true;
  }

  #ready({ connection }: RouterLine): Outgoing[] {
    const ready: Outgoing[] = [];
    let hasCommit = this.requests.commitsSent > 0;
    for (const frame of [...this.#backlog.frames()]) {
      if (!this.#mayLeave(frame, hasCommit)) break;
      if (frame.bytes.length > connection.maxBytes) {
        this.#giveUp(frame);
        continue;
      }
      ready.push(frame);
      hasCommit ||= frame.isRequest && frame.isCommit;
    }
    return ready;
  }

  #left(frame: Outgoing, line: RouterLine): void {
    if (!line.knowsIds) this.tickets.sent(frame);
    if (!frame.isRequest) return;
    this.requests.sent(frame);
    if (!line.knowsIds && frame.message.type === messageType.publish) {
      if (this.requests.end(frame)) frame.take('sent');
      return;
    }
    if (!line.connection.reliable) this.#resender.watch(frame);
  }

  #resend(request: Request): void {
    this.resentTotal++;
    // What is not taken now has its next turn.
    if (!this.#isFull) this.#line?.send([request.bytes]);
  }

  #giveUp(frame: Outgoing): void {
    this.#backlog.remove(frame);
    if (!frame.isRequest) this.droppedTotal++;
    else if (this.requests.end(frame)) frame.fail(this.#tooLarge(frame));
  }

  #onGone(request: Request): void {
    this.#backlog.remove(request);
    this.#resender.forget(request);
    this.tickets.forget(request);
  }

  #assertRoom(frame: Outgoing): void {
    const { queueMax, queueBytesMax } = this.#options.limits;
    const older = this.#backlog.replaced(frame);
    const count = this.heldCount - (older ? 1 : 0);
    const bytes = this.heldBytes - (older?.bytes.length ?? 0) + frame.bytes.length;
    if (count < queueMax && bytes <= queueBytesMax) return;
    const message = `${count} frames of ${this.heldBytes} bytes wait for the router already; try again later.`;
    throw new LimitError('queue-full', message, { queueMax, queueBytesMax });
  }

  #tooLarge({ bytes }: Outgoing): LimitError {
    const bytesMax = this.#line?.connection.maxBytes ?? 0;
    const message = `The connection carries frames of at most ${bytesMax} bytes, this one has ${bytes.length}.`;
    return new LimitError('frame-too-large', message, { bytesMax, bytes: bytes.length });
  }
}
