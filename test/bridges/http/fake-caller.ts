import { UnavailableError } from '../../../src-main/contract/errors.ts';
import type { HttpAnswer, HttpCall, HttpCaller, HttpFailure } from '../../../src-main/ports/http-caller.ts';

export type Answer = Partial<Omit<HttpAnswer, 'body'>> & { readonly body?: string | Uint8Array };

/** Web servers that answer as a test says, and note what they are asked. */
export class FakeCaller implements HttpCaller {
  readonly calls: HttpCall[] = [];
  isClosed = false;
  reply: (call: HttpCall) => Answer | Error | Promise<Answer | Error>;

  constructor(reply: (call: HttpCall) => Answer | Error | Promise<Answer | Error> = () => ({})) {
    this.reply = reply;
  }

  async call(call: HttpCall): Promise<HttpAnswer> {
    this.calls.push(call);
    const reply = await this.reply(call);
    if (reply instanceof Error) throw reply;
    const { body = '' } = reply;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return { status: 200, retryAfter: undefined, headers: {}, ...reply, body: bytes };
  }

  close(): void {
    this.isClosed = true;
  }

  /** `POST /hook`, without what all URLs have in common */
  get asked(): string[] {
    return this.calls.map(({ method, url }) => `${method} ${url.replace('http://box', '')}`);
  }

  bodies(method = 'POST'): string[] {
    return this.calls.filter((call) => call.method === method).map(({ body }) => textOf(body));
  }
}

export function textOf(body: string | Uint8Array = ''): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** As the caller fails. */
export function failure(why: HttpFailure, message = 'x', code?: string): UnavailableError {
  const cause = Object.assign(new Error(message), code !== undefined && { code });
  return new UnavailableError('no-answer', 'http://box does not answer.', { url: 'http://box', why }, { cause });
}

export const refusedConnection = failure('network', 'connect ECONNREFUSED', 'ECONNREFUSED');
