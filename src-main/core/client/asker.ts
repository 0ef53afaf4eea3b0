import { AppError, BugError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { encodeFrame } from '../protocol/frame.ts';
import { messageType, type Message, type Qos } from '../protocol/messages.ts';
import { fired, type Acknowledgement } from './acknowledgement.ts';
import type { Answer, PlainFrame, Request, Waits } from './outgoing.ts';
import { refusalIn } from './refusal-error.ts';
import type { RequestIds } from './request-ids.ts';
import type { Sender } from './sender.ts';

export interface AskerOptions {
  readonly clock: Clock;
  readonly ids: RequestIds;
  readonly sender: Sender;
  /** why nothing can be asked now */
  readonly hindrance: () => AppError | undefined;
}

/** @returns what the answer means; undefined when it is not the last one, or none at all */
export type Read<T> = (answer: Answer) => { readonly value: T } | undefined;

/** Makes frames of messages, and promises of answers. */
export class Asker {
  readonly #options: AskerOptions;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** Sends it and forgets it.
   *  @throws AppError, as a rejection, when it can neither leave nor wait */
  fire(message: Message): Promise<Acknowledgement> {
    return this.attempt(() => {
      this.#options.sender.submit(this.frame(message, waitsOf(message)));
      return Promise.resolve(fired);
    });
  }

  /** A frame for which nobody waits.
   *  @param qos else as its kind has it; with `isTracked`, its id stands in the header */
  frame(message: Message, waits: Waits, { qos, isTracked }: { qos?: Qos; isTracked?: boolean } = {}): PlainFrame {
    const id = this.#options.ids.next();
    const bytes = encodeFrame(message, { qos: qos ?? 'fire', ...(isTracked && { timestamp: id }) }).slice();
    return { isRequest: false, id, message, bytes, waits };
  }

  /** Sends it until it is answered. A refusal that `read` makes nothing of rejects.
   *  @throws AppError, as a rejection: the router's refusal, 'queue-full' | 'frame-too-large' | 'no-answer' | 'link-closed' */
  ask<T>(message: Message, qos: Qos, read: Read<T>): Promise<T> {
    return this.attempt(() => this.start(message, qos, read).answer);
  }

  /** As `ask`, for whom the request itself is of use. */
  start<T>(message: Message, qos: Qos, read: Read<T>): { readonly request: Request; readonly answer: Promise<T> } {
    const { clock, ids, sender } = this.#options;
    const settle: Settle<T> = { resolve: () => undefined, reject: () => undefined };
    const answer = new Promise<T>((resolve, reject) => {
      settle.resolve = resolve;
      settle.reject = reject;
    });
    const id = ids.next();
    const request: Request = {
      isRequest: true,
      id,
      message,
      bytes: encodeFrame(message, { qos, timestamp: id }).slice(),
      waits: 'always',
      madeAt: clock.nowMicros(),
      isCommit: qos === 'commit',
      isSent: false,
      wasSent: false,
      take: (reply) => {
        const meaning = read(reply);
        if (meaning) settle.resolve(meaning.value);
        const refusal = meaning ? undefined : refusalIn(reply);
        if (refusal) settle.reject(refusal);
        return meaning !== undefined || refusal !== undefined;
      },
      fail: (error) => settle.reject(error),
    };
    try {
      sender.submit(request);
    } catch (error) {
      settle.reject(appErrorOf(error));
    }
    return { request, answer };
  }

  /** Runs it unless nothing can be asked now; what it throws rejects. */
  attempt<T>(run: () => Promise<T>): Promise<T> {
    const hindrance = this.#options.hindrance();
    if (hindrance) return Promise.reject(hindrance);
    try {
      return run();
    } catch (error) {
      return Promise.reject(appErrorOf(error));
    }
  }
}

interface Settle<T> {
  resolve: (value: T) => void;
  reject: (error: AppError) => void;
}

function appErrorOf(error: unknown): AppError {
  return error instanceof AppError ? error : new BugError('Asking failed.', {}, { cause: error });
}

/** What becomes of a message that was fired and cannot leave at once: the newest value of a param is still wanted when the
 *  router comes back, an event is not, and a stream or a move has its successor already. */
export function waitsOf(message: Message): Waits {
  if (message.type === messageType.set) {
    const { lock, unlock, revision, ttl } = message;
    return lock || unlock || revision !== undefined || ttl !== undefined ? 'always' : 'newest';
  }
  if (message.type !== messageType.publish) return 'always';
  return message.kind === 'stream' || (message.kind === 'gesture' && message.phase === 'move') ? 'never' : 'session';
}
