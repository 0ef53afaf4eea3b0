import type { HttpAnswer, HttpCall, HttpCaller } from '../../../src-main/ports/http-caller.ts';
import type { Signer } from '../../../src-main/ports/signer.ts';
import { alice } from './rendezvous-samples.ts';

/** An answer with its body as text. */
export type Answer = Partial<Omit<HttpAnswer, 'body'>> & { readonly body?: string };
export type Reply = Answer | Error | Promise<Answer>;

/** A web server in this process that notes who asks, and answers as a test says. */
export class FakeServer implements HttpCaller {
  readonly calls: HttpCall[] = [];
  reply: (call: HttpCall) => Reply;

  constructor(reply: (call: HttpCall) => Reply) {
    this.reply = reply;
  }

  /** `POST /register`, without what all URLs have in common */
  get asked(): string[] {
    return this.calls.map(({ method, url }) => `${method} ${url.replace('http://finder:7340/api/v1', '')}`);
  }

  async call(call: HttpCall): Promise<HttpAnswer> {
    this.calls.push(call);
    const reply = await this.reply(call);
    if (reply instanceof Error) throw reply;
    const body = new TextEncoder().encode(reply.body);
    return { status: 200, retryAfter: undefined, headers: {}, ...reply, body };
  }

  close(): void {
    this.calls.length = 0;
  }
}

/** As a rendezvous server that is well. */
export function healthy({ method, url }: HttpCall): Answer {
  if (url.endsWith('/register')) return { status: 201, body: JSON.stringify({ id: 'one', timestamp: 1, ttl: 300 }) };
  return { status: method === 'DELETE' ? 204 : 200 };
}

export const fakeSigner: Signer = { publicKey: alice, sign: (bytes) => `signed ${new TextDecoder().decode(bytes)}` };
