import { AppError, ProtocolError, messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { registeredSchema, type Registered, type RegistrationInput } from '../../contract/rendezvous.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { Random } from '../../ports/random.ts';
import { createBackoff, type Backoff } from '../retry/backoff.ts';
import { settleWithin } from '../retry/settle-within.ts';
import { RendezvousLine, tryJson, type RendezvousServer } from './rendezvous-call.ts';

export const clientTimes = {
  refreshEvery: millis(120_000),
  retryFirst: millis(1000),
  retryCap: millis(60_000),
  /** the end of a show waits no longer for a server */
  goodbyeWithin: millis(1000),
} as const;

export interface RendezvousClientOptions extends RendezvousServer {
  readonly random: Random;
  /** what is told, asked for at each registration */
  readonly registration: () => RegistrationInput | Promise<RegistrationInput>;
  readonly onState?: (state: RendezvousState) => void;
}

export interface RendezvousState {
  readonly url: string;
  readonly state: 'registering' | 'registered' | 'failing';
  /** what the server calls it; undefined: it does not know it */
  readonly id: string | undefined;
  /** a sentence, while it fails */
  readonly reason: string | undefined;
}

/** Keeps one device registered at one rendezvous server, for ever: refreshed in time, registered anew where the server has forgotten
 *  it, tried again where there is none. Starts at once.
 *  @see CLASP-WIRE §13 */
export class RendezvousClient {
  readonly #options: RendezvousClientOptions;
  readonly #line: RendezvousLine;
  readonly #backoff: Backoff;
  #registered: Registered | undefined;
  #reason: string | undefined;
  #cancel: Cancel | undefined;
  #working: Promise<void>;
  #stopped: Promise<void> | undefined;

  constructor(options: RendezvousClientOptions) {
    const { random } = options;
    this.#options = options;
    this.#line = new RendezvousLine(options);
    this.#backoff = createBackoff({ random, first: clientTimes.retryFirst, cap: clientTimes.retryCap });
    this.#working = this.#work();
  }

  state(): RendezvousState {
    const id = this.#registered?.id;
    const state = this.#reason !== undefined ? 'failing' : id === undefined ? 'registering' : 'registered';
    return { url: this.#options.url, state, id, reason: this.#reason };
  }

  /** Takes it out again, if the server answers within a second. Never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#leave();
    return this.#stopped;
  }

  async #leave(): Promise<void> {
    this.#cancel?.();
    await settleWithin(this.#options.clock, clientTimes.goodbyeWithin, this.#sayGoodbye());
  }

  async #sayGoodbye(): Promise<void> {
    // What is under way may be what makes us known.
    await this.#working;
    const { id } = this.#registered ?? {};
    if (id === undefined) return;
    const path = `/unregister/${encodeURIComponent(id)}`;
    // Its time is over there soon anyway.
    await this.#line.ask({ method: 'DELETE', path }).catch(() => undefined);
  }

  async #work(): Promise<void> {
    let wait: Millis;
    try {
      await this.#makeKnown();
      this.#reason = undefined;
      this.#backoff.reset();
      wait = this.#refreshAfter();
    } catch (error) {
      this.#reason = messageOf(error);
      wait = retryAfter(error, this.#backoff.next());
    }
    this.#options.onState?.(this.state());
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(wait, () => {
      this.#working = this.#work();
    });
  }

  async #makeKnown(): Promise<void> {
    if (this.#registered && (await this.#refresh(this.#registered))) return;
    const body = JSON.stringify(await this.#options.registration());
    const answer = await this.#line.ask({ method: 'POST', path: '/register', body });
    const { success, data } = registeredSchema.safeParse(tryJson(answer));
    if (!success)
      throw new ProtocolError('bad-message', `${this.#options.url} does not answer as a rendezvous server.`);
    this.#registered = data;
  }

  /** @returns false where the server does not know it any more */
  async #refresh({ id }: Registered): Promise<boolean> {
    try {
      await this.#line.ask({ method: 'POST', path: `/refresh/${encodeURIComponent(id)}` });
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unknown-id') throw error;
      this.#registered = undefined;
      return false;
    }
  }

  /** Three tries fit into the time of an entry. */
  #refreshAfter(): Millis {
    const seconds = this.#registered?.ttl ?? 0;
    return millis(Math.min(clientTimes.refreshEvery, Math.max(1000, (seconds * 1000) / 2.5)));
  }
}

/** What a server asks for, up to its usual sweep and a little more. */
function retryAfter(error: unknown, wait: Millis): Millis {
  const seconds = error instanceof AppError ? error.details['retryAfterSeconds'] : undefined;
  return typeof seconds === 'number' ? millis(Math.max(wait, Math.min(seconds, 300) * 1000)) : wait;
}
