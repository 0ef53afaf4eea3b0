import { UnavailableError, type AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, millisToMicros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { correlationOf } from '../protocol/correlation.ts';
import type { ClientLimits } from './client-limits.ts';
import type { Request } from './outgoing.ts';

export interface RequestsOptions {
  readonly clock: Clock;
  readonly limits: Pick<ClientLimits, 'requestTimeoutMs'>;
  /** it was answered or given up, whichever came first; told once */
  readonly onGone: (request: Request) => void;
}

/** Everything somebody waits for, until it is answered or its time is up. */
export class Requests {
  readonly #options: RequestsOptions;
  /** in the order of the calls, so the first is the first to run out of time */
  readonly #waiting = new Map<bigint, Request>();
  /** those that are sent, by what the router gives back */
  readonly #sent = new Map<number, Request>();
  #sizeBytes = 0;
  #commitsSent = 0;
  #cancelTimeout: Cancel | undefined;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** of their frames */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** without an answer on this connection */
  get commitsSent(): number {
    return this.#commitsSent;
  }

  add(request: Request): void {
    this.#waiting.set(request.id, request);
    this.#sizeBytes += request.bytes.length;
    this.#cancelTimeout ??= this.#planTimeout(request);
  }

  sent(request: Request): void {
    if (request.isSent) return;
    request.isSent = true;
    request.wasSent = true;
    if (request.isCommit) this.#commitsSent++;
    this.#sent.set(correlationOf(request.id), request);
  }

  /** The connection is gone: nothing counts as sent any more. */
  lost(): void {
    for (const request of this.#sent.values()) request.isSent = false;
    this.#sent.clear();
    this.#commitsSent = 0;
  }

  /** @param correlation the low 32 bits of an id */
  find(correlation: number): Request | undefined {
    return this.#sent.get(correlation);
  }

  /** in the order of the calls */
  all(): Iterable<Request> {
    return this.#waiting.values();
  }

  /** Takes it out; whoever calls has told or will tell how it ended.
   *  @returns false when it had ended before */
  end(request: Request): boolean {
    if (!this.#waiting.delete(request.id)) return false;
    this.#sizeBytes -= request.bytes.length;
    if (request.isSent) {
      this.#sent.delete(correlationOf(request.id));
      if (request.isCommit) this.#commitsSent--;
    }
    if (this.#waiting.size === 0) this.#stopTimeout();
    this.#options.onGone(request);
    return true;
  }

  failAll(error: AppError): void {
    for (const request of [...this.#waiting.values()]) if (this.end(request)) request.fail(error);
  }

  #planTimeout({ madeAt }: Request): Cancel {
    const { clock, limits } = this.#options;
    return clock.at(micros(madeAt + millisToMicros(limits.requestTimeoutMs)), () => this.#timeOut());
  }

  #timeOut(): void {
    const { clock, limits } = this.#options;
    const oldest = clock.nowMicros() - millisToMicros(limits.requestTimeoutMs);
    for (const request of [...this.#waiting.values()]) {
      if (request.madeAt > oldest) break;
      if (this.end(request)) request.fail(noAnswer(limits.requestTimeoutMs, request.wasSent));
    }
    const [next] = this.#waiting.values();
    this.#stopTimeout();
    if (next) this.#cancelTimeout = this.#planTimeout(next);
  }

  #stopTimeout(): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = undefined;
  }
}

function noAnswer(timeoutMs: number, wasSent: boolean): AppError {
  const known = wasSent ? 'it was sent, so it may have been done' : 'it was never sent';
  return new UnavailableError('no-answer', `The router did not answer within ${timeoutMs / 1000} s; ${known}.`, {
    timeoutMs,
    wasSent,
  });
}
