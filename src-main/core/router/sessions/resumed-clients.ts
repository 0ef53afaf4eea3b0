import type { Cancel } from '../../../contract/message-link.ts';
import { millisToMicros } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import { SharedRoom } from '../../bounds/shared-room.ts';
import { createAnsweredRequests } from './answered-requests.ts';
import { EarlierRequests, type EarlierAnswer } from './earlier-requests.ts';
import type { RouterLimits } from '../limits.ts';
import type { ResumedClient, Session } from './session.ts';

export interface ResumedClientsOptions {
  readonly clock: Clock;
  readonly limits: Pick<RouterLimits, 'answersMax' | 'answersTotalMax' | 'resumableMax' | 'resumableMs'>;
  /** a client is remembered no longer */
  readonly onForgotten: (client: ResumedClient) => void;
}

interface Joined {
  readonly client: ResumedClient;
  readonly older: Session | undefined;
  /** what the client is known by from now on */
  readonly secret: string;
}

/** Clients that may come back: what they asked for in an earlier session is known for a while. */
export class ResumedClients {
  readonly #options: ResumedClientsOptions;
  readonly #room: SharedRoom;
  readonly #clients = new Map<string, { readonly client: ResumedClient; cancel: Cancel | undefined }>();

  constructor(options: ResumedClientsOptions) {
    this.#options = options;
    this.#room = new SharedRoom(options.limits.answersTotalMax);
  }

  /** The clients of an earlier run of the router, before anyone has come in. They are remembered as if they had left now.
   *  @param answers in the order of being kept; what is too old or too much is left out, the oldest first */
  restore(answers: readonly EarlierAnswer[]): void {
    const { clock, limits } = this.#options;
    const oldest = clock.nowMicros() - millisToMicros(limits.resumableMs);
    const bySecret = new Map<string, EarlierAnswer[]>();
    for (const answer of answers) {
      if (answer.at < oldest) continue;
      const own = bySecret.get(answer.secret) ?? [];
      // Whoever was answered last comes last.
      bySecret.delete(answer.secret);
      bySecret.set(answer.secret, own);
      own.push(answer);
    }
    for (const [secret, own] of [...bySecret].slice(-limits.resumableMax)) {
      const earlier = new EarlierRequests(own.slice(-limits.answersMax));
      this.#clients.set(secret, { client: this.#newClient(earlier), cancel: this.#forgetLater(secret) });
    }
  }

  /** @param name of the secret and the rights of the session
   *  @returns the client, with the session it had until now if that has not ended: nobody is behind it any more */
  join(name: string, session: Session): Joined {
    const rights = session.access?.rights;
    const theirs = this.#clients.get(name)?.client.rights;
    // Names are short so that the journal keeps them: somebody may have made rights that give the name of others.
    const secret = theirs === undefined || theirs === rights ? name : `${name} ${rights ?? ''}`;
    const known = this.#clients.get(secret);
    known?.cancel?.();
    const client = known?.client ?? this.#newClient(undefined);
    const older = client.session;
    client.session = session;
    client.rights = rights;
    this.#clients.delete(secret);
    this.#clients.set(secret, { client, cancel: undefined });
    this.#forgetBeyond();
    return { client, older, secret };
  }

  /** The rights of a session have changed, and with them what its client is known by. */
  rename(session: Session, name: string): void {
    const { client, secret: before } = session;
    const known = before === undefined ? undefined : this.#clients.get(before);
    if (!client || before === undefined || known?.client !== client || client.session !== session) return;
    const secret = this.#clients.has(name) ? `${name} ${session.id}` : name;
    client.rights = session.access?.rights;
    session.secret = secret;
    this.#clients.delete(before);
    this.#clients.set(secret, known);
  }

  /** A session has ended; its client is remembered for a while. */
  leave(secret: string, session: Session): void {
    const known = this.#clients.get(secret);
    if (!known || known.client.session !== session) return;
    known.client.session = undefined;
    known.cancel = this.#forgetLater(secret);
    // Behind all that left before: a session of many hours may end and be back in a moment.
    this.#clients.delete(secret);
    this.#clients.set(secret, known);
  }

  close(): void {
    for (const { cancel } of this.#clients.values()) cancel?.();
    this.#clients.clear();
  }

  #newClient(earlier: EarlierRequests | undefined): ResumedClient {
    const { answersMax } = this.#options.limits;
    return { answered: createAnsweredRequests({ answersMax, room: this.#room }), earlier, session: undefined };
  }

  #forgetLater(secret: string): Cancel {
    const { clock, limits } = this.#options;
    return clock.after(limits.resumableMs, () => this.#forget(secret));
  }

  /** Those that are away go first, and of them those that left longest ago. */
  #forgetBeyond(): void {
    if (this.#clients.size <= this.#options.limits.resumableMax) return;
    for (const [secret, { client, cancel }] of this.#clients) {
      if (client.session) continue;
      cancel?.();
      return this.#forget(secret);
    }
  }

  #forget(secret: string): void {
    const client = this.#clients.get(secret)?.client;
    this.#clients.delete(secret);
    if (!client) return;
    client.answered.close();
    this.#options.onForgotten(client);
  }
}
