import { AppError, InputError, UnavailableError } from '../../contract/errors.ts';
import { refusedSchema, signatureHeaders } from '../../contract/rendezvous.ts';
import { micros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpAnswer, HttpCall, HttpCaller } from '../../ports/http-caller.ts';
import type { Signer } from '../../ports/signer.ts';
import { signedBytes } from './signed-request.ts';

export interface RendezvousServer {
  readonly http: HttpCaller;
  readonly clock: Clock;
  /** `http://host:7340`, with a path in front of `/api/v1` or without */
  readonly url: string;
  /** signs every request; unsigned without */
  readonly signer?: Signer;
}

export interface RendezvousCall extends Pick<HttpCall, 'method'> {
  /** JSON */
  readonly body?: string;
  /** behind `/api/v1`, with its slash and query */
  readonly path: string;
}

/** Calls one rendezvous server, one call at a time. Where its clock is another than ours, its time is learned from a refusal. */
export class RendezvousLine {
  readonly #server: RendezvousServer;
  readonly #base: string;
  /** the server's clock is ahead by so many µs */
  #offset = 0;
  #lastTime = 0;

  constructor(server: RendezvousServer) {
    this.#server = server;
    this.#base = `${server.url.replace(/\/+$/, '')}/api/v1`;
  }

  /** @returns the text of an answer that is a success
   *  @throws InputError 'unknown-id' for 404; AppError 'peer-refused' with `status` and perhaps `retryAfterSeconds` for what else is
   *  refused; UnavailableError 'no-answer' | 'peer-failed' */
  async ask(call: RendezvousCall): Promise<string> {
    const first = await this.#send(call);
    const serverTime = first.status === 401 ? refusalOf(first)?.serverTime : undefined;
    if (this.#server.signer === undefined || serverTime === undefined) return this.#read(first);
    this.#offset = serverTime - this.#server.clock.nowMicros();
    // What was taken before is later than this, perhaps; but never by what our own clock went wrong.
    this.#lastTime = 0;
    return this.#read(await this.#send(call));
  }

  #send({ method, path, body }: RendezvousCall): Promise<HttpAnswer> {
    const url = `${this.#base}${path}`;
    const headers = this.#sign({ method, target: targetOf(url) }, body ?? '');
    return this.#server.http.call({ method, url, headers, ...(body !== undefined && { body }) });
  }

  #sign(parts: { readonly method: string; readonly target: string }, body: string): Record<string, string> {
    const { signer } = this.#server;
    if (!signer) return {};
    const time = this.#nextTime();
    const signature = signer.sign(signedBytes({ ...parts, time }, new TextEncoder().encode(body)));
    return {
      [signatureHeaders.key]: signer.publicKey,
      [signatureHeaders.time]: String(time),
      [signatureHeaders.signature]: signature,
    };
  }

  /** Later than any before. */
  #nextTime(): Micros {
    const now = this.#server.clock.nowMicros() + this.#offset;
    const time = micros(Math.max(now, this.#lastTime + 1));
    this.#lastTime = time;
    return time;
  }

  #read(answer: HttpAnswer): string {
    const { status, retryAfter, body } = answer;
    const { url } = this.#server;
    if (status >= 200 && status < 300) return new TextDecoder().decode(body);
    const reason = refusalOf(answer)?.message ?? `it answers ${status}`;
    if (status === 404) throw new InputError('unknown-id', `The rendezvous server ${url} does not know it: ${reason}`);
    if (status >= 500) throw new UnavailableError('peer-failed', `The rendezvous server ${url} failed: ${reason}`);
    const details = { status, ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }) };
    throw new AppError('peer-refused', `The rendezvous server ${url} refuses: ${reason}`, details);
  }
}

function refusalOf({
  body,
}: HttpAnswer): { readonly message: string; readonly serverTime?: number | undefined } | undefined {
  const { success, data } = refusedSchema.safeParse(tryJson(new TextDecoder().decode(body)));
  return success ? data.error : undefined;
}

/** @returns undefined for what is no JSON */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a server sees of a URL: all behind the host. */
function targetOf(url: string): string {
  return /^[a-z]+:\/\/[^/]*(.*)$/i.exec(url)?.[1] ?? url;
}
