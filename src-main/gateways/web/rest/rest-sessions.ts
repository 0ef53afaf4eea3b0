import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { LimitError, UnavailableError } from '../../../contract/errors.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import { millis } from '../../../contract/units.ts';
import { sourceOf } from '../../../core/discovery/source-of.ts';
import type { ForeignClient } from '../../../ports/gateway.ts';
import type { WebHost } from '../../web-service.ts';
import { WebGuest } from '../web-guest.ts';
import { bearerOf } from '../web-token.ts';

/** Sessions that are kept for requests to come. */
export const keptSessionsMax = 256;
/** A session that nobody asked anything for so long ends. */
export const sessionIdle = millis(60_000);

/** Who asks, as a session of the router. */
export interface RestClient {
  readonly guest: WebGuest;
  readonly session: ForeignClient;
  /** One after the other: for what takes the router longer. */
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>;
}

interface Kept {
  readonly client: Promise<RestClient>;
  /** requests under way */
  busy: number;
  cancelIdle: Cancel | undefined;
}

/** A request is short, a session is not: those of one token and one machine share one, so that the sessions, their limits and the
 *  audit log show who asks and not every question, and what is revoked ends at once. */
export class RestSessions {
  readonly #host: WebHost;
  /** by token and source, the one asked longest ago first */
  readonly #kept = new Map<string, Kept>();
  #isOver = false;

  constructor(host: WebHost) {
    this.#host = host;
  }

  /** @throws as rejections: as `AdmitForeign`; LimitError 'queue-full' when all sessions are asked at this moment;
   *  UnavailableError 'link-closed' once it is stopped; as `run` */
  async use<T>(request: IncomingMessage, run: (client: RestClient) => Promise<T>): Promise<T> {
    // Connections of the door outlive its services a little.
    if (this.#isOver) throw new UnavailableError('link-closed', 'This way in is shut.');
    const key = keyOf(request);
    const kept = this.#kept.get(key) ?? this.#open(key, request);
    kept.cancelIdle?.();
    kept.busy++;
    // Asked last, it is the last to make room.
    if (this.#kept.delete(key)) this.#kept.set(key, kept);
    try {
      return await run(await kept.client);
    } finally {
      kept.busy--;
      if (kept.busy === 0) this.#endLater(key, kept);
    }
  }

  stop(): void {
    this.#isOver = true;
    for (const key of [...this.#kept.keys()]) this.#end(key, 'the way in shuts');
  }

  #open(key: string, request: IncomingMessage): Kept {
    this.#makeRoom();
    const client = this.#admit(request);
    const kept: Kept = { client, busy: 0, cancelIdle: undefined };
    this.#kept.set(key, kept);
    client.then(
      ({ session }) => session.onEnded(() => this.#forget(key, kept)),
      () => this.#forget(key, kept),
    );
    return kept;
  }

  async #admit(request: IncomingMessage): Promise<RestClient> {
    const session = await this.#host.admit(request, { name: 'REST', isShared: true });
    const guest = new WebGuest({ session, prefix: this.#host.prefix, deliver: () => undefined });
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
      const done = last.then(run);
      last = done.catch(() => undefined);
      return done;
    };
    return { session, guest, inTurn };
  }

  #makeRoom(): void {
    if (this.#kept.size < keptSessionsMax) return;
    const [idle] = [...this.#kept].find(([, { busy }]) => busy === 0) ?? [];
    if (idle === undefined) throw new LimitError('queue-full', 'Too many clients ask at once.');
    this.#end(idle, 'others ask');
  }

  #endLater(key: string, kept: Kept): void {
    if (this.#kept.get(key) !== kept) return;
    kept.cancelIdle = this.#host.clock.after(sessionIdle, () => this.#end(key, 'it asked nothing for a minute'));
  }

  #end(key: string, reason: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#forget(key, kept);
    void kept.client.then(
      ({ guest }) => guest.close(reason),
      () => undefined,
    );
  }

  #forget(key: string, kept: Kept): void {
    kept.cancelIdle?.();
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
  }
}

/** The token itself is kept nowhere. */
function keyOf(request: IncomingMessage): string {
  const token = createHash('sha256').update(bearerOf(request) ?? '');
  return `${sourceOf(request.socket.remoteAddress ?? '')} ${token.digest('base64')}`;
}
