import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import { createAnsweredRequests } from './answered-requests.ts';
import type { RouterLimits } from './limits.ts';
import type { ResumedClient, Session } from './session.ts';

export interface ResumedClientsOptions {
  readonly clock: Clock;
  readonly limits: Pick<RouterLimits, 'answersMax' | 'resumableMax' | 'resumableMs'>;
}

/** Clients that may come back: what they asked for in an earlier session is known for a while. */
export class ResumedClients {
  readonly #options: ResumedClientsOptions;
  readonly #clients = new Map<string, { readonly client: ResumedClient; cancel: Cancel | undefined }>();

  constructor(options: ResumedClientsOptions) {
    this.#options = options;
  }

  /** @returns the client, with the session it had until now if that has not ended: nobody is behind it any more */
  join(secret: string, session: Session): { readonly client: ResumedClient; readonly older: Session | undefined } {
    const known = this.#clients.get(secret);
    known?.cancel?.();
    const client = known?.client ?? { answered: createAnsweredRequests(this.#options.limits), session: undefined };
    const older = client.session;
    client.session = session;
    this.#clients.delete(secret);
    this.#clients.set(secret, { client, cancel: undefined });
    this.#forgetBeyond();
    return { client, older };
  }

  /** A session has ended; its client is remembered for a while. */
  leave(secret: string, session: Session): void {
    const known = this.#clients.get(secret);
    if (!known || known.client.session !== session) return;
    known.client.session = undefined;
    known.cancel = this.#options.clock.after(this.#options.limits.resumableMs, () => this.#clients.delete(secret));
  }

  close(): void {
    for (const { cancel } of this.#clients.values()) cancel?.();
    this.#clients.clear();
  }

  /** Those that are away go first. */
  #forgetBeyond(): void {
    if (this.#clients.size <= this.#options.limits.resumableMax) return;
    for (const [secret, { client, cancel }] of this.#clients) {
      if (client.session) continue;
      cancel?.();
      this.#clients.delete(secret);
      return;
    }
  }
}
