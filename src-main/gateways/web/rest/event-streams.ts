import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InputError, LimitError, UnavailableError } from '../../../contract/errors.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import { millis } from '../../../contract/units.ts';
import type { WebHost } from '../../web-service.ts';
import { WebGuest } from '../web-guest.ts';
import { bearerOf, queryTokenOf } from '../web-token.ts';
import { EventStream } from './event-stream.ts';

/** Streams at once, those included whose client may come back. */
export const streamsMax = 512;
/** Patterns of one stream. */
export const patternsMax = 32;
/** A client that lost its connection may come back for so long. */
export const comesBackWithin = millis(30_000);
export const beatEvery = millis(15_000);
/** Who does not read is told its end for so long. */
export const endsWithin = millis(5000);

interface Kept {
  readonly id: string;
  readonly stream: EventStream;
  readonly guest: WebGuest;
  /** who may take it up again: token and patterns */
  readonly owner: string;
  /** the connection that it goes to */
  response: ServerResponse | undefined;
  cancelBeat: Cancel | undefined;
  cancelForget: Cancel | undefined;
}

interface Asked {
  readonly patterns: readonly string[];
  readonly token: string | undefined;
  readonly owner: string;
}

/** Changes as Server-Sent Events: each stream is a session of its own, which ends half a minute after its client has gone. */
export class EventStreams {
  readonly #host: WebHost;
  readonly #kept = new Map<string, Kept>();
  /** cuts that are due for connections which have been told their end */
  readonly #cuts = new Set<Cancel>();
  #isOver = false;

  constructor(host: WebHost) {
    this.#host = host;
  }

  /** Answers `GET /api/events`.
   *  @throws as rejections: InputError; LimitError; as `AdmitForeign`; AppError with the router's refusal;
   *  UnavailableError 'link-closed' once it is stopped */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const asked = readAsked(request);
    const last = lastIdOf(request);
    const before = last && this.#kept.get(last.id);
    if (before && before.owner === asked.owner && this.#takeUp(before, last.number, reply)) return;
    const kept = await this.#open(request.raw, asked, last !== undefined);
    this.#attach(kept, reply);
  }

  stop(): void {
    this.#isOver = true;
    for (const kept of [...this.#kept.values()]) this.#end(kept, 'the way in shuts');
    // The door cuts whoever is left.
    for (const cancel of this.#cuts) cancel();
    this.#cuts.clear();
  }

  #takeUp(kept: Kept, number: number, reply: FastifyReply): boolean {
    if (!kept.stream.knowsAfter(number)) {
      this.#end(kept, 'its client begins anew');
      return false;
    }
    this.#attach(kept, reply);
    kept.stream.tellAfter(number);
    return true;
  }

  async #open(request: IncomingMessage, asked: Asked, isReturn: boolean): Promise<Kept> {
    this.#assertOpen();
    this.#makeRoom();
    const { clock, prefix, room } = this.#host;
    const id = randomBytes(16).toString('base64url');
    const stream = new EventStream(id, { onShed: () => this.#host.refuse('slow'), room });
    const session = await this.#host.admit(request, { name: 'Events', token: asked.token });
    const guest = new WebGuest({ session, prefix, deliver: (delivery) => stream.deliver(delivery) });
    try {
      this.#assertOpen();
      if (isReturn) stream.tell('reset', { reason: 'What happened meanwhile is not known any more.' });
      for (const pattern of asked.patterns) await guest.subscribe(pattern);
      this.#assertOpen();
    } catch (error) {
      guest.close('it is refused');
      stream.end();
      throw error;
    }
    stream.tell('given', { patterns: asked.patterns });
    const { owner } = asked;
    const kept: Kept = {
      id,
      stream,
      guest,
      owner,
      response: undefined,
      cancelBeat: undefined,
      cancelForget: undefined,
    };
    kept.cancelBeat = clock.after(beatEvery, () => this.#beat(kept));
    this.#kept.set(id, kept);
    session.onEnded((reason) => {
      stream.tell('ended', { reason });
      this.#end(kept, reason);
    });
    return kept;
  }

  /** The way in may have been shut while somebody was let in. */
  #assertOpen(): void {
    if (this.#isOver) throw new UnavailableError('link-closed', 'This way in is shut.');
  }

  #attach(kept: Kept, reply: FastifyReply): void {
    const { raw } = reply.hijack();
    kept.cancelForget?.();
    kept.cancelForget = undefined;
    raw.on('error', () => undefined);
    raw.on('close', () => {
      if (kept.response === raw) this.#forgetLater(kept);
    });
    kept.response = raw;
    // It may have gone while it was let in.
    if (raw.destroyed) return this.#forgetLater(kept);
    kept.stream.attach(raw);
  }

  /** Whoever is there goes before who may come back. */
  #makeRoom(): void {
    if (this.#kept.size < streamsMax) return;
    const away = [...this.#kept.values()].find(({ cancelForget }) => cancelForget);
    if (!away) throw new LimitError('queue-full', 'Too many clients listen at once.');
    this.#end(away, 'others listen');
  }

  #forgetLater(kept: Kept): void {
    kept.stream.detach();
    if (!this.#kept.has(kept.id)) return;
    kept.cancelForget = this.#host.clock.after(comesBackWithin, () => this.#end(kept, 'it did not come back'));
  }

  #beat(kept: Kept): void {
    kept.stream.beat();
    kept.cancelBeat = this.#host.clock.after(beatEvery, () => this.#beat(kept));
  }

  #end(kept: Kept, reason: string): void {
    if (!this.#kept.delete(kept.id)) return;
    kept.cancelBeat?.();
    kept.cancelForget?.();
    kept.stream.end();
    kept.guest.close(reason);
    const { response } = kept;
    if (response) this.#cutLater(response);
  }

  /** It may never read what it was told. */
  #cutLater(response: ServerResponse): void {
    if (response.destroyed || response.writableFinished) return;
    const forget = (): void => {
      cancel();
      this.#cuts.delete(cancel);
    };
    const cancel = this.#host.clock.after(endsWithin, () => {
      forget();
      response.destroy();
    });
    this.#cuts.add(cancel);
    response.once('close', forget);
  }
}

function readAsked({ query, raw }: FastifyRequest): Asked {
  const { pattern = '/**' } = query as { readonly pattern?: string | readonly string[] };
  const patterns = typeof pattern === 'string' ? [pattern] : pattern;
  if (patterns.length > patternsMax) throw new InputError('bad-arguments', `pattern: expected at most ${patternsMax}.`);
  const token = bearerOf(raw) ?? queryTokenOf(raw);
  const owner = createHash('sha256')
    .update(JSON.stringify([token ?? '', patterns]))
    .digest('base64');
  return { patterns, token, owner };
}

/** Of the header that an EventSource sends when it comes back. */
function lastIdOf({ headers }: FastifyRequest): { readonly id: string; readonly number: number } | undefined {
  const { 'last-event-id': written } = headers;
  if (typeof written !== 'string' || written === '') return undefined;
  const [, id = '', number = '0'] = /^([\w-]{22})\.(\d{1,15})$/.exec(written) ?? [];
  return { id, number: Number(number) };
}
