import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { AppError } from '../../contract/errors.ts';
import { createHttpCaller, type HttpCallerOptions } from '../../platform/http-caller.ts';
import type { DialCard } from '../../ports/dial-card.ts';
import type { HttpAnswer } from '../../ports/http-caller.ts';

/** A question that the server answers when it has something to say; that it takes too long is the line's to find. */
const answerWithinMs = 24 * 3600 * 1000;

interface PollingRequestOptions {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | undefined;
  readonly data?: string | Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly card: DialCard;
  readonly tls: NonNullable<HttpCallerOptions['tls']>;
  /** of an answer */
  readonly bytesMax: number;
}

/** One question to a Socket.IO server by HTTP, with the events that the library looks at: `data` with what was answered, `success`, or
 *  `error` with the status, or `{ error }`. The library's own follows every redirect with all secrets, ends the process at one
 *  that leads nowhere, and reads answers without an end. */
export class PollingRequest extends EventEmitter {
  readonly #caller;

  /** Asks at once; its events come later. */
  constructor({ url, method = 'GET', data, headers, card, tls, bytesMax }: PollingRequestOptions) {
    super();
    const bounds = { answerBytesMax: bytesMax, timeoutMs: answerWithinMs, connectionsMax: 1 };
    this.#caller = createHttpCaller({ card, tls, ...bounds });
    const usual = { accept: '*/*', ...(method === 'POST' && { 'content-type': 'text/plain;charset=UTF-8' }) };
    const call = { url, method, headers: { ...usual, ...headers }, ...(method === 'POST' && { body: data ?? '' }) };
    void this.#caller.call(call).then(
      (answer) => this.#take(answer),
      (error: unknown) => this.#end(() => this.emit('error', redirectIn(error) ?? { error: causeOf(error) })),
    );
  }

  /** Nobody waits for it any more. */
  abort(): void {
    this.removeAllListeners().on('error', () => undefined);
    this.#caller.close();
  }

  #take({ status, body }: HttpAnswer): void {
    this.#end(() => {
      if (status !== 200) return this.emit('error', status);
      this.emit('data', Buffer.from(body).toString('utf8'));
      return this.emit('success');
    });
  }

  #end(tell: () => void): void {
    this.#caller.close();
    tell();
  }
}

function redirectIn(error: unknown): unknown {
  return error instanceof AppError ? error.details['status'] : undefined;
}

/** What Node says of a call tells more than that nobody answered. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}
