import { UnavailableError, type AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { tryAddress } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { messageType, type PublishMessage, type ReplayMessage, type SetMessage } from '../protocol/messages.ts';
import type { Asker } from './asker.ts';
import type { ClientLimits } from './client-limits.ts';
import type { Request } from './outgoing.ts';
import { receivedOf, type Received } from './received.ts';
import type { RouterLine } from './router-line.ts';
import type { Sender } from './sender.ts';

/** What a REPLAY gave. */
export interface PastPage {
  readonly signals: readonly Received[];
  /** whether the router gave as many as it was asked for, so that there may be more */
  readonly isFull: boolean;
}

export interface PastPagesOptions {
  readonly clock: Clock;
  readonly limits: Pick<ClientLimits, 'requestTimeoutMs' | 'replayPageMax'>;
  readonly asker: Pick<Asker, 'start'>;
  readonly sender: Pick<Sender, 'line' | 'requests'>;
  /** why nothing can be asked now */
  readonly hindrance: () => AppError | undefined;
  /** whether the past of a subscription is on its way */
  readonly isBusy: () => boolean;
  /** no page is under way any more: what had to wait for it may go */
  readonly onFree: () => void;
  /** The router owes us the end of a page, and nothing that it sends now can be told apart from it. */
  readonly onStuck: () => void;
}

interface Job {
  readonly message: ReplayMessage;
  readonly resolve: (page: PastPage) => void;
  readonly reject: (error: unknown) => void;
  readonly cancelTimeout: Cancel;
}

/** Asks for what happened, one page after the other: nothing in a frame tells which REPLAY it belongs to, nor that it does not
 *  belong to the past of a subscription. A page that a lost connection cut off is asked for again from its beginning. */
export class PastPages {
  readonly #options: PastPagesOptions;
  readonly #waiting: Job[] = [];
  #job: Job | undefined;
  #request: Request | undefined;
  #signals: Received[] = [];

  constructor(options: PastPagesOptions) {
    this.#options = options;
  }

  /** so many are asked for at a time */
  get pageMax(): number {
    return this.#options.limits.replayPageMax;
  }

  get isUnderWay(): boolean {
    return this.#job !== undefined;
  }

  /** @throws as rejections: the router's refusal; UnavailableError 'no-answer' | 'link-closed'; 'cannot-send' where the
   *    router or the link cannot do it */
  ask(message: ReplayMessage): Promise<PastPage> {
    const { clock, limits, hindrance } = this.#options;
    const hindered = hindrance();
    if (hindered) return Promise.reject(hindered);
    return new Promise((resolve, reject) => {
      const cancelTimeout = clock.after(limits.requestTimeoutMs, () => this.#timeOut(job));
      const job: Job = { message, resolve, reject, cancelTimeout };
      this.#waiting.push(job);
      this.goOn();
    });
  }

  /** Something may have made way for the next page. */
  goOn(): void {
    const { line } = this.#options.sender;
    if (!line || this.#job || this.#waiting.length === 0 || this.#options.isBusy()) return;
    const job = this.#waiting.shift();
    if (!job) return;
    const hindrance = hindranceOf(line);
    if (hindrance) {
      end(job, () => job.reject(hindrance));
      return this.goOn();
    }
    this.#start(job);
  }

  /** What happened at a time. @returns false when no page is under way */
  hear(message: SetMessage | PublishMessage, pastAt: Micros): boolean {
    if (!this.#job) return false;
    const address = tryAddress(message.address);
    if (address !== undefined) this.#signals.push({ ...receivedOf(message, address), pastAt });
    return true;
  }

  /** The session is over. */
  lost(): void {
    const [job, request] = [this.#job, this.#request];
    this.#clear();
    if (request) this.#options.sender.requests.end(request);
    if (job) this.#waiting.unshift(job);
  }

  failAll(error: AppError): void {
    const jobs = [...(this.#job ? [this.#job] : []), ...this.#waiting.splice(0)];
    this.#clear();
    for (const job of jobs) end(job, () => job.reject(error));
  }

  #start(job: Job): void {
    this.#job = job;
    const { limit = 0 } = job.message;
    // The router's own count: what it could not read is missing among the signals.
    const { request, answer } = this.#options.asker.start(job.message, 'confirm', (reply) =>
      reply !== 'sent' && 'type' in reply && reply.type === messageType.ack
        ? { value: Number(reply.revision ?? this.#signals.length) >= limit }
        : undefined,
    );
    this.#request = request;
    answer.then(
      (isFull) => this.#settle(job, (signals) => job.resolve({ signals, isFull })),
      (error: unknown) => this.#settle(job, () => job.reject(error)),
    );
  }

  #settle(job: Job, tell: (signals: readonly Received[]) => void): void {
    if (this.#job !== job) return;
    const signals = this.#signals;
    this.#clear();
    end(job, () => tell(signals));
    this.#options.onFree();
    this.goOn();
  }

  #timeOut(job: Job): void {
    const { limits, onStuck } = this.#options;
    const isUnderWay = this.#job === job;
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    const message = `The router did not replay within ${limits.requestTimeoutMs / 1000} s.`;
    job.reject(new UnavailableError('no-answer', message, { timeoutMs: limits.requestTimeoutMs, wasSent: isUnderWay }));
    if (!isUnderWay) return;
    if (this.#request) this.#options.sender.requests.end(this.#request);
    this.#clear();
    onStuck();
  }

  #clear(): void {
    this.#job = undefined;
    this.#request = undefined;
    this.#signals = [];
  }
}

function end(job: Job, tell: () => void): void {
  job.cancelTimeout();
  tell();
}

function hindranceOf({ knowsIds, connection }: RouterLine): AppError | undefined {
  if (!knowsIds)
    return new UnavailableError('cannot-send', 'This router does not tell when a replay ends, so none is asked of it.');
  if (!connection.reliable)
    return new UnavailableError('cannot-send', 'A replay over a link that loses frames would not be whole.');
  return undefined;
}
